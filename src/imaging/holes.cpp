#include "src/imaging/holes.h"

#include <algorithm>
#include <cmath>

#include "dkn/error.h"

namespace dkn {
namespace {

// The average of the finite values of each 2 x 2 pixels; NaN where there is none.
Image Halve(ConstView image) {
  Image half((image.width + 1) / 2, (image.height + 1) / 2);
  for (int y = 0; y < half.height(); ++y) {
    for (int x = 0; x < half.width(); ++x) {
      float sum = 0.0f;
      int count = 0;
      for (int v = 2 * y; v < std::min(2 * y + 2, image.height); ++v) {
        for (int u = 2 * x; u < std::min(2 * x + 2, image.width); ++u) {
          if (std::isfinite(image(u, v))) {
            sum += image(u, v);
            ++count;
          }
        }
      }
      half(x, y) = sum / static_cast<float>(count);  // 0 / 0 is NaN
    }
  }
  return half;
}

// `half` at pixel (x, y) of the image that it halves: bilinear, its border continued.
float ReadDoubled(ConstView half, int x, int y) {
  const auto place = [](int at, int size, float& share) {
    const float position =
        std::clamp(0.5f * static_cast<float>(at) - 0.25f, 0.0f, static_cast<float>(size - 1));
    const int first = std::min(static_cast<int>(position), std::max(size - 2, 0));
    share = position - static_cast<float>(first);
    return first;
  };
  float right = 0.0f;
  float below = 0.0f;
  const int u = place(x, half.width, right);
  const int v = place(y, half.height, below);
  const int next_u = std::min(u + 1, half.width - 1);
  const int next_v = std::min(v + 1, half.height - 1);
  return (1 - below) * ((1 - right) * half(u, v) + right * half(next_u, v)) +
         below * ((1 - right) * half(u, next_v) + right * half(next_u, next_v));
}

void FillChannel(View image) {
  if (!HasHoles(image)) {
    return;
  }
  if (image.width == 1 && image.height == 1) {
    throw Error("no value of the image is finite");
  }
  Image half = Halve(image);
  FillChannel(half);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (!std::isfinite(image(x, y))) {
        image(x, y) = ReadDoubled(half, x, y);
      }
    }
  }
}

}  // namespace

bool HasHoles(ConstView image) {
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      const float* row = image.Row(y, c);
      if (!std::all_of(row, row + image.width, [](float value) { return std::isfinite(value); })) {
        return true;
      }
    }
  }
  return false;
}

bool HasValues(ConstView image) {
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      const float* row = image.Row(y, c);
      if (std::any_of(row, row + image.width, [](float value) { return std::isfinite(value); })) {
        return true;
      }
    }
  }
  return false;
}

Image MakeHoles(int width, int height, int channels) {
  Image image(width, height, channels);
  std::fill_n(image.data(), image.size(), kHole);
  return image;
}

Image MarkHoles(ConstView image, std::optional<float> invalid) {
  Image marked = Image::Clone(image);
  if (invalid) {
    std::replace(marked.data(), marked.data() + marked.size(), *invalid, kHole);
  }
  return marked;
}

void FillHoles(View image) {
  for (int c = 0; c < image.channels; ++c) {
    FillChannel(image.Channel(c));
  }
}

}  // namespace dkn
