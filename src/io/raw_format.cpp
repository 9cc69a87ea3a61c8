#include "src/io/raw_format.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "dkn/error.h"

namespace dkn {
namespace {

static_assert(std::endian::native == std::endian::little, "frames have the processor's order");

constexpr SampleType kU8 = SampleType::kUint8;
constexpr SampleType kU16 = SampleType::kUint16;
constexpr ChannelOrder kRgb = ChannelOrder::kRgb;
constexpr ChannelOrder kBgr = ChannelOrder::kBgr;
constexpr PixelFormat kFormats[] = {{"gray", kU8},
                                    {"gray8", kU8},
                                    {"gray10le", kU16},
                                    {"gray12le", kU16},
                                    {"gray14le", kU16},
                                    {"gray16le", kU16},
                                    {"gray16be", kU16, 1, kRgb, true},
                                    {"grayf16le", SampleType::kFloat16},
                                    {"grayf16be", SampleType::kFloat16, 1, kRgb, true},
                                    {"grayf32le", SampleType::kFloat32},
                                    {"grayf32be", SampleType::kFloat32, 1, kRgb, true},
                                    {"rgb24", kU8, 3},
                                    {"bgr24", kU8, 3, kBgr},
                                    {"rgba", kU8, 4},
                                    {"bgra", kU8, 4, kBgr},
                                    {"rgb48le", kU16, 3},
                                    {"rgb48be", kU16, 3, kRgb, true},
                                    {"nv12", kU8, 3, kRgb, false, YuvLayout::kNv12},
                                    {"nv21", kU8, 3, kRgb, false, YuvLayout::kNv21},
                                    {"yuv420p", kU8, 3, kRgb, false, YuvLayout::kI420},
                                    {"yuvj420p", kU8, 3, kRgb, false, YuvLayout::kI420, true},
                                    {"yuyv422", kU8, 3, kRgb, false, YuvLayout::kYuyv},
                                    {"uyvy422", kU8, 3, kRgb, false, YuvLayout::kUyvy}};
constexpr const char* kUsualTarget = "gray16le";
constexpr const char* kUsualGuide = "rgb24";

// Sizes of depth cameras and of what data sets hold.
constexpr PixelSize kSizes[] = {
    {80, 60},    {160, 90},   {160, 120}, {176, 144},   {180, 240},   {224, 172},  {240, 180},
    {256, 192},  {320, 180},  {320, 240}, {320, 288},   {424, 240},   {480, 270},  {480, 360},
    {512, 424},  {512, 512},  {640, 360}, {640, 400},   {640, 480},   {640, 576},  {768, 576},
    {848, 480},  {1024, 768}, {960, 540}, {1024, 1024}, {1216, 352},  {1242, 375}, {1280, 720},
    {1280, 800}, {1280, 960}, {800, 600}, {1280, 1024}, {1920, 1080}, {1920, 1440}};

const PixelFormat* FindFormat(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                         [&](const PixelFormat& row) { return name == row.name; });
  return found == std::end(kFormats) ? nullptr : found;
}

std::string FormatNames() {
  std::string names;
  for (const PixelFormat& format : kFormats) {
    names += (names.empty() ? "" : ", ") + std::string(format.name);
  }
  return names;
}

// Of a size and, where a comma follows it, a pixel format.
std::optional<RawStream> ParseStream(std::string_view text, const char* usual) {
  const std::size_t comma = text.find(',');
  const std::optional<PixelSize> size = ParseSize(text.substr(0, comma));
  const bool told = comma != std::string_view::npos;
  const std::string_view name = told ? text.substr(comma + 1) : usual;
  const bool another_size = !name.empty() && name.front() >= '0' && name.front() <= '9';
  if (!size || another_size) {
    return std::nullopt;
  }
  const PixelFormat* const format = FindFormat(name);
  if (format == nullptr) {
    throw Error("'" + std::string(name) + "' is no pixel format of raw frames; expected " +
                FormatNames() +
                (name == "depth16" ? "; its bits are told by --packed depth16" : ""));
  }
  return RawStream{*size, *format, told};
}

// "3 frames of 80x60 gray16le", empty where the bytes are not whole frames.
std::string FramesText(std::uint64_t bytes, const RawStream& stream) {
  const std::uint64_t frame = stream.FrameBytes();
  if (bytes == 0 || bytes % frame != 0) {
    return "";
  }
  return (bytes == frame ? "one frame" : std::to_string(bytes / frame) + " frames") + " of " +
         stream.Text();
}

// Values of a frame taken as floats, of which most are as large as depth, in whatever unit.
bool SeemsFloat(Bytes frame) {
  std::size_t depths = 0;
  const std::size_t count = frame.size() / sizeof(float);
  for (std::size_t i = 0; i < count; ++i) {
    float value = 0.0f;
    std::memcpy(&value, frame.data() + i * sizeof(value), sizeof(value));
    const float size = std::abs(value);
    const bool depth = size >= 1e-3f && size <= 1e5f;
    if (!depth && std::isfinite(value) && value != 0.0f) {
      return false;
    }
    depths += depth ? 1 : 0;
  }
  return 2 * depths > count;
}

// Whether taking the two bytes of each value in the other order makes neighbours much more alike,
// though in most values neither byte is 0: of small values, and of multiples of 256, nobody knows.
bool SeemsTurned(Bytes frame) {
  constexpr double kMuch = 8.0;
  double as_is = 0.0;
  double turned = 0.0;
  std::size_t zeros = 0;
  for (std::size_t i = 2; i + 1 < frame.size(); i += 2) {
    const auto value = [&](std::size_t low, std::size_t high) {
      return frame[low] + 256.0 * frame[high];
    };
    as_is += std::abs(value(i, i + 1) - value(i - 2, i - 1));
    turned += std::abs(value(i + 1, i) - value(i - 1, i - 2));
    zeros += frame[i] == 0 || frame[i + 1] == 0 ? 1 : 0;
  }
  const bool one_byte = 2 * zeros > frame.size() / 2;
  return !one_byte && turned > 0.0 && as_is > kMuch * turned;
}

}  // namespace

