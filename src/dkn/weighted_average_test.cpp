#include "src/dkn/weighted_average.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "src/core/test_images.h"

namespace dkn {
namespace {

Image Average(const Image& target, const Image& weights, const Image& offsets,
              const Architecture& architecture) {
  Image out(target.width(), target.height());
  WeightedAverage<float>(target, weights, offsets, SamplingGrid<float>(architecture), out.view());
  return out;
}

TEST(WeightedAverageTest, OneHotKernelWithoutOffsetIsTheIdentity) {
  const Architecture architecture;
  const Image target = RandomImage(13, 9, 1, 0, 1, 1);
  Image weights(13, 9, 9);
  std::fill_n(weights.Row(0, 4), 13 * 9, 1.0f);  // the centre of the 3 x 3
  const Image out = Average(target, weights, Image(13, 9, 18), architecture);
  for (std::size_t i = 0; i < target.size(); ++i) {
    ASSERT_EQ(out.data()[i], target.data()[i]);
  }
}

TEST(WeightedAverageTest, TapsLieRowByRowAndOffsetsMoveThem) {
  Architecture architecture;
  const Image target = RandomImage(21, 21, 1, 0, 1, 2);
  Image weights(21, 21, 9);
  Image offsets(21, 21, 18);
  weights(10, 10, 5) = 1.0f;  // row 1, column 2: one to the right
  offsets(10, 10, 2 * 5) = 2.0f;
  offsets(10, 10, 2 * 5 + 1) = -3.0f;
  EXPECT_FLOAT_EQ(Average(target, weights, offsets, architecture)(10, 10), target(13, 7));
  // The transposed order puts the same tap one below.
  architecture.tap_order = TapOrder::kColumnMajor;
  EXPECT_FLOAT_EQ(Average(target, weights, offsets, architecture)(10, 10), target(12, 8));
}

TEST(WeightedAverageTest, PositionsBetweenPixelsAreBilinear) {
  const Architecture architecture;
  Image target(16, 16);
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) {
      target(x, y) = 2.0f * x - 3.0f * y + 0.5f * x * y;  // bilinear functions are reproduced
    }
  }
  Image weights(16, 16, 9);
  Image offsets(16, 16, 18);
  weights(8, 7, 4) = 1.0f;
  offsets(8, 7, 8) = 0.3f;
  offsets(8, 7, 9) = -1.6f;
  const float x = 8.3f;
  const float y = 5.4f;
  EXPECT_NEAR(Average(target, weights, offsets, architecture)(8, 7),
              2.0f * x - 3.0f * y + 0.5f * x * y, 1e-4);
}

TEST(WeightedAverageTest, ConstantStaysConstantWithReplicatedBorder) {
  const Architecture architecture;
  Image target(12, 10);
  std::fill_n(target.data(), target.size(), 0.7f);
  Image weights(12, 10, 9);
  std::fill_n(weights.data(), weights.size(), 1.0f / 9.0f);
  const Image offsets = RandomImage(12, 10, 18, -20, 20, 3);
  const Image out = Average(target, weights, offsets, architecture);
  for (std::size_t i = 0; i < out.size(); ++i) {
    ASSERT_NEAR(out.data()[i], 0.7f, 1e-6);
  }
}

TEST(WeightedAverageTest, ZeroBorderReadsZeroOutside) {
  Architecture architecture;
  architecture.border_rule = BorderRule::kZero;
  Image target(8, 8);
  std::fill_n(target.data(), target.size(), 1.0f);
  Image weights(8, 8, 9);
  Image offsets(8, 8, 18);
  weights(0, 4, 3) = 1.0f;  // column 0: at x = -1
  weights(0, 5, 3) = 1.0f;  // at x = -0.25 once moved
  offsets(0, 5, 6) = 0.75f;
  const Image out = Average(target, weights, offsets, architecture);
  EXPECT_EQ(out(0, 4), 0.0f);
  EXPECT_FLOAT_EQ(out(0, 5), 0.75f);
}

TEST(WeightedAverageTest, WindowRulesLimitWhatIsRead) {
  Architecture architecture;
  architecture.window = 5;  // radius 2; k = 3 leaves offsets of +-1
  Image target(32, 32);
  for (int x = 0; x < 32; ++x) {
    for (int y = 0; y < 32; ++y) {
      target(x, y) = static_cast<float>(x);
    }
  }
  Image weights(32, 32, 9);
  Image offsets(32, 32, 18);
  for (int y = 0; y < 32; ++y) {
    weights(16, y, 5) = 1.0f;  // one to the right
  }
  offsets(16, 10, 10) = 9.0f;
  offsets(16, 11, 10) = 1.5f;
  EXPECT_FLOAT_EQ(Average(target, weights, offsets, architecture)(16, 10), 18.0f);
  EXPECT_FLOAT_EQ(Average(target, weights, offsets, architecture)(16, 11), 18.0f);
  architecture.window_rule = WindowRule::kZero;
  const Image out = Average(target, weights, offsets, architecture);
  EXPECT_FLOAT_EQ(out(16, 10), 0.0f);
  EXPECT_FLOAT_EQ(out(16, 11), 9.0f);  // half of the window's last pixel, half of nothing
}

TEST(WeightedAverageTest, AnyOffsetIsSafe) {
  const float inf = std::numeric_limits<float>::infinity();
  for (const WindowRule window : {WindowRule::kZero, WindowRule::kClamp}) {
    for (const BorderRule border : {BorderRule::kZero, BorderRule::kReplicate}) {
      Architecture architecture;
      architecture.window_rule = window;
      architecture.border_rule = border;
      const Image target = RandomImage(1, 1, 1, 0, 1, 4);
      Image weights(1, 1, 9);
      std::fill_n(weights.data(), 9, 0.125f);
      for (const float offset : {1e30f, -1e30f, inf, -inf, std::nanf("")}) {
        Image offsets(1, 1, 18);
        std::fill_n(offsets.data(), 18, offset);
        EXPECT_TRUE(std::isfinite(Average(target, weights, offsets, architecture)(0, 0)));
      }
    }
  }
}

// The derivative of sum(out * c) by every weight and offset, against central differences.
TEST(WeightedAverageTest, GradientIsThatOfCentralDifferences) {
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
      architecture.grid_scale = 0.9f;
      const SamplingGrid<double> grid(architecture);
      const std::size_t pixels = static_cast<std::size_t>(width) * height;
      std::vector<double> target(pixels), weights(9 * pixels), offsets(18 * pixels);
      std::vector<double> cotangent(pixels), out(pixels);
      fill(target, 0, 1);
      fill(weights, -1, 1);
      fill(offsets, -4, 4);
      fill(cotangent, -1, 1);
      const auto loss = [&] {
        WeightedAverage<double>(view(target, 1), view(weights, 9), view(offsets, 18), grid,
                                view(out, 1));
        double sum = 0;
        for (std::size_t i = 0; i < pixels; ++i) {
          sum += out[i] * cotangent[i];
        }
        return sum;
      };
      std::vector<double> by_weights(9 * pixels), by_offsets(18 * pixels);
      WeightedAverageGradient<double>(view(target, 1), view(weights, 9), view(offsets, 18), grid,
                                      view(cotangent, 1), view(by_weights, 9),
                                      view(by_offsets, 18));
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
