#include "src/imaging/noise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "dkn/error.h"

namespace dkn {
namespace {

TEST(NoiseTest, HasTheMomentsOfAGaussian) {
  constexpr double kVariance = 0.005;
  Image image(1000, 500);
  AddGaussianNoise(image, kVariance, 3);
  double moments[5] = {};
  double neighbours = 0.0;
  for (std::size_t i = 0; i < image.size(); ++i) {
    const double z = image.data()[i] / std::sqrt(kVariance);
    for (int power = 1; power <= 4; ++power) {
      moments[power] += std::pow(z, power) / static_cast<double>(image.size());
    }
    if (i > 0) {
      neighbours += z * image.data()[i - 1] / std::sqrt(kVariance);
    }
  }
  // Five standard errors: those of the k-th moment are sqrt(E z^2k - (E z^k)^2) / sqrt(count).
  const double error = 5.0 / std::sqrt(static_cast<double>(image.size()));
  EXPECT_NEAR(moments[1], 0.0, error);
  EXPECT_NEAR(moments[2], 1.0, std::sqrt(2.0) * error);
  EXPECT_NEAR(moments[3], 0.0, std::sqrt(15.0) * error);
  EXPECT_NEAR(moments[4], 3.0, std::sqrt(96.0) * error);
  EXPECT_NEAR(neighbours / static_cast<double>(image.size()), 0.0, error);
}

TEST(NoiseTest, IsAFunctionOfSeedAndPlace) {
  Image wide(9, 4, 2);
  Image again(9, 4, 2);
  Image narrow(5, 3);
  Image other(9, 4, 2);
  AddGaussianNoise(wide, 1.0, 7);
  AddGaussianNoise(again, 1.0, 7);
  AddGaussianNoise(narrow, 1.0, 7);
  AddGaussianNoise(other, 1.0, 8);
  EXPECT_EQ(std::vector<float>(wide.data(), wide.data() + wide.size()),
            std::vector<float>(again.data(), again.data() + again.size()));
  EXPECT_EQ(narrow(4, 2), wide(4, 2));
  EXPECT_NE(other(4, 2), wide(4, 2));
  EXPECT_NE(wide(4, 2, 1), wide(4, 2, 0));
}

TEST(NoiseTest, OfVarianceZeroAddsNothing) {
  Image image(3, 3);
  AddGaussianNoise(image, 0.0, 1);
  EXPECT_EQ(image(1, 1), 0.0f);
}

TEST(NoiseTest, OfDepthFallsWithTheValue) {
  constexpr double kStrength = 651.0;
  for (const float disparity : {70.0f, 218.0f}) {
    Image image(400, 300);
    std::fill_n(image.data(), image.size(), disparity);
    AddDepthNoise(image, kStrength, 5);
    double square = 0.0;
    for (std::size_t i = 0; i < image.size(); ++i) {
      const double noise = (image.data()[i] - disparity) / (kStrength / disparity);
      square += noise * noise / static_cast<double>(image.size());
    }
    EXPECT_NEAR(square, 1.0, 5.0 * std::sqrt(2.0 / static_cast<double>(image.size())));
  }
}

TEST(NoiseTest, OfDepthLeavesWhatIsNoDepth) {
  Image image(5, 1);
  image(0, 0) = -3.0f;
  image(2, 0) = std::numeric_limits<float>::infinity();
  image(3, 0) = std::numeric_limits<float>::quiet_NaN();
  image(4, 0) = 100.0f;
  AddDepthNoise(image, 651.0, 1);
  EXPECT_EQ(image(0, 0), -3.0f);
  EXPECT_EQ(image(1, 0), 0.0f);
  EXPECT_EQ(image(2, 0), std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(image(3, 0)));
  EXPECT_NE(image(4, 0), 100.0f);
  Image again(5, 1);
  again(4, 0) = 100.0f;
  AddDepthNoise(again, 651.0, 1);
  EXPECT_EQ(again(4, 0), image(4, 0));  // a function of seed and place
}

// Linear light of 0.25 at 100 electrons: mean 25, variance 25 + 2^2; at 1000 the normal law.
TEST(NoiseTest, OfACameraHasPoissonsMomentsAndTheReadNoise) {
  for (const double electrons : {100.0, 1000.0}) {
    Image image(400, 300);
    std::fill(image.data(), image.data() + image.size(), 0.5f);
    AddCameraNoise(image, electrons, 2.0, 5);
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t i = 0; i < image.size(); ++i) {
      const double counted = electrons * image.data()[i] * image.data()[i];
      sum += counted;
      squares += counted * counted;
    }
    const auto count = static_cast<double>(image.size());
    const double mean = 0.25 * electrons;
    const double variance = squares / count - (sum / count) * (sum / count);
    EXPECT_NEAR(sum / count, mean, 5.0 * std::sqrt((mean + 4.0) / count));
    EXPECT_NEAR(variance / (mean + 4.0), 1.0, 0.03);
  }
}

TEST(NoiseTest, OfACameraStaysInRangeAndIsAFunctionOfSeedAndPlace) {
  Image image(8, 8, 2);
  std::fill(image.data(), image.data() + image.size(), 1.0f);
  image(1, 1) = std::numeric_limits<float>::quiet_NaN();
  Image again = Image::Clone(image);
  Image dark(8, 8);
  AddCameraNoise(image, 5.0, 1.0, 5);
  AddCameraNoise(again, 5.0, 1.0, 5);
  AddCameraNoise(dark, 5.0, 0.0, 5);
  EXPECT_TRUE(std::isnan(image(1, 1)));
  image(1, 1) = again(1, 1) = 0.0f;
  for (std::size_t i = 0; i < image.size(); ++i) {
    EXPECT_EQ(image.data()[i], again.data()[i]);
    EXPECT_GE(image.data()[i], 0.0f);
    EXPECT_LE(image.data()[i], 1.0f);
  }
  EXPECT_EQ(*std::max_element(dark.data(), dark.data() + dark.size()), 0.0f);
  EXPECT_THROW(AddCameraNoise(dark, 0.0, 1.0, 5), Error);
  EXPECT_THROW(AddCameraNoise(dark, 10.0, -1.0, 5), Error);
}

}  // namespace
}  // namespace dkn
