#include "src/dkn/training_kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "src/core/random_image.h"
#include "src/core/test_properties.h"
#include "src/core/test_targets.h"
#include "src/dkn/plain_kernel_gradient.h"

namespace dkn {
namespace {

// Values from -scale to scale.
Image Spread(int width, int height, int channels, float scale, unsigned seed) {
  Image image = RandomImage(width, height, channels, seed);
  for (std::size_t i = 0; i < image.size(); ++i) {
    image.data()[i] = scale * (2.0f * image.data()[i] - 1.0f);
  }
  return image;
}

struct TrainingCase {
  Architecture architecture;
  int width;
  int height;
  Lattice lattice;
};

TrainingCase RandomCase(std::mt19937& random) {
  TrainingCase result;
  Architecture& architecture = result.architecture;
  architecture.kernel_size = RandomInt(1, 2, random) * 2 + 1;
  architecture.window = 9;
  architecture.levels = RandomInt(0, 1, random) == 0 ? 1 : RandomInt(2, 5, random);
  architecture.coarse_kernel_size = RandomInt(1, 2, random);
  architecture.residual = RandomInt(0, 1, random) == 1;
  result.width = RandomInt(3, 45, random);
  result.height = RandomInt(3, 12, random);
  if (RandomInt(0, 1, random) == 1) {
    result.lattice = {RandomInt(0, 2, random), RandomInt(0, 2, random), 3};
  }
  return result;
}

double LargestDifference(const Image& a, const Image& b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(a.data()[i]) - b.data()[i]));
  }
  return largest;
}

TEST(TrainingKernelTest, IsThePlainKernel) {
  std::mt19937 random(3);
  OnEachTarget([&] {
    for (int trial = 0; trial < Trials(30); ++trial) {
      const unsigned seed = static_cast<unsigned>(trial);
      const TrainingCase c = RandomCase(random);
      const SamplingGrid<float> grid(c.architecture);
      ASSERT_TRUE(HasTrainingKernel(grid));
      const int taps = TapCount(c.architecture);
      const int width = (c.width - c.lattice.x + c.lattice.step - 1) / c.lattice.step;
      const int height = (c.height - c.lattice.y + c.lattice.step - 1) / c.lattice.step;
      const Image values = RandomImage(c.width, c.height, 1, seed);
      const TargetPyramid<float> target(values.view(), ConstView(), c.architecture.levels);
      const Image weights = Spread(width, height, taps, 1.0f, seed + 1);
      const Image offsets = Spread(width, height, 2 * taps, trial % 2 == 0 ? 1.0f : 8.0f, seed + 2);
      const Image cotangent = Spread(width, height, 1, 1.0f, seed + 3);

      Image expected(width, height);
      WeightedAverage<float>(target, weights.view(), offsets.view(), grid, expected.view(),
                             c.lattice);
      Image result = Spread(width, height, 1, 1.0f, seed + 4);
      AverageForTraining(target, weights.view(), offsets.view(), grid, result.view(), c.lattice);
      EXPECT_LT(LargestDifference(result, expected), 1e-5) << width << " x " << height;

      Image expected_by_weights(width, height, taps);
      Image expected_by_offsets(width, height, 2 * taps);
      WeightedAverageGradient<float>(target, weights.view(), offsets.view(), grid, cotangent.view(),
                                     expected_by_weights.view(), expected_by_offsets.view(),
                                     c.lattice);
      Image by_weights = Spread(width, height, taps, 1.0f, seed + 5);
      Image by_offsets = Spread(width, height, 2 * taps, 1.0f, seed + 6);
      GradientForTraining(target, weights.view(), offsets.view(), grid, cotangent.view(),
                          by_weights.view(), by_offsets.view(), c.lattice);
      EXPECT_LT(LargestDifference(by_weights, expected_by_weights), 1e-5);
      EXPECT_LT(LargestDifference(by_offsets, expected_by_offsets), 1e-5);
    }
  });
}

// Networks that diverge give such offsets; a run is to end with its own message.
TEST(TrainingKernelTest, AnyOffsetIsSafe) {
  OnEachTarget([] {
    Architecture architecture;
    architecture.levels = 3;
    architecture.coarse_kernel_size = 1;
    const SamplingGrid<float> grid(architecture);
    const int taps = TapCount(architecture);
    const Image values = RandomImage(40, 5, 1, 1);
    const TargetPyramid<float> target(values.view(), ConstView(), architecture.levels);
    const Image weights = RandomImage(40, 5, taps, 2);
    Image result(40, 5);
    Image by_offsets(40, 5, 2 * taps);
    Image by_weights(40, 5, taps);
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    for (const float offset : {std::numeric_limits<float>::quiet_NaN(), kInfinity, -kInfinity,
                               std::numeric_limits<float>::max()}) {
      Image offsets(40, 5, 2 * taps);
      std::fill_n(offsets.data(), offsets.size(), offset);
      AverageForTraining(target, weights.view(), offsets.view(), grid, result.view(), {});
      GradientForTraining(target, weights.view(), offsets.view(), grid, values.view(),
                          by_weights.view(), by_offsets.view(), {});
    }
  });
}

TEST(TrainingKernelTest, IsForLimitedOffsetsAndRepeatedBorders) {
  const auto has = [](WindowRule window, BorderRule border) {
    Architecture architecture;
    architecture.window_rule = window;
    architecture.border_rule = border;
    return HasTrainingKernel(SamplingGrid<float>(architecture));
  };
  EXPECT_TRUE(has(WindowRule::kClamp, BorderRule::kReplicate));
  EXPECT_FALSE(has(WindowRule::kZero, BorderRule::kReplicate));
  EXPECT_FALSE(has(WindowRule::kClamp, BorderRule::kZero));
}

}  // namespace
}  // namespace dkn
