#include <cstddef>
#include <cstdint>

#include "src/io/image_codecs.h"
#include "tests/fuzz/check_picture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return dkn::CheckPicture(dkn::DecodeTiff, {data, size}, true);
}
