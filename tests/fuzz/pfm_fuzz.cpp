#include <cstddef>
#include <cstdint>

#include "src/io/pfm.h"
#include "tests/fuzz/check_error.h"
#include "tests/fuzz/round_trip.h"

// Any bytes: an Error, or an image that written and read again is the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dkn::ReadOptions options;
  options.max_pixels = dkn::kFuzzPixels;
  dkn::Image image;
  try {
    image = dkn::ImageOf(dkn::ParsePfm({data, size}, options));
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
    return 0;
  }
  if (!dkn::SameBits(dkn::ImageOf(dkn::ParsePfm(dkn::FormatPfm(image), options)), image)) {
    __builtin_trap();
  }
  return 0;
}
