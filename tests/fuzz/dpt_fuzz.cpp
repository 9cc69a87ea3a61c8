#include <cstddef>
#include <cstdint>

#include "src/io/dpt.h"
#include "tests/fuzz/check_error.h"
#include "tests/fuzz/round_trip.h"

// Any bytes: an Error, or an image that is the bytes behind the header.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dkn::ReadOptions options;
  options.max_pixels = dkn::kFuzzPixels;
  try {
    const dkn::Image image = dkn::ParseDpt({data, size}, options).image;
    if (image.empty() || image.channels() != 1 || 12 + sizeof(float) * image.size() != size) {
      __builtin_trap();
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
