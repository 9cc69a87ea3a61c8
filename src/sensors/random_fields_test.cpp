#include "src/sensors/random_fields.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dkn/error.h"

namespace dkn::sensors {
namespace {

// The mean of value^power.
double Moment(const Image& image, int power) {
  double sum = 0.0;
  for (std::size_t i = 0; i < image.size(); ++i) {
    sum += std::pow(static_cast<double>(image.data()[i]), power);
  }
  return sum / static_cast<double>(image.size());
}

// The mean product of values `distance` pixels apart, along rows or columns.
double Correlation(const Image& image, int dx, int dy) {
  double sum = 0.0;
  for (int y = 0; y + dy < image.height(); ++y) {
    for (int x = 0; x + dx < image.width(); ++x) {
      sum += static_cast<double>(image(x, y)) * image(x + dx, y + dy);
    }
  }
  return sum / ((image.width() - dx) * (image.height() - dy));
}

TEST(RandomFields, WhiteNoiseHasAGaussiansMoments) {
  const Image noise = WhiteNoise(1000, 1000, 1);
  // Deviations of the moments of a million values: 0.001, 0.0014, 0.004, 0.01, 0.1.
  EXPECT_NEAR(Moment(noise, 1), 0.0, 0.004);
  EXPECT_NEAR(Moment(noise, 2), 1.0, 0.006);
  EXPECT_NEAR(Moment(noise, 3), 0.0, 0.016);
  EXPECT_NEAR(Moment(noise, 4), 3.0, 0.04);
  EXPECT_NEAR(Moment(noise, 6), 15.0, 0.5);
  EXPECT_NEAR(Correlation(noise, 1, 0), 0.0, 0.004);
  EXPECT_NEAR(Correlation(noise, 0, 1), 0.0, 0.004);
}

TEST(RandomFields, SmoothNoiseIsAsAlikeAsWindowsOverlap) {
  for (const int window : {3, 9}) {
    const Image noise = SmoothNoise(1200, 1000, window, 2);
    const double tolerance = 0.012 * window;
    EXPECT_NEAR(Moment(noise, 1), 0.0, tolerance);
    EXPECT_NEAR(Moment(noise, 2), 1.0, tolerance);
    for (const int distance : {1, window / 2, window}) {
      const double shared = 1.0 - static_cast<double>(distance) / window;
      EXPECT_NEAR(Correlation(noise, distance, 0), shared, tolerance);
      EXPECT_NEAR(Correlation(noise, 0, distance), shared, tolerance);
    }
  }
}

TEST(RandomFields, SmoothNoiseIsTheSumOfItsWindow) {
  // Whatever the window, values one window apart share nothing and those beside the border are as
  // varied as others: over many seeds the corner has variance 1.
  double sum = 0.0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const float corner = SmoothNoise(1, 1, 5, seed)(0, 0);
    sum += static_cast<double>(corner) * corner;
  }
  EXPECT_NEAR(sum / 4000.0, 1.0, 0.1);
  const Image even = SmoothNoise(20, 10, 4, 3);
  const Image odd = SmoothNoise(20, 10, 5, 3);
  EXPECT_TRUE(std::equal(even.data(), even.data() + even.size(), odd.data()));
}

TEST(RandomFields, UniformNoise) {
  const Image noise = UniformNoise(1000, 500, 4);
  EXPECT_NEAR(Moment(noise, 1), 0.5, 0.002);
  EXPECT_NEAR(Moment(noise, 2), 1.0 / 3.0, 0.002);
  const auto [low, high] = std::minmax_element(noise.data(), noise.data() + noise.size());
  EXPECT_GE(*low, 0.0f);
  EXPECT_LT(*high, 1.0f);
}

TEST(RandomFields, TheSeedDecides) {
  for (const int window : {1, 7}) {
    const Image a = SmoothNoise(64, 64, window, 5);
    const Image b = SmoothNoise(64, 64, window, 5);
    const Image c = SmoothNoise(64, 64, window, 6);
    EXPECT_TRUE(std::equal(a.data(), a.data() + a.size(), b.data()));
    double product = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      product += static_cast<double>(a.data()[i]) * c.data()[i];
    }
    EXPECT_LT(std::fabs(product) / 4096.0, 0.07 * window);
  }
}

TEST(RandomFields, RefusesWindows) {
  EXPECT_THROW(SmoothNoise(4, 4, 0, 1), Error);
  EXPECT_THROW(SmoothNoise(4, 4, 128, 1), Error);
}

TEST(RandomFields, NormalShare) {
  for (float x = -5.0f; x <= 5.0f; x += 0.125f) {
    EXPECT_NEAR(NormalShare(x), 0.5 * std::erfc(-x / std::sqrt(2.0)), 2.6e-4) << x;
  }
}

}  // namespace
}  // namespace dkn::sensors
