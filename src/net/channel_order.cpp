#include "src/net/channel_order.h"

#include <cstddef>

#include "src/core/parallel_for.h"

namespace dkn {

void Interleave(const Image& image, float* to) {
  ParallelFor(0, image.height(), [&](int y) {
    for (int c = 0; c < image.channels(); ++c) {
      float* out = to + static_cast<std::ptrdiff_t>(y) * image.width() * image.channels() + c;
      const float* from = image.Row(y, c);
      for (int x = 0; x < image.width(); ++x, out += image.channels()) {
        *out = from[x];
      }
    }
  });
}

Image Planes(const float* from, int width, int height, int channels) {
  Image image(width, height, channels);
  ParallelFor(0, height, [&](int y) {
    for (int c = 0; c < channels; ++c) {
      const float* in = from + static_cast<std::ptrdiff_t>(y) * width * channels + c;
      float* out = image.Row(y, c);
      for (int x = 0; x < width; ++x, in += channels) {
        out[x] = *in;
      }
    }
  });
  return image;
}

}  // namespace dkn
