#include "dkn/frame.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>

#include "dkn/error.h"
#include "src/core/aligned_memory.h"
#include "src/core/guide_range.h"
#include "src/core/half.h"
#include "src/core/named_values.h"
#include "src/core/number_text.h"
#include "src/core/parallel_for.h"
#include "src/core/size_text.h"

namespace dkn {
namespace {

constexpr std::int64_t kMostBytes = PTRDIFF_MAX;

constexpr NamedValue<SampleType> kTypeNames[] = {{"uint8", SampleType::kUint8},
                                                 {"uint16", SampleType::kUint16},
                                                 {"float16", SampleType::kFloat16},
                                                 {"float32", SampleType::kFloat32}};

struct Half {
  std::uint16_t bits;
};

float ToFloat(std::uint8_t value) {
  return value;
}
float ToFloat(std::uint16_t value) {
  return value;
}
float ToFloat(Half value) {
  return FloatOfHalf(value.bits);
}
float ToFloat(float value) {
  return value;
}

// The image's values must have been checked.
template <typename T>
T FromFloat(float value) {
  if constexpr (std::is_same_v<T, float>) {
    return value;
  } else if constexpr (std::is_same_v<T, Half>) {
    return Half{HalfOfFloat(value)};
  } else {
    // Rounds as std::nearbyint, which loops would call: beyond 2^23 floats are whole numbers.
    constexpr float kWhole = 8388608.0f;
    return static_cast<T>(value + kWhole - kWhole);
  }
}

// Calls body with a value of the type that stores these samples.
template <typename Body>
void WithType(SampleType type, const Body& body) {
  switch (type) {
    case SampleType::kUint8:
      return body(std::uint8_t{});
    case SampleType::kUint16:
      return body(std::uint16_t{});
    case SampleType::kFloat16:
      return body(Half{});
    case SampleType::kFloat32:
      return body(float{});
  }
}

// Where the values of a row lie, in bytes, gaps and the order of channels accounted for.
template <typename Byte>
class Rows {
 public:
  template <typename Void>
  explicit Rows(const BasicFrame<Void>& frame)
      : first_(static_cast<Byte*>(frame.data)),
        sample_(static_cast<std::ptrdiff_t>(SampleBytes(frame.type))),
        step_(sample_ * (frame.planar ? 1 : frame.channels)),
        row_(frame.row_stride != 0 ? frame.row_stride : step_ * frame.width),
        channel_(!frame.planar             ? sample_
                 : frame.plane_stride != 0 ? frame.plane_stride
                                           : row_ * frame.height),
        bgr_(frame.order == ChannelOrder::kBgr && (frame.channels == 3 || frame.channels == 4)) {}

  // Bytes from a value to the next in a row.
  std::ptrdiff_t step() const { return step_; }
  Byte* Row(int y, int channel) const {
    const int stored = bgr_ && channel < 3 ? 2 - channel : channel;
    return first_ + y * row_ + stored * channel_;
  }

 private:
  Byte* first_;
  std::ptrdiff_t sample_;
  std::ptrdiff_t step_;
  std::ptrdiff_t row_;
  std::ptrdiff_t channel_;
  bool bgr_;
};

// Whether the type holds the value, rounded.
bool Holds(SampleType type, float value) {
  if (type == SampleType::kFloat32) {
    return true;
  }
  if (type == SampleType::kFloat16) {
    return !std::isfinite(value) || std::abs(value) < 65520.0f;
  }
  // Ties go to even: 0 below, and beyond full scale, which is odd.
  return value >= -0.5f && value < FullScale(type) + 0.5f;
}

void CheckHolds(ConstView image, SampleType type) {
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      const float* row = image.Row(y, c);
      const float* const end = row + image.width;
      const float* const bad =
          std::find_if(row, end, [type](float value) { return !Holds(type, value); });
      if (bad != end) {
        const std::string range = IsInteger(type)
                                      ? "0.." + std::to_string(std::lround(FullScale(type)))
                                      : "what half floats hold, up to 65504";
        throw Error("the value " + DigitsText(*bad) + " at x = " + std::to_string(bad - row) +
                    ", y = " + std::to_string(y) + " is outside " + range);
      }
    }
  }
}

// Whether `count` parts of `extent` bytes, `stride` apart, neither overlap nor exceed memory;
// `extent` becomes that of all.
bool Extend(std::int64_t count, std::int64_t stride, std::int64_t& extent) {
  if (count > 1 && (stride < extent || stride > (kMostBytes - extent) / (count - 1))) {
    return false;
  }
  extent += count > 1 ? (count - 1) * stride : 0;
  return true;
}

}  // namespace

std::string SampleTypeName(SampleType type) {
  return NameOf(kTypeNames, type);
}

SampleType ParseSampleType(const std::string& name) {
  return ParseNamed(kTypeNames, name, "type of values");
}

std::size_t SampleBytes(SampleType type) {
  std::size_t bytes = 0;
  WithType(type, [&bytes](auto value) { bytes = sizeof(value); });
  return bytes;
}

