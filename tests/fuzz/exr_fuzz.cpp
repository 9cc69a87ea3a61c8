#include <cstddef>
#include <cstdint>

#include "src/io/image_codecs.h"
#include "tests/fuzz/check_picture.h"

// As a target and as a guide; the channel Z by its name too.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const char* name : {"", "Z"}) {
    for (const bool guide : {false, true}) {
      const auto decode = [&](dkn::Bytes bytes, dkn::ReadOptions options) {
        options.name = name;
        options.guide = guide;
        return dkn::DecodeExr(bytes, options);
      };
      dkn::CheckPicture(decode, {data, size});
    }
  }
  return 0;
}
