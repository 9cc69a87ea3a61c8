#include "src/net/own_convolution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "src/core/test_properties.h"
#include "src/core/test_targets.h"
#include "src/net/machine.h"
#include "src/net/test_convolutions.h"
#include "src/net/winograd.h"

namespace dkn {
namespace {

int Results(const Layer& layer, int length) {
  return (length + 2 * layer.padding - layer.dilation * (layer.kernel - 1) - 1) / layer.stride + 1;
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
               image.At(x * layer.stride + column * layer.dilation - layer.padding,
                        y * layer.stride + row * layer.dilation - layer.padding, in);
      }
    }
  }
  return sum;
}

// What the layer makes of the image, on so many threads, where `before` lies. The scratch memory is
// full of NaN before.
std::vector<float> RunOnce(OwnAlgorithm algorithm, const Convolution& convolution,
                           const Features& image, int threads, const std::vector<float>& before) {
  std::vector<float> scratch(OwnScratchFloats(algorithm, convolution.layer, threads),
                             std::numeric_limits<float>::quiet_NaN());
  std::vector<float> result = before;
  MakeOwnConvolution(algorithm, convolution.layer, convolution.weights, convolution.bias)
      ->Run(image.values.data(), image.width, image.height, result.data(), threads, scratch.data());
  return result;
}

class OwnConvolutionTest : public testing::TestWithParam<OwnAlgorithm> {
 protected:
  // A layer that this way can compute.
  Layer RandomLayer(std::mt19937& random) const {
    const bool any = GetParam() == OwnAlgorithm::kDirect;
    Layer layer{"conv", RandomInt(1, 4, random), RandomInt(1, 4, random), 3};
    layer.in *= any ? 3 : 16;
    layer.out *= any ? 13 : 16;
    layer.kernel = any ? RandomInt(1, 5, random) : RandomInt(0, 1, random) == 1 ? 3 : 5;
    if (any) {
      layer.stride = RandomInt(1, 3, random);
      layer.dilation = RandomInt(1, 2, random);
    }
    layer.padding = RandomInt(0, 2, random);
    layer.activation = RandomInt(0, 1, random) == 1 ? Activation::kRelu : Activation::kNone;
    layer.residual = RandomInt(0, 1, random) == 1;
    return layer;
  }
};

TEST_P(OwnConvolutionTest, EqualsTheSumsOfAConvolution) {
  std::mt19937 random(4);
  OnEachTarget([&] {
    for (int trial = 0; trial < Trials(12); ++trial) {
      const Layer layer = RandomLayer(random);
      const Convolution convolution = RandomConvolution(layer, static_cast<unsigned>(trial));
      const int least = std::max(1, layer.dilation * (layer.kernel - 1) + 1 - 2 * layer.padding);
      const Features image =
          RandomFeatures(least + RandomInt(0, 20, random), least + RandomInt(0, 14, random),
                         layer.in, static_cast<unsigned>(trial) + 100);
      const int width = Results(layer, image.width);
      const int height = Results(layer, image.height);
      const std::vector<float> before =
          RandomValues(static_cast<std::size_t>(width) * height * layer.out, 1.0f, 7);
      const std::vector<float> result =
          RunOnce(GetParam(), convolution, image, RandomInt(1, 3, random), before);
      for (std::size_t i = 0; i < result.size(); ++i) {
        const int pixel = static_cast<int>(i) / layer.out;
        double expected =
            Sum(convolution, image, pixel % width, pixel / width, static_cast<int>(i) % layer.out);
        expected += layer.residual ? before[i] : 0.0f;
        expected = layer.activation == Activation::kRelu ? std::max(expected, 0.0) : expected;
        ASSERT_NEAR(result[i], expected, 2e-5)
            << layer.in << " -> " << layer.out << ", kernel " << layer.kernel << ", stride "
            << layer.stride << ", dilation " << layer.dilation << ", " << image.width << " x "
            << image.height << " + " << layer.padding << ", at " << i;
      }
    }
  });
}

TEST_P(OwnConvolutionTest, HasTheSameBitsOnAnyNumberOfThreads) {
  const Convolution convolution =
      RandomConvolution({"conv", 32, 64, 3, 1, 1, false, Activation::kRelu}, 1);
  const Features image = RandomFeatures(61, 43, 32, 2);
  const std::vector<float> before(static_cast<std::size_t>(61) * 43 * 64, -1.0f);
  const std::vector<float> alone = RunOnce(GetParam(), convolution, image, 1, before);
  for (const int threads : {2, 3, 16, 1000}) {
    EXPECT_TRUE(RunOnce(GetParam(), convolution, image, threads, before) == alone) << threads;
  }
}

INSTANTIATE_TEST_SUITE_P(Algorithms, OwnConvolutionTest,
                         testing::Values(OwnAlgorithm::kWinograd, OwnAlgorithm::kDirect),
                         [](const auto& info) {
                           return info.param == OwnAlgorithm::kDirect ? "Direct" : "Winograd";
                         });

TEST(WinogradConvolutionTest, IsForLayersOfThreeOrFiveInSixteens) {
  const Layer layer{"conv", 48, 32, 3, 1, 1, false, Activation::kRelu};
  EXPECT_TRUE(WinogradConvolution::Fits(layer));
  const auto but = [&](auto change) {
    Layer other = layer;
    change(other);
    return WinogradConvolution::Fits(other);
  };
  EXPECT_TRUE(but([](Layer& other) { other.kernel = 5; }));
  EXPECT_FALSE(but([](Layer& other) { other.kernel = 7; }));
  EXPECT_FALSE(but([](Layer& other) { other.stride = 2; }));
  EXPECT_FALSE(but([](Layer& other) { other.dilation = 2; }));
  EXPECT_FALSE(but([](Layer& other) { other.groups = 2; }));
  EXPECT_FALSE(but([](Layer& other) { other.in = 40; }));
  EXPECT_FALSE(but([](Layer& other) { other.out = 27; }));
}

TEST(OwnConvolutionChoiceTest, ReplacesWhatOneDnnHasNot) {
  const std::string set = InstructionSet();
  const bool arm = set == "NEON";
  const Layer three{"conv", 48, 32, 3, 1, 1, false, Activation::kRelu};
  const Layer heads{"conv", 128, 27, 1, 1, 0, false, Activation::kNone};
  const std::optional direct = OwnAlgorithm::kDirect;
  const std::optional<OwnAlgorithm> onednn;
  EXPECT_EQ(ChooseOwnConvolution(three),
            arm || set.starts_with("AVX2") ? OwnAlgorithm::kWinograd : onednn);
  EXPECT_EQ(ChooseOwnConvolution(three, /*winograd=*/false), arm ? direct : onednn);
  EXPECT_EQ(ChooseOwnConvolution(heads), arm ? direct : onednn);
}

}  // namespace
}  // namespace dkn
