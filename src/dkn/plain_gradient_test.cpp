#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <vector>

#include "src/dkn/architecture.h"
#include "src/dkn/plain_kernel.h"
#include "src/dkn/plain_kernel_gradient.h"

namespace dkn {
namespace {

// The derivative of sum(out * c) by every weight and offset, against central differences.
TEST(PlainGradientTest, IsThatOfCentralDifferences) {
  const int width = 9;
  const int height = 8;
  std::mt19937 random(5);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  const auto fill = [&](std::vector<double>& values, double low, double high) {
    for (double& value : values) {
      value = low + (high - low) * unit(random);
    }
  };
  const auto view = [&](auto& values, int channels) {
    return BasicView<double>(values.data(), width, height, channels, width, width * height);
  };
  for (const WindowRule window : {WindowRule::kZero, WindowRule::kClamp}) {
    for (const BorderRule border : {BorderRule::kZero, BorderRule::kReplicate}) {
      Architecture architecture;
      architecture.window = 7;
      architecture.window_rule = window;
      architecture.border_rule = border;
      if (window == WindowRule::kClamp && border == BorderRule::kReplicate) {
        architecture.levels = 3;
        architecture.coarse_kernel_size = 2;
      } else {
        architecture.grid_scale = 0.9f;
      }
      const SamplingGrid<double> grid(architecture);
      const std::size_t pixels = static_cast<std::size_t>(width) * height;
      const int taps = TapCount(architecture);
      std::vector<double> target(pixels), weights(taps * pixels), offsets(2 * taps * pixels);
      std::vector<double> cotangent(pixels), out(pixels);
      fill(target, 0, 1);
      fill(weights, -1, 1);
      fill(offsets, -4, 4);
      fill(cotangent, -1, 1);
      const TargetPyramid<double> pyramid(view(target, 1), BasicView<const double>(),
                                          architecture.levels);
      const auto loss = [&] {
        WeightedAverage<double>(pyramid, view(weights, taps), view(offsets, 2 * taps), grid,
                                view(out, 1));
        double sum = 0;
        for (std::size_t i = 0; i < pixels; ++i) {
          sum += out[i] * cotangent[i];
        }
        return sum;
      };
      std::vector<double> by_weights(taps * pixels), by_offsets(2 * taps * pixels);
      WeightedAverageGradient<double>(pyramid, view(weights, taps), view(offsets, 2 * taps), grid,
                                      view(cotangent, 1), view(by_weights, taps),
                                      view(by_offsets, 2 * taps));
      const auto check = [&](std::vector<double>& values, const std::vector<double>& gradient) {
        const double step = 1e-6;
        for (std::size_t i = 0; i < values.size(); i += 7) {
          const double value = values[i];
          values[i] = value + step;
          const double above = loss();
          values[i] = value - step;
          const double below = loss();
          values[i] = value;
          ASSERT_NEAR((above - below) / (2 * step), gradient[i], 1e-6) << i;
        }
      };
      check(weights, by_weights);
      check(offsets, by_offsets);
    }
  }
}

}  // namespace
}  // namespace dkn