std::size_t RawStream::FrameBytes() const {
  return pixel.yuv == YuvLayout::kNone ? ReadyBytes() : YuvFrameBytes(pixel.yuv, size);
}

std::size_t RawStream::ReadyBytes() const {
  return pixel.Bytes() * static_cast<std::size_t>(size.width) *
         static_cast<std::size_t>(size.height);
}

std::string RawStream::Text() const {
  return std::to_string(size.width) + "x" + std::to_string(size.height) + "," + pixel.name;
}

ConstFrame RawStream::FrameIn(const std::vector<std::uint8_t>& bytes) const {
  ConstFrame frame(bytes.data(), pixel.type, size.width, size.height, pixel.channels);
  frame.order = pixel.order;
  return frame;
}

RawFormat ParseRawFormat(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::optional<RawStream> target =
      ParseStream(std::string_view(text).substr(0, colon), kUsualTarget);
  std::optional<RawStream> guide;
  if (colon != std::string::npos) {
    guide = ParseStream(std::string_view(text).substr(colon + 1), kUsualGuide);
  }
  if (!target || (colon != std::string::npos && !guide)) {
    throw Error("'" + text +
                "' is no size of raw frames; expected WIDTHxHEIGHT of the target or "
                "WIDTHxHEIGHT:WIDTHxHEIGHT of target and guide, each with a pixel format after a "
                "comma if it is not " +
                kUsualTarget + " and " + kUsualGuide + ", sides up to " + std::to_string(kMaxSide) +
                ", pixels up to " + std::to_string(kMaxPixels));
  }
  if (target->pixel.yuv != YuvLayout::kNone) {
    throw Error("'" + std::string(target->pixel.name) +
                "' is of guides; expected a target of grey or R,G,B; ffmpeg -pix_fmt converts it");
  }
  return {*target, guide};
}

void SwapBytes(const PixelFormat& pixel, std::span<std::uint8_t> bytes) {
  const std::size_t sample = SampleBytes(pixel.type);
  if (!pixel.big_endian || sample == 1) {
    return;
  }
  for (std::size_t at = 0; at + sample <= bytes.size(); at += sample) {
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                 bytes.begin() + static_cast<std::ptrdiff_t>(at + sample));
  }
}

void ToProcessor(const RawStream& stream, std::vector<std::uint8_t>& bytes,
                 std::vector<std::uint8_t>& memory) {
  if (stream.pixel.yuv == YuvLayout::kNone) {
    SwapBytes(stream.pixel, bytes);
    return;
  }
  memory.resize(stream.ReadyBytes());
  YuvToRgb(stream.pixel.yuv, stream.pixel.full_range, stream.size, bytes, memory);
  std::swap(bytes, memory);
}

std::string FittingFormats(std::uint64_t bytes, const RawStream& asked) {
  constexpr std::size_t kMost = 4;
  const std::vector<const char*> usual =
      asked.pixel.channels == 1 ? std::vector<const char*>{"gray16le", "grayf32le", "gray"}
                                : std::vector<const char*>{"rgb24", "rgba"};
  std::vector<std::string> found;
  const auto add = [&](const PixelSize& size, bool several) {
    for (const char* const format : usual) {
      const RawStream stream{size, *FindFormat(format)};
      const std::string text = FramesText(bytes, stream);
      const bool known = std::find(found.begin(), found.end(), text) != found.end();
      if (found.size() < kMost && !text.empty() && !known &&
          (several || bytes == stream.FrameBytes())) {
        found.push_back(text);
      }
    }
  };
  add(asked.size, false);
  for (const PixelSize& size : kSizes) {
    add(size, false);
    add({size.height, size.width}, false);
  }
  add(asked.size, true);
  std::string text;
  for (std::size_t i = 0; i < found.size(); ++i) {
    text += (i == 0 ? "; it would be " : i + 1 == found.size() ? " or " : ", ") + found[i];
  }
  return text;
}

std::optional<std::string> SeemedFormat(Bytes frame) {
  if (SeemsFloat(frame)) {
    return "grayf32le";
  }
  return SeemsTurned(frame) ? std::optional<std::string>("gray16be") : std::nullopt;
}

}  // namespace dkn
