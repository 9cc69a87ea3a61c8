#include "dkn/image.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/core/aligned_memory.h"

namespace dkn {
namespace {

std::size_t CountValues(int width, int height, int channels) {
  const std::string size =
      std::to_string(width) + " x " + std::to_string(height) + " x " + std::to_string(channels);
  if (width < 0 || height < 0 || channels < 0) {
    throw Error("image size " + size + " is negative");
  }
  const std::uint64_t plane =
      static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
  const std::uint64_t limit = PTRDIFF_MAX / sizeof(float);
  if (channels > 0 && plane > limit / static_cast<std::uint64_t>(channels)) {
    throw Error("image size " + size + " is larger than memory can be");
  }
  return static_cast<std::size_t>(plane) * static_cast<std::size_t>(channels);
}

}  // namespace

void Image::Free::operator()(float* pointer) const {
  FreeAligned(pointer);
}

Image::Image(int width, int height, int channels) {
  Reset(width, height, channels);
  std::fill_n(data(), size(), 0.0f);
}

Image::Image(Image&& other) noexcept {
  *this = std::move(other);
}

Image& Image::operator=(Image&& other) noexcept {
  data_ = std::move(other.data_);
  capacity_ = std::exchange(other.capacity_, 0);
  width_ = std::exchange(other.width_, 0);
  height_ = std::exchange(other.height_, 0);
  channels_ = std::exchange(other.channels_, 0);
  return *this;
}

Image Image::Clone(ConstView source) {
  Image image;
  image.Reset(source.width, source.height, source.channels);
  Copy(source, image);
  return image;
}

void Image::Reset(int width, int height, int channels) {
  const std::size_t count = CountValues(width, height, channels);
  if (count > capacity_) {
    data_.reset();
    capacity_ = width_ = height_ = channels_ = 0;
    data_.reset(static_cast<float*>(AllocateAligned(count * sizeof(float))));
    if (data_ == nullptr) {
      throw MemoryError("no memory for an image of " + std::to_string(count * sizeof(float) >> 20) +
                        " MB");
    }
    capacity_ = count;
  }
  width_ = width;
  height_ = height;
  channels_ = channels;
}

void Copy(ConstView from, View to) {
  if (!SameSize(from, to) || from.channels != to.channels) {
    throw Error("copy between images of different size");
  }
  for (int c = 0; c < from.channels; ++c) {
    for (int y = 0; y < from.height; ++y) {
      std::copy_n(from.Row(y, c), from.width, to.Row(y, c));
    }
  }
}

}  // namespace dkn
