#include "src/train/depthwise_gradient.h"

#include <torch/torch.h>

#include <algorithm>

#include "src/core/parallel_for.h"

namespace dkn::train {
namespace {

constexpr int kBlock = 16;  // channels that are summed side by side

// The sums of `count` <= kBlock channels, for one of the kernel's values.
template <typename T>
void AddProducts(const T* input, const T* gradient, std::ptrdiff_t input_step,
                 std::ptrdiff_t gradient_step, std::ptrdiff_t pixels, int count, float* sums) {
  for (std::ptrdiff_t x = 0; x < pixels; ++x) {
    if (count == kBlock) {
      for (int c = 0; c < kBlock; ++c) {
        sums[c] += static_cast<float>(input[c]) * static_cast<float>(gradient[c]);
      }
    } else {
      for (int c = 0; c < count; ++c) {
        sums[c] += static_cast<float>(input[c]) * static_cast<float>(gradient[c]);
      }
    }
    input += input_step;
    gradient += gradient_step;
  }
}

template <typename T>
void AddKernel(const torch::Tensor& input, const torch::Tensor& gradient, const Layer& layer,
               std::ptrdiff_t first, int count, float* weights) {
  const std::ptrdiff_t channels = input.size(1);
  const std::ptrdiff_t width = input.size(3);
  const std::ptrdiff_t height = input.size(2);
  const std::ptrdiff_t out_width = gradient.size(3);
  const std::ptrdiff_t out_height = gradient.size(2);
  const int kernel = layer.kernel;
  const auto* from = input.data_ptr<T>();
  const auto* by = gradient.data_ptr<T>();
  for (int j = 0; j < kernel; ++j) {
    for (int i = 0; i < kernel; ++i) {
      float sums[kBlock] = {};
      const std::ptrdiff_t shift_x = layer.dilation * i - layer.padding;
      const std::ptrdiff_t shift_y = layer.dilation * j - layer.padding;
      // Where stride * x + shift_x lies inside.
      const std::ptrdiff_t begin =
          std::max<std::ptrdiff_t>(0, (-shift_x + layer.stride - 1) / layer.stride);
      const std::ptrdiff_t end =
          std::min(out_width, (width - 1 - shift_x + layer.stride) / layer.stride);
      for (std::ptrdiff_t n = 0; begin < end && n < input.size(0); ++n) {
        for (std::ptrdiff_t y = 0; y < out_height; ++y) {
          const std::ptrdiff_t v = layer.stride * y + shift_y;
          if (v >= 0 && v < height) {
            AddProducts(from +
                            ((n * height + v) * width + layer.stride * begin + shift_x) * channels +
                            first,
                        by + ((n * out_height + y) * out_width + begin) * channels + first,
                        layer.stride * channels, channels, end - begin, count, sums);
          }
        }
      }
      for (int c = 0; c < count; ++c) {
        weights[((first + c) * kernel + j) * kernel + i] = sums[c];
      }
    }
  }
}

}  // namespace

torch::Tensor DepthwiseWeightGradient(const torch::Tensor& input, const torch::Tensor& gradient,
                                      const Layer& layer) {
  const auto channels = static_cast<int>(input.size(1));
  const torch::Tensor weights = torch::empty({channels, 1, layer.kernel, layer.kernel});
  ParallelFor(0, (channels + kBlock - 1) / kBlock, [&](int block) {
    const int first = block * kBlock;
    const int count = std::min(kBlock, channels - first);
    const auto add =
        input.scalar_type() == torch::kFloat ? AddKernel<float> : AddKernel<at::BFloat16>;
    add(input, gradient, layer, first, count, weights.data_ptr<float>());
  });
  return weights;
}

}  // namespace dkn::train
