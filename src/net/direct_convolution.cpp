#include "src/net/direct_convolution.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/net/direct_convolution.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each instruction set.
#include <hwy/highway.h>

#include "src/net/panel_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

// Rows of `depth` values by each panel; `sums` has as many columns as the panels.
void MultiplyPanels(const float* values, int rows, int depth, const float* weights, int panels,
                    float* sums) {
  for (int panel = 0; panel < panels; ++panel) {
    Multiply(values, rows, depth,
             weights + static_cast<std::ptrdiff_t>(panel) * depth * kPanelChannels,
             sums + static_cast<std::ptrdiff_t>(panel) * kPanelChannels, panels * kPanelChannels);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include "src/core/parallel_for.h"
#include "src/net/machine.h"

namespace dkn {

HWY_EXPORT(MultiplyPanels);

namespace {

// Results that are computed at once.
constexpr int kPixels = 24;

int Panels(const Layer& layer) {
  return (layer.out + kPanelChannels - 1) / kPanelChannels;
}

int Depth(const Layer& layer) {
  return layer.kernel * layer.kernel * layer.in;
}

// What the result at (x, y) sees, row by row of the kernel; zeros beside the image.
void Gather(const Layer& layer, const float* source, int width, int height, int x, int y,
            float* to) {
  for (int row = 0; row < layer.kernel; ++row) {
    const int from_y = y * layer.stride - layer.padding + row * layer.dilation;
    for (int column = 0; column < layer.kernel; ++column, to += layer.in) {
      const int from_x = x * layer.stride - layer.padding + column * layer.dilation;
      if (from_x < 0 || from_x >= width || from_y < 0 || from_y >= height) {
        std::fill_n(to, layer.in, 0.0f);
      } else {
        const std::ptrdiff_t pixel = static_cast<std::ptrdiff_t>(from_y) * width + from_x;
        std::copy_n(source + pixel * layer.in, layer.in, to);
      }
    }
  }
}

}  // namespace

DirectConvolution::DirectConvolution(const Layer& layer, std::span<const float> weights,
                                     std::span<const float> bias)
    : layer_(layer),
      weights_(static_cast<std::size_t>(Panels(layer)) * kPanelChannels * Depth(layer)),
      bias_(bias.begin(), bias.end()) {
  KeepToInstructionSet();
  const int taps = layer.kernel * layer.kernel;
  const float* from = weights.data();
  for (int out = 0; out < layer.out; ++out) {
    float* const panel =
        &weights_[static_cast<std::size_t>(out / kPanelChannels) * kPanelChannels * Depth(layer) +
                  static_cast<std::size_t>(out % kPanelChannels)];
    for (int in = 0; in < layer.in; ++in) {
      for (int tap = 0; tap < taps; ++tap) {
        panel[(static_cast<std::ptrdiff_t>(tap) * layer.in + in) * kPanelChannels] = *from++;
      }
    }
  }
}

std::size_t DirectConvolution::ScratchFloats(const Layer& layer, int threads) {
  return static_cast<std::size_t>(threads) * kPixels *
         static_cast<std::size_t>(Depth(layer) + Panels(layer) * kPanelChannels);
}

void DirectConvolution::Run(const float* source, int width, int height, float* destination,
                            int threads, float* scratch) const {
  const int out_width = ResultsAlong(layer_, width);
  const int out_height = ResultsAlong(layer_, height);
  const int depth = Depth(layer_);
  const int columns = Panels(layer_) * kPanelChannels;
  const int pixels = out_width * out_height;
  const int blocks = (pixels + kPixels - 1) / kPixels;
  const bool relu = layer_.activation == Activation::kRelu;
  ParallelFor(0, threads, [&](int thread) {
    float* const values = scratch + static_cast<std::size_t>(thread) * ScratchFloats(layer_, 1);
    float* const sums = values + static_cast<std::ptrdiff_t>(kPixels) * depth;
    for (int block = thread; block < blocks; block += threads) {
      const int first = block * kPixels;
      const int count = std::min(kPixels, pixels - first);
      for (int i = 0; i < count; ++i) {
        Gather(layer_, source, width, height, (first + i) % out_width, (first + i) / out_width,
               values + static_cast<std::ptrdiff_t>(i) * depth);
      }
      HWY_DYNAMIC_DISPATCH(MultiplyPanels)
      (values, count, depth, weights_.data(), Panels(layer_), sums);
      for (int i = 0; i < count; ++i) {
        const float* const from = sums + static_cast<std::ptrdiff_t>(i) * columns;
        float* const to = destination + static_cast<std::ptrdiff_t>(first + i) * layer_.out;
        for (int c = 0; c < layer_.out; ++c) {
          const float sum =
              from[c] + bias_[static_cast<std::size_t>(c)] + (layer_.residual ? to[c] : 0.0f);
          to[c] = relu ? std::max(sum, 0.0f) : sum;
        }
      }
    }
  });
}

}  // namespace dkn

#endif  // HWY_ONCE
