#ifndef DKN_IMAGE_H_
#define DKN_IMAGE_H_

#include <cstddef>
#include <memory>
#include <type_traits>

#include "dkn/export.h"

namespace dkn {

// Of a pixel's colours in memory; an Image is R,G,B.
enum class ChannelOrder { kRgb, kBgr };

// A non-owning window on planar pixels: `channels` planes of `height` rows of `width` values.
// Strides count elements, not bytes. Values inside a row are contiguous; rows and planes may be
// apart, so a view can be a crop of a larger image.
template <typename T>
struct BasicView {
  T* data = nullptr;
  int width = 0;
  int height = 0;
  int channels = 0;
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t channel_stride = 0;

  BasicView() = default;
  BasicView(T* first, int w, int h, int c, std::ptrdiff_t row, std::ptrdiff_t channel)
      : data(first), width(w), height(h), channels(c), row_stride(row), channel_stride(channel) {}

  // A read-only view of a writable one.
  template <typename U, typename = std::enable_if_t<std::is_same_v<const U, T>>>
  BasicView(const BasicView<U>& other)  // NOLINT: implicit on purpose, as T* converts to const T*
      : BasicView(other.data, other.width, other.height, other.channels, other.row_stride,
                  other.channel_stride) {}

  bool empty() const { return width == 0 || height == 0 || channels == 0; }
  T* Row(int y, int channel = 0) const { return data + channel * channel_stride + y * row_stride; }
  T& operator()(int x, int y, int channel = 0) const { return Row(y, channel)[x]; }

  // Plane `channel` alone.
  BasicView Channel(int channel) const {
    return BasicView(Row(0, channel), width, height, 1, row_stride, channel_stride);
  }
  // The rectangle of size w x h whose top left pixel is (x, y). It must lie inside.
  BasicView Crop(int x, int y, int w, int h) const {
    return BasicView(data + y * row_stride + x, w, h, channels, row_stride, channel_stride);
  }
};

using View = BasicView<float>;
using ConstView = BasicView<const float>;

template <typename A, typename B>
bool SameSize(const BasicView<A>& a, const BasicView<B>& b) {
  return a.width == b.width && a.height == b.height;
}

// Planar float32 pixels that it owns: channels x height x width without gaps, aligned to 64 bytes.
// A colour image is R,G,B. Copying is explicit (Clone); moving is free.
class DKN_EXPORT Image {
 public:
  Image() = default;
  // All values 0. Throws Error when a size is negative or memory does not suffice.
  Image(int width, int height, int channels = 1);
  Image(Image&& other) noexcept;
  Image& operator=(Image&& other) noexcept;
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  ~Image() = default;

  static Image Clone(ConstView source);

  // Changes the size and keeps the memory where it suffices. Values are unspecified afterwards.
  void Reset(int width, int height, int channels = 1);

  int width() const { return width_; }
  int height() const { return height_; }
  int channels() const { return channels_; }
  bool empty() const { return size() == 0; }
  // Number of values, over all channels.
  std::size_t size() const {
    return static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) *
           static_cast<std::size_t>(channels_);
  }

  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  float* Row(int y, int channel = 0) { return view().Row(y, channel); }
  const float* Row(int y, int channel = 0) const { return view().Row(y, channel); }
  float& operator()(int x, int y, int channel = 0) { return Row(y, channel)[x]; }
  float operator()(int x, int y, int channel = 0) const { return Row(y, channel)[x]; }

  View view() { return {data(), width_, height_, channels_, width_, PlaneSize()}; }
  ConstView view() const { return {data(), width_, height_, channels_, width_, PlaneSize()}; }
  operator View() { return view(); }             // NOLINT: an Image is usable wherever a view is
  operator ConstView() const { return view(); }  // NOLINT

 private:
  struct Free {
    void operator()(float* pointer) const;
  };
  std::ptrdiff_t PlaneSize() const { return static_cast<std::ptrdiff_t>(width_) * height_; }

  std::unique_ptr<float[], Free> data_;
  std::size_t capacity_ = 0;
  int width_ = 0;
  int height_ = 0;
  int channels_ = 0;
};

// Copies pixel values between views of equal size and number of channels.
DKN_EXPORT void Copy(ConstView from, View to);

}  // namespace dkn

#endif  // DKN_IMAGE_H_
