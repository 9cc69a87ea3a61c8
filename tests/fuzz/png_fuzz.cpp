#include <cstddef>
#include <cstdint>

#include "src/io/image_codecs.h"
#include "tests/fuzz/check_picture.h"

// As a picture, and as labels.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dkn::CheckPicture(dkn::DecodePngLabels, {data, size});
  return dkn::CheckPicture(dkn::DecodePng, {data, size});
}