ConstFrame FrameOf(ConstView image) {
  constexpr auto kFloat = static_cast<std::ptrdiff_t>(sizeof(float));
  ConstFrame frame(image.data, SampleType::kFloat32, image.width, image.height, image.channels);
  frame.planar = true;
  frame.row_stride = image.row_stride * kFloat;
  frame.plane_stride = image.channel_stride * kFloat;
  return frame;
}

void FrameBuffer::Free::operator()(void* pointer) const {
  FreeAligned(pointer);
}

FrameBuffer::FrameBuffer(SampleType type, int width, int height, int channels)
    : type_(type), width_(width), height_(height), channels_(channels) {
  if (width < 1 || height < 1 || channels < 1 ||
      std::int64_t{width} * height > kMostBytes / 8 / channels) {
    throw Error("a frame of " + SizeText(width, height) + " with " + std::to_string(channels) +
                " channels, expected sizes of at least 1 that memory can hold");
  }
  void* const memory = AllocateAligned(bytes());
  if (memory == nullptr) {
    throw MemoryError("a frame of " + std::to_string(bytes()) + " bytes does not fit memory");
  }
  memory_.reset(memory);
}

std::size_t FrameBuffer::bytes() const {
  return SampleBytes(type_) * static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) *
         static_cast<std::size_t>(channels_);
}

void CheckFrame(const ConstFrame& frame, const std::string& name) {
  if (frame.data == nullptr) {
    throw ArgumentError("the " + name + " has no data");
  }
  if (frame.width < 1 || frame.height < 1 || frame.channels < 1) {
    throw ArgumentError("the " + name + " is " + SizeText(frame.width, frame.height) + " with " +
                        std::to_string(frame.channels) + " channels, expected 1 or more of each");
  }
  const auto sample = static_cast<std::int64_t>(SampleBytes(frame.type));
  std::int64_t row = sample;
  bool fits = frame.planar || Extend(frame.channels, sample, row);
  const std::int64_t pixel = row;
  fits = fits && Extend(frame.width, pixel, row);
  std::int64_t plane = row;
  const std::int64_t row_stride = frame.row_stride != 0 ? frame.row_stride : row;
  fits = fits && Extend(frame.height, row_stride, plane);
  bool planes_fit = fits;
  if (fits && frame.planar && frame.channels > 1) {
    const std::int64_t gapless = std::max(
        plane, row_stride <= kMostBytes / frame.height ? row_stride * frame.height : kMostBytes);
    const std::int64_t stride = frame.plane_stride != 0 ? frame.plane_stride : gapless;
    planes_fit = Extend(frame.channels, stride, plane);
    if (!planes_fit) {  // the rows of all planes in turn
      std::int64_t rows = row;
      planes_fit = Extend(frame.channels, stride, rows) && Extend(frame.height, row_stride, rows);
    }
  }
  if (!planes_fit) {
    throw ArgumentError("the " + name + " has rows " + std::to_string(frame.row_stride) +
                        " bytes apart and planes " + std::to_string(frame.plane_stride) +
                        ", by which values overlap or lie beyond what memory can be");
  }
}

void FirstChannels(const ConstFrame& frame, int channels, Image& image) {
  image.Reset(frame.width, frame.height, channels);
  const Rows<const std::byte> rows(frame);
  WithType(frame.type, [&](auto type) {
    using T = decltype(type);
    ParallelFor(0, frame.height, [&](int y) {
      for (int c = 0; c < channels; ++c) {
        const std::byte* from = rows.Row(y, c);
        float* const to = image.Row(y, c);
        for (int x = 0; x < frame.width; ++x, from += rows.step()) {
          T value;
          std::memcpy(&value, from, sizeof(T));
          to[x] = ToFloat(value);
        }
      }
    });
  });
}

void ToImage(const ConstFrame& frame, Image& image) {
  CheckFrame(frame, "frame");
  FirstChannels(frame, frame.channels, image);
}

Image ImageOf(const ConstFrame& frame) {
  Image image;
  ToImage(frame, image);
  return image;
}

void ToFrame(ConstView image, const Frame& frame) {
  CheckFrame(frame, "frame");
  if (frame.width != image.width || frame.height != image.height ||
      frame.channels != image.channels) {
    throw Error("the frame is " + SizeText(frame.width, frame.height) + " with " +
                std::to_string(frame.channels) + " channels, the image " + SizeText(image) +
                " with " + std::to_string(image.channels));
  }
  CheckHolds(image, frame.type);
  const Rows<std::byte> rows(frame);
  WithType(frame.type, [&](auto type) {
    using T = decltype(type);
    ParallelFor(0, frame.height, [&](int y) {
      for (int c = 0; c < frame.channels; ++c) {
        std::byte* to = rows.Row(y, c);
        const float* const from = image.Row(y, c);
        for (int x = 0; x < frame.width; ++x, to += rows.step()) {
          const T value = FromFloat<T>(from[x]);
          std::memcpy(to, &value, sizeof(T));
        }
      }
    });
  });
}

FrameBuffer FrameOf(ConstView image, SampleType type) {
  FrameBuffer buffer(type, image.width, image.height, image.channels);
  ToFrame(image, buffer);
  return buffer;
}

}  // namespace dkn
