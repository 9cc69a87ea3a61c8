#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "src/io/packed_depth.h"
#include "tests/fuzz/check_error.h"

// A line that tells how depth is packed, and behind it pixels: an Error, or as many values.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::uint8_t* const line_end = std::find(data, data + size, '\n');
  const auto bytes = static_cast<std::size_t>(data + size - line_end);
  try {
    const std::string text(data, line_end);
    const int channels = dkn::ParsePacking(text).Channels();
    const auto type = channels == 1 ? dkn::SampleType::kUint16 : dkn::SampleType::kUint8;
    const std::size_t pixel = dkn::SampleBytes(type) * static_cast<std::size_t>(channels);
    const auto width = static_cast<int>(bytes / pixel);
    if (width > 0) {
      const dkn::FrameBuffer depth = dkn::Unpack({line_end, type, width, 1, channels}, text);
      if (depth.width() != width || depth.channels() != 1) {
        __builtin_trap();
      }
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
