#include "src/net/winograd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <random>
#include <vector>

#include "src/core/test_properties.h"
#include "src/core/test_targets.h"
#include "src/net/test_convolutions.h"

namespace dkn {
namespace {

Layer ThreeByThree(int in, int out, int padding, Activation activation, bool residual) {
  return {"conv", in, out, 3, 1, padding, false, activation, /*dilation=*/1, residual};
}

// The sum that a convolution is, one pixel and channel of it.
double Sum(const Convolution& convolution, const Features& image, int x, int y, int out) {
  const Layer& layer = convolution.layer;
  double sum = convolution.bias[static_cast<std::size_t>(out)];
  const float* weight =
      &convolution.weights[static_cast<std::size_t>(out) * layer.in * layer.kernel * layer.kernel];
  for (int in = 0; in < layer.in; ++in) {
    for (int row = 0; row < layer.kernel; ++row) {
      for (int column = 0; column < layer.kernel; ++column, ++weight) {
        sum += static_cast<double>(*weight) *
               image.At(x + column - layer.padding, y + row - layer.padding, in);
      }
    }
  }
  return sum;
}

// What the layer makes of the image, on so many threads, where `before` lies. The scratch memory is
// full of NaN before.
std::vector<float> RunOnce(const Convolution& convolution, const Features& image, int threads,
                           const std::vector<float>& before) {
  const Layer& layer = convolution.layer;
  const WinogradConvolution winograd(layer, convolution.weights, convolution.bias);
  std::vector<float> scratch(WinogradConvolution::ScratchFloats(layer, threads),
                             std::numeric_limits<float>::quiet_NaN());
  std::vector<float> result = before;
  winograd.Run(image.values.data(), image.width, image.height, result.data(), threads,
               scratch.data());
  return result;
}

TEST(WinogradConvolutionTest, EqualsTheSumsOfAConvolution) {
  std::mt19937 random(4);
  OnEachTarget([&] {
    for (int trial = 0; trial < Trials(12); ++trial) {
      const int padding = RandomInt(0, 2, random);
      const int least = std::max(1, 3 - 2 * padding);
      const bool residual = padding == 1 && RandomInt(0, 1, random) == 1;
      const int in = 16 * RandomInt(1, 4, random);
      const int out = residual ? in : 16 * RandomInt(1, 4, random);
      const Layer layer = ThreeByThree(
          in, out, padding, RandomInt(0, 1, random) == 1 ? Activation::kRelu : Activation::kNone,
          residual);
      ASSERT_TRUE(WinogradConvolution::Fits(layer));
      const Convolution convolution = RandomConvolution(layer, static_cast<unsigned>(trial));
      const Features image =
          RandomFeatures(least + RandomInt(0, 20, random), least + RandomInt(0, 14, random), in,
                         static_cast<unsigned>(trial) + 100);
      const int width = image.width + 2 * padding - 2;
      const int height = image.height + 2 * padding - 2;
      const std::vector<float> before =
          RandomValues(static_cast<std::size_t>(width) * height * out, 1.0f, 7);
      const std::vector<float> result =
          RunOnce(convolution, image, RandomInt(1, 3, random), before);
      for (std::size_t i = 0; i < result.size(); ++i) {
        const int pixel = static_cast<int>(i) / out;
        double expected =
            Sum(convolution, image, pixel % width, pixel / width, static_cast<int>(i) % out);
        expected += residual ? before[i] : 0.0f;
        expected = layer.activation == Activation::kRelu ? std::max(expected, 0.0) : expected;
        ASSERT_NEAR(result[i], expected, 2e-5)
            << in << " -> " << out << ", " << image.width << " x " << image.height << " + "
            << padding << ", at " << i;
      }
    }
  });
}

TEST(WinogradConvolutionTest, HasTheSameBitsOnAnyNumberOfThreads) {
  const Convolution convolution =
      RandomConvolution(ThreeByThree(32, 64, 1, Activation::kRelu, false), 1);
  const Features image = RandomFeatures(61, 43, 32, 2);
  const std::vector<float> before(static_cast<std::size_t>(61) * 43 * 64, -1.0f);
  const std::vector<float> alone = RunOnce(convolution, image, 1, before);
  for (const int threads : {2, 3, 16, 1000}) {
    EXPECT_TRUE(RunOnce(convolution, image, threads, before) == alone) << threads;
  }
}

TEST(WinogradConvolutionTest, IsForLayersOfThreeByThreeInSixteens) {
  const Layer layer = ThreeByThree(48, 32, 1, Activation::kRelu, false);
  EXPECT_TRUE(WinogradConvolution::Fits(layer));
  const auto but = [&](auto change) {
    Layer other = layer;
    change(other);
    return WinogradConvolution::Fits(other);
  };
  EXPECT_FALSE(but([](Layer& other) { other.kernel = 5; }));
  EXPECT_FALSE(but([](Layer& other) { other.stride = 2; }));
  EXPECT_FALSE(but([](Layer& other) { other.dilation = 2; }));
  EXPECT_FALSE(but([](Layer& other) { other.groups = 2; }));
  EXPECT_FALSE(but([](Layer& other) { other.in = 40; }));
  EXPECT_FALSE(but([](Layer& other) { other.out = 27; }));
}

}  // namespace
}  // namespace dkn
