#include "src/io/packed_depth.h"

#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>

#include "dkn/error.h"

namespace dkn {
namespace {

constexpr double kLargest24 = 16777215.0;  // 2^24 - 1
constexpr std::array<double, 3> kRgb{1.0, 256.0, 65536.0};
constexpr std::array<double, 3> kBgr{65536.0, 256.0, 1.0};

[[noreturn]] void Refuse(const std::string& text) {
  throw Error("'" + text +
              "' is no way to pack depth; expected bits:FIRST-LAST (0 to 15), depth16, "
              "depth16:CONFIDENCE (0 to 1), sunrgbd, rgb24, rgb24:FAR, bgr24, bgr24:FAR, carla, "
              "mapbox, terrarium or tartanair");
}

// All of the text as a number.
template <typename T>
std::optional<T> Number(std::string_view text) {
  T value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = code == std::errc() && end == text.data() + text.size();
  return whole ? std::optional<T>(value) : std::nullopt;
}

Packing Bits(Packing::Kind kind, int first, int last) {
  Packing packing;
  packing.kind = kind;
  packing.first_bit = first;
  packing.last_bit = last;
  return packing;
}

Packing Sum(std::array<double, 3> weights, double scale, double offset) {
  Packing packing;
  packing.kind = Packing::kSum;
  packing.weights = weights;
  packing.scale = scale;
  packing.offset = offset;
  return packing;
}

std::optional<Packing> ParseBits(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = Number<int>(text.substr(0, dash));
  const auto last =
      dash == std::string_view::npos ? std::nullopt : Number<int>(text.substr(dash + 1));
  if (!first || !last || *first < 0 || *last > 15 || *first > *last) {
    return std::nullopt;
  }
  return Bits(Packing::kBits, *first, *last);
}

// Of names that take no number.
std::optional<Packing> ParsePlain(std::string_view name) {
  if (name == "depth16") {
    return Bits(Packing::kConfidence, 0, 12);
  }
  if (name == "sunrgbd") {
    return Bits(Packing::kRotated, 0, 15);
  }
  if (name == "rgb24") {
    return Sum(kRgb, 1.0, 0.0);
  }
  if (name == "bgr24") {
    return Sum(kBgr, 1.0, 0.0);
  }
  if (name == "carla") {
    return Sum(kRgb, 1000.0 / kLargest24, 0.0);
  }
  if (name == "mapbox") {
    return Sum(kBgr, 0.1, -10000.0);
  }
  if (name == "terrarium") {
    return Sum(kBgr, 1.0 / 256.0, -32768.0);
  }
  if (name == "tartanair") {
    Packing packing;
    packing.kind = Packing::kFloat;
    return packing;
  }
  return std::nullopt;
}

std::optional<Packing> ParseWithNumber(std::string_view name, std::string_view number) {
  if (name == "bits") {
    return ParseBits(number);
  }
  const std::optional<double> value = Number<double>(number);
  if (!value) {
    return std::nullopt;
  }
  if (name == "depth16" && *value >= 0.0 && *value <= 1.0) {
    Packing packing = Bits(Packing::kConfidence, 0, 12);
    packing.least_confidence = *value;
    return packing;
  }
  if ((name == "rgb24" || name == "bgr24") && *value >= 1e-9 && *value <= 1e9) {
    return Sum(name == "rgb24" ? kRgb : kBgr, *value / kLargest24, 0.0);
  }
  return std::nullopt;
}

// Android's reference of ImageFormat.DEPTH16: of the three highest bits 0 is certain, 1 a
// confidence of 0, 2 one of 1/7, and so on.
double Confidence(unsigned value) {
  const unsigned code = value >> 13U;
  return code == 0 ? 1.0 : (code - 1) / 7.0;
}

std::uint16_t UnpackBits(unsigned value, const Packing& packing) {
  if (packing.kind == Packing::kRotated) {
    return static_cast<std::uint16_t>(value >> 3U | value << 13U);
  }
  if (packing.kind == Packing::kConfidence) {
    const double confidence = Confidence(value);
    if (confidence <= 0.0 || confidence < packing.least_confidence) {
      return 0;
    }
  }
  const auto count = static_cast<unsigned>(packing.last_bit - packing.first_bit + 1);
  const unsigned mask = (1U << count) - 1U;
  return static_cast<std::uint16_t>(value >> static_cast<unsigned>(packing.first_bit) & mask);
}

float UnpackBytes(const std::uint8_t* pixel, ChannelOrder order, const Packing& packing) {
  const std::uint8_t red = pixel[order == ChannelOrder::kBgr ? 2 : 0];
  const std::uint8_t green = pixel[1];
  const std::uint8_t blue = pixel[order == ChannelOrder::kBgr ? 0 : 2];
  if (packing.kind == Packing::kFloat) {
    return std::bit_cast<float>(std::uint32_t{blue} | std::uint32_t{green} << 8U |
                                std::uint32_t{red} << 16U | std::uint32_t{pixel[3]} << 24U);
  }
  const double sum =
      packing.weights[0] * red + packing.weights[1] * green + packing.weights[2] * blue;
  return static_cast<float>(packing.offset + packing.scale * sum);
}

}  // namespace

Packing ParsePacking(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = std::string_view(text).substr(0, colon);
  const std::optional<Packing> packing =
      colon == std::string::npos ? ParsePlain(name)
                                 : ParseWithNumber(name, std::string_view(text).substr(colon + 1));
  if (!packing) {
    Refuse(text);
  }
  return *packing;
}

FrameBuffer Unpack(const ConstFrame& frame, const std::string& text) {
  const Packing packing = ParsePacking(text);
  const int channels = packing.Channels();
  const SampleType type = channels == 1 ? SampleType::kUint16 : SampleType::kUint8;
  const bool more = channels == 3 && frame.channels == 4;
  if (frame.type != type || (frame.channels != channels && !more)) {
    throw Error("has " + std::to_string(frame.channels) +
                (frame.channels == 1 ? " channel of " : " channels of ") +
                SampleTypeName(frame.type) + "; --packed " + text + " unpacks " +
                std::to_string(channels) + " of " + SampleTypeName(type));
  }
  FrameBuffer depth(channels == 1 ? SampleType::kUint16 : SampleType::kFloat32, frame.width,
                    frame.height);
  const std::size_t count = depth.bytes() / SampleBytes(depth.type());
  const auto* const bytes = static_cast<const std::uint8_t*>(frame.data);
  for (std::size_t i = 0; i < count; ++i) {
    if (channels == 1) {
      std::uint16_t value = 0;
      std::memcpy(&value, bytes + i * sizeof(value), sizeof(value));
      depth.As<std::uint16_t>()[i] = UnpackBits(value, packing);
    } else {
      depth.As<float>()[i] =
          UnpackBytes(bytes + i * static_cast<std::size_t>(frame.channels), frame.order, packing);
    }
  }
  return depth;
}

bool SeemsDepth16(const std::vector<std::uint16_t>& values) {
  constexpr int kLow = 0x1FFF;
  constexpr int kAlike = 512;
  constexpr std::size_t kFewest = 16;
  std::size_t pairs = 0;
  std::size_t alike = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const int one = values[i - 1] & kLow;
    const int other = values[i] & kLow;
    if (one != 0 && other != 0 && values[i - 1] >> 13 != values[i] >> 13) {
      ++pairs;
      alike += std::abs(one - other) < kAlike ? 1 : 0;
    }
  }
  return pairs >= kFewest && 100 * pairs > values.size() && 4 * alike > 3 * pairs;
}

}  // namespace dkn
