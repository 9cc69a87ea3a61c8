#include "src/imaging/halving.h"

#include <algorithm>
#include <cmath>

namespace dkn {

Image Halve(ConstView image) {
  Image half((image.width + 1) / 2, (image.height + 1) / 2, image.channels);
  for (int row = 0; row < half.height() * half.channels(); ++row) {
    const int c = row / half.height();
    const int y = row % half.height();
    for (int x = 0; x < half.width(); ++x) {
      float sum = 0.0f;
      int count = 0;
      for (int v = 2 * y; v < std::min(2 * y + 2, image.height); ++v) {
        for (int u = 2 * x; u < std::min(2 * x + 2, image.width); ++u) {
          if (std::isfinite(image(u, v, c))) {
            sum += image(u, v, c);
            ++count;
          }
        }
      }
      half(x, y, c) = sum / static_cast<float>(count);  // 0 / 0 is NaN
    }
  }
  return half;
}

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

}  // namespace dkn
