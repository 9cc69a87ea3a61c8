#include "src/net/pixel_adaptive.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "src/core/parallel_for.h"

namespace dkn {
namespace {

// From [in][out][tap] to [tap][in][out], the order that a pixel takes them in.
std::vector<float> ByTaps(const PixelAdaptiveLayer& layer) {
  const std::size_t in = static_cast<std::size_t>(layer.in);
  const std::size_t out = static_cast<std::size_t>(layer.out);
  const std::size_t taps = static_cast<std::size_t>(layer.kernel * layer.kernel);
  std::vector<float> weights(taps * in * out);
  for (std::size_t c = 0; c < in; ++c) {
    for (std::size_t o = 0; o < out; ++o) {
      for (std::size_t t = 0; t < taps; ++t) {
        weights[(t * in + c) * out + o] = layer.weights[(c * out + o) * taps + t];
      }
    }
  }
  return weights;
}

float Similarity(const float* a, const float* b, int features) {
  float sum = 0.0f;
  for (int i = 0; i < features; ++i) {
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  }
  return std::exp(-0.5f * sum);
}

// result[o] += factor * sum over c of image[c] * weights[c][o].
void AddProduct(const float* image, int in, const float* weights, int out, float factor,
                float* result) {
  for (int c = 0; c < in; ++c, weights += out) {
    const float value = factor * image[c];
    for (int o = 0; o < out; ++o) {
      result[o] += value * weights[o];
    }
  }
}

}  // namespace

void PixelAdaptive(const PixelAdaptiveLayer& layer, const float* image, int width, int height,
                   const float* features, float* result) {
  const std::vector<float> weights = ByTaps(layer);
  const int reach = (layer.kernel - 1) / 2;
  const auto pixel = [&](const float* values, int x, int y, int row, int channels) {
    return values + (static_cast<std::ptrdiff_t>(y) * row + x) * channels;
  };
  ParallelFor(0, 2 * height, [&](int y) {
    std::vector<float> sums(static_cast<std::size_t>(layer.out));
    for (int x = 0; x < 2 * width; ++x) {
      std::copy_n(layer.bias, layer.out, sums.data());
      const float* own = pixel(features, x, y, 2 * width, layer.features);
      // Of the taps those that reach pixels of the image, which lie at even places.
      for (int j = (y + reach) % 2; j < layer.kernel; j += 2) {
        const int from_y = (y + j - reach) / 2;
        if (y + j - reach < 0 || from_y >= height) {
          continue;
        }
        for (int i = (x + reach) % 2; i < layer.kernel; i += 2) {
          const int from_x = (x + i - reach) / 2;
          if (x + i - reach < 0 || from_x >= width) {
            continue;
          }
          const float* other = pixel(features, 2 * from_x, 2 * from_y, 2 * width, layer.features);
          AddProduct(pixel(image, from_x, from_y, width, layer.in), layer.in,
                     weights.data() +
                         static_cast<std::ptrdiff_t>(j * layer.kernel + i) * layer.in * layer.out,
                     layer.out, Similarity(own, other, layer.features), sums.data());
        }
      }
      std::copy_n(sums.data(), layer.out,
                  result + (static_cast<std::ptrdiff_t>(y) * 2 * width + x) * layer.out);
    }
  });
}

}  // namespace dkn
