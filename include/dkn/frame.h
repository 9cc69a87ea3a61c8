#ifndef DKN_FRAME_H_
#define DKN_FRAME_H_

#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>

#include "dkn/export.h"
#include "dkn/image.h"

namespace dkn {

// How a value is stored. kFloat16 is IEEE 754's binary16.
enum class SampleType { kUint8, kUint16, kFloat16, kFloat32 };

// "uint8", "uint16", "float16" and "float32", as numpy calls them.
DKN_EXPORT std::string SampleTypeName(SampleType type);
// The type of this name. Throws Error for any other.
DKN_EXPORT SampleType ParseSampleType(const std::string& name);

// Bytes of one value.
DKN_EXPORT std::size_t SampleBytes(SampleType type);

inline bool IsInteger(SampleType type) {
  return type == SampleType::kUint8 || type == SampleType::kUint16;
}

// What stands for 1 in a picture: the largest value of an integer type, 1 of floats.
inline float FullScale(SampleType type) {
  return type == SampleType::kUint8 ? 255.0f : type == SampleType::kUint16 ? 65535.0f : 1.0f;
}

// A non-owning window on pixels as cameras, OpenCV and numpy hold them, in the processor's byte
// order. An Image is the library's own form of the same: planar floats.
template <typename Void>
struct BasicFrame {
  Void* data = nullptr;
  SampleType type = SampleType::kUint8;
  int width = 0;
  int height = 0;
  int channels = 1;
  // kBgr: the first three of 3 or 4 channels are B, G and R. A fourth channel is alpha.
  ChannelOrder order = ChannelOrder::kRgb;
  bool planar = false;  // a plane for each channel; else a pixel's channels stand side by side
  // Bytes from a row to the next, and from a plane to the next. 0: without gaps.
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t plane_stride = 0;

  BasicFrame() = default;
  // Rows, and planes, without gaps.
  BasicFrame(Void* first, SampleType t, int w, int h, int c = 1)
      : data(first), type(t), width(w), height(h), channels(c) {}
  // A read-only frame of a writable one.
  template <typename U, typename = std::enable_if_t<std::is_same_v<const U, Void>>>
  BasicFrame(const BasicFrame<U>& other)  // NOLINT: implicit on purpose, as void* to const void*
      : BasicFrame(other.data, other.type, other.width, other.height, other.channels) {
    order = other.order;
    planar = other.planar;
    row_stride = other.row_stride;
    plane_stride = other.plane_stride;
  }
};

using Frame = BasicFrame<void>;
using ConstFrame = BasicFrame<const void>;

// The frame that an image is: planar float32. Nothing is copied.
DKN_EXPORT ConstFrame FrameOf(ConstView image);

// Pixels that it owns: interleaved, R,G,B, without gaps, aligned to 64 bytes. Copying is explicit
// (Clone); moving is free.
class DKN_EXPORT FrameBuffer {
 public:
  FrameBuffer() = default;
  // Values are unspecified. Throws Error when a size is less than 1, MemoryError when memory does
  // not suffice.
  FrameBuffer(SampleType type, int width, int height, int channels = 1);
  FrameBuffer(FrameBuffer&&) noexcept = default;
  FrameBuffer& operator=(FrameBuffer&&) noexcept = default;

  bool empty() const { return memory_ == nullptr; }
  SampleType type() const { return type_; }
  int width() const { return width_; }
  int height() const { return height_; }
  int channels() const { return channels_; }
  std::size_t bytes() const;

  void* data() { return memory_.get(); }
  const void* data() const { return memory_.get(); }
  // The data as an array of T, whose size must be that of the type's values.
  template <typename T>
  T* As() {
    return static_cast<T*>(data());
  }
  template <typename T>
  const T* As() const {
    return static_cast<const T*>(data());
  }

  Frame frame() { return {data(), type_, width_, height_, channels_}; }
  ConstFrame frame() const { return {data(), type_, width_, height_, channels_}; }
  operator Frame() { return frame(); }             // NOLINT: usable wherever a frame is
  operator ConstFrame() const { return frame(); }  // NOLINT

 private:
  struct Free {
    void operator()(void* pointer) const;
  };
  std::unique_ptr<void, Free> memory_;
  SampleType type_ = SampleType::kUint8;
  int width_ = 0;
  int height_ = 0;
  int channels_ = 0;
};

// Throws Error, naming the frame, unless it has data and its sizes are at least 1, and where its
// strides let values overlap or reach beyond what memory can be.
DKN_EXPORT void CheckFrame(const ConstFrame& frame, const std::string& name);

// Values as they are stored, not scaled, as planar floats; colour becomes R,G,B, all channels are
// kept. The memory of `image` is reused. Throws Error as CheckFrame does.
DKN_EXPORT void ToImage(const ConstFrame& frame, Image& image);
DKN_EXPORT Image ImageOf(const ConstFrame& frame);

// A picture as joint filters take a guide: 1 or 3 channels, the alpha that a second or a fourth one
// is left out. 8-bit integers are divided by 255, floats in about [0, 1] are taken as they are. Of
// others the values tell the range (docs/formats.md, Guides): 16-bit integers and larger floats are
// divided by the largest value of the fewest bits, of 8, 10, 12, 14 and 16, that hold them; floats
// of both signs go from the smallest to the largest value into [0, 1]; what is dark but for a
// hundredth, as infrared counts and linear light are, becomes v / (v + median). `note`, where it is
// not null, gets one line about that, empty where nothing is unusual. The memory of `guide` is
// reused. Throws Error, which says "guide", as CheckFrame does, where the frame has more than 4
// channels, and, with the first place, where a float is not finite; the guide is unspecified then.
DKN_EXPORT void ToGuide(const ConstFrame& frame, Image& guide, std::string* note = nullptr);
DKN_EXPORT Image GuideOf(const ConstFrame& frame, std::string* note = nullptr);

// The channels that ToGuide leaves of so many: 1 of 1 or 2, 3 of more.
inline int GuideChannels(int channels) {
  return channels < 3 ? 1 : 3;
}

// Puts an image into a frame: values are rounded to the nearest that the type holds, halves to
// even. `frame` has the image's size and channels. Throws Error, naming the pixel, before anything
// is written, where an integer or a half cannot hold a value; of floats NaN and infinity are kept.
DKN_EXPORT void ToFrame(ConstView image, const Frame& frame);
DKN_EXPORT FrameBuffer FrameOf(ConstView image, SampleType type);

}  // namespace dkn

#endif  // DKN_FRAME_H_
