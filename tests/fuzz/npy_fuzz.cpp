#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "src/io/npy.h"
#include "tests/fuzz/check_error.h"
#include "tests/fuzz/round_trip.h"

// Any bytes: an Error, or a frame that written and read again is the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dkn::ReadOptions options;
  options.max_pixels = dkn::kFuzzPixels;
  std::vector<std::string> notes;
  options.notes = &notes;
  dkn::FrameBuffer frame;
  try {
    frame = dkn::ParseNpy({data, size}, options);
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
    return 0;
  }
  const dkn::FrameBuffer again = dkn::ParseNpy(dkn::FormatNpy(frame), options);
  const auto* const bytes = frame.As<std::uint8_t>();
  if (again.type() != frame.type() || again.width() != frame.width() ||
      again.channels() != frame.channels() || again.bytes() != frame.bytes() ||
      !std::equal(bytes, bytes + frame.bytes(), again.As<std::uint8_t>())) {
    __builtin_trap();
  }
  return 0;
}
