// Writes an image with dkn::io and reads it back: consumer_io FILE.png.

#include <cstdio>

#include "dkn/error.h"
#include "dkn/image.h"
#include "dkn/io.h"

int main(int, char** arguments) {
  try {
    dkn::Image depth(5, 3);
    depth(4, 2) = 1234.0f;
    dkn::WriteImage(arguments[1], depth, dkn::SampleType::kUint16);
    const dkn::ImageFile file = dkn::ReadImage(arguments[1]);
    const bool same = file.type == dkn::SampleType::kUint16 && file.image.width() == 5 &&
                      file.image.height() == 3 && file.image(4, 2) == 1234.0f;
    std::printf("%s\n", same ? "read what was written" : "read something else");
    return same ? 0 : 1;
  } catch (const dkn::Error& error) {
    std::printf("%s\n", error.what());
    return 1;
  }
}
