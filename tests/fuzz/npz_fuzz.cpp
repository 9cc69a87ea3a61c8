#include <cstddef>
#include <cstdint>

#include "src/io/npz.h"
#include "tests/fuzz/check_error.h"
#include "tests/fuzz/round_trip.h"

// Any bytes: an Error, or a frame within the limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dkn::ReadOptions options;
  options.max_pixels = dkn::kFuzzPixels;
  for (const char* name : {"", "a"}) {
    options.name = name;
    try {
      const dkn::FrameBuffer frame = dkn::ParseNpz({data, size}, options);
      if (frame.empty() || frame.bytes() > std::size_t{64} * dkn::kFuzzPixels) {
        __builtin_trap();
      }
    } catch (const dkn::Error& error) {
      dkn::CheckErrorText(error);
    }
  }
  return 0;
}
