#include "src/net/weight_gradient.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/core/test_properties.h"
#include "src/core/test_targets.h"
#include "src/net/machine.h"
#include "src/net/test_convolutions.h"

namespace dkn {
namespace {

// The gradient by one weight: the sum over results of theirs and of what the weight met there.
double Expected(const Layer& layer, const Features& source, const Features& results, int out,
                int in, int row, int column) {
  double sum = 0.0;
  for (int y = 0; y < results.height; ++y) {
    for (int x = 0; x < results.width; ++x) {
      sum += static_cast<double>(results.At(x, y, out)) *
             source.At(x + column - layer.padding, y + row - layer.padding, in);
    }
  }
  return sum;
}

// What was there and the gradient. The scratch memory is full of NaN before.
std::vector<float> AddOnce(const Layer& layer, const Features& source, const Features& results,
                           std::vector<float> before) {
  std::vector<float> scratch(WeightGradientScratchFloats(layer, source.width, source.height),
                             std::numeric_limits<float>::quiet_NaN());
  AddWeightGradient(layer, source.values.data(), source.width, source.height, results.values.data(),
                    before.data(), scratch.data());
  return before;
}

Features ResultsFor(const Layer& layer, const Features& source, unsigned seed) {
  const int more = 2 * layer.padding - layer.kernel + 1;
  return RandomFeatures(source.width + more, source.height + more, layer.out, seed);
}

TEST(WeightGradientTest, EqualsTheSumsOverPixels) {
  std::mt19937 random(6);
  OnEachTarget([&] {
    for (int trial = 0; trial < Trials(12); ++trial) {
      const unsigned seed = static_cast<unsigned>(trial);
      Layer layer{"conv", 16 * RandomInt(1, 3, random), 16 * RandomInt(1, 3, random)};
      layer.kernel = 2 * RandomInt(0, 2, random) + 1;
      layer.padding = layer.kernel > 1 ? RandomInt(0, 2, random) : 0;
      const int least = layer.kernel - layer.padding;
      // Some have more tiles than are taken at once.
      const Features source =
          RandomFeatures(RandomInt(least, trial > 8 ? 70 : 20, random),
                         RandomInt(least, trial > 8 ? 70 : 20, random), layer.in, seed);
      const Features results = ResultsFor(layer, source, seed + 100);
      const int taps = layer.kernel * layer.kernel;
      const std::vector<float> before =
          RandomValues(static_cast<std::size_t>(layer.out) * layer.in * taps, 1.0f, 7);
      const std::vector<float> gradient = AddOnce(layer, source, results, before);
      // What a sum of so many products is about as large as, and the share of it that rounding is.
      const double sums = std::sqrt(static_cast<double>(results.width) * results.height);
      const double rounding = layer.kernel == 5 ? 4e-5 : 1e-5;
      for (std::size_t i = 0; i < gradient.size(); i += 7) {
        const int tap = static_cast<int>(i) % taps;
        const int in = static_cast<int>(i) / taps % layer.in;
        const int out = static_cast<int>(i) / taps / layer.in;
        ASSERT_NEAR(
            gradient[i] - before[i],
            Expected(layer, source, results, out, in, tap / layer.kernel, tap % layer.kernel),
            rounding * sums)
            << layer.in << " -> " << layer.out << ", kernel " << layer.kernel << ", "
            << source.width << " x " << source.height << " + " << layer.padding << ", at " << i;
      }
    }
  });
}

TEST(WeightGradientTest, HasTheSameBitsOnAnyNumberOfThreads) {
  for (const int kernel : {1, 3, 5}) {
    const Layer layer{"conv", 32, 48, kernel, 1, kernel / 2};
    const Features source = RandomFeatures(61, 43, 32, 1);
    const Features results = ResultsFor(layer, source, 2);
    const std::vector<float> before(static_cast<std::size_t>(32) * 48 * kernel * kernel);
    std::vector<float> alone;
    {
      const ThreadCount one(1);
      alone = AddOnce(layer, source, results, before);
    }
    for (const int threads : {2, 3}) {
      const ThreadCount several(threads);
      EXPECT_TRUE(AddOnce(layer, source, results, before) == alone) << threads;
    }
  }
}

TEST(WeightGradientTest, IsForLayersInSixteensWhereOneDnnIsSlow) {
  const std::string set = InstructionSet();
  const bool slow = set == "NEON" || set.starts_with("AVX2");
  const Layer layer{"conv", 48, 32, 3, 1, 1};
  EXPECT_EQ(HasOwnWeightGradient(layer), slow);
  const auto but = [&](auto change) {
    Layer other = layer;
    change(other);
    return HasOwnWeightGradient(other);
  };
  const auto make_pointwise = [](Layer& other) {
    other.kernel = 1;
    other.padding = 0;
  };
  EXPECT_EQ(but(make_pointwise), slow);
  EXPECT_FALSE(but([](Layer& other) { other.kernel = 1; }));
  EXPECT_EQ(but([](Layer& other) { other.kernel = 5; }), slow);
  EXPECT_FALSE(but([](Layer& other) { other.kernel = 7; }));
  EXPECT_FALSE(but([](Layer& other) { other.stride = 2; }));
  EXPECT_FALSE(but([](Layer& other) { other.dilation = 2; }));
  EXPECT_FALSE(but([](Layer& other) { other.groups = 2; }));
  EXPECT_FALSE(but([](Layer& other) { other.in = 40; }));
  EXPECT_FALSE(but([&](Layer& other) {
    make_pointwise(other);
    other.out = 27;
  }));
}

}  // namespace
}  // namespace dkn
