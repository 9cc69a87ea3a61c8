#include <cstddef>
#include <cstdint>

#include "src/io/pfm.h"
#include "tests/fuzz/check_error.h"
#include "tests/fuzz/round_trip.h"

// Any bytes: an Error, or an image that written and read again is the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dkn::ReadOptions options;
  options.max_pixels = dkn::kFuzzPixels;
  dkn::ImageFile file;
  try {
    file = dkn::ParsePfm({data, size}, options);
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
    return 0;
  }
  const dkn::ImageFile again = dkn::ParsePfm(dkn::FormatPfm(file.image), options);
  if (again.type != file.type || !dkn::SameBits(again.image, file.image)) {
    __builtin_trap();
  }
  return 0;
}
