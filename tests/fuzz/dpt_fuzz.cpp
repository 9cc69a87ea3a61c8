#include <cstddef>
#include <cstdint>

#include "src/io/dpt.h"
#include "tests/fuzz/check_error.h"
#include "tests/fuzz/round_trip.h"

// Any bytes: an Error, or a frame that is the bytes behind the header.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dkn::ReadOptions options;
  options.max_pixels = dkn::kFuzzPixels;
  try {
    const dkn::FrameBuffer frame = dkn::ParseDpt({data, size}, options);
    if (frame.empty() || frame.channels() != 1 || 12 + frame.bytes() != size) {
      __builtin_trap();
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
