#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "src/io/raw_format.h"
#include "tests/fuzz/check_error.h"

// A line that tells sizes and pixel formats, and behind it bytes of a frame: an Error, or formats
// within the limits, whose text is read as the same; what bytes seem to be has a name that there
// is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::uint8_t* const line_end = std::find(data, data + size, '\n');
  const dkn::Bytes frame{line_end, static_cast<std::size_t>(data + size - line_end)};
  try {
    const dkn::RawFormat format = dkn::ParseRawFormat(std::string(data, line_end));
    const dkn::RawFormat again = dkn::ParseRawFormat(format.target.Text());
    if (again.target.FrameBytes() != format.target.FrameBytes() ||
        format.target.FrameBytes() > std::size_t{16} * dkn::kMaxPixels) {
      __builtin_trap();
    }
    dkn::FittingFormats(size, format.target);
    std::vector<std::uint8_t> bytes(frame.begin(), frame.end());
    dkn::SwapBytes(format.target.pixel, bytes);
    dkn::SwapBytes(format.target.pixel, bytes);
    if (!std::equal(bytes.begin(), bytes.end(), frame.begin())) {
      __builtin_trap();
    }
    // A guide's bytes become a whole frame, whatever they are.
    constexpr std::size_t kMost = 1 << 16;
    if (format.guide && format.guide->ReadyBytes() <= kMost) {
      std::vector<std::uint8_t> guide(format.guide->FrameBytes());
      std::copy_n(frame.begin(), std::min(frame.size(), guide.size()), guide.begin());
      std::vector<std::uint8_t> memory;
      dkn::ToProcessor(*format.guide, guide, memory);
      if (guide.size() != format.guide->ReadyBytes()) {
        __builtin_trap();
      }
    }
    const auto seemed = dkn::SeemedFormat(frame);
    if (seemed) {
      dkn::ParseRawFormat("1x1," + *seemed);
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
