#include <cstddef>
#include <cstdint>

#include "src/io/pnm.h"
#include "tests/fuzz/check_picture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto guide = [](dkn::Bytes bytes, dkn::ReadOptions options) {
    options.guide = true;
    return dkn::ParsePnm(bytes, options);
  };
  dkn::CheckPicture(guide, {data, size});
  return dkn::CheckPicture(dkn::ParsePnm, {data, size});
}
