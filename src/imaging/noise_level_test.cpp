#include "src/imaging/noise_level.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "src/imaging/holes.h"

namespace dkn {
namespace {

// A slope with a step of 500 every so many columns, a tenth of its pixels holes.
Image Depth(double deviation, int columns = 16) {
  std::mt19937 random(1);
  std::normal_distribution<double> noise;
  Image image(160, 120);
  for (int y = 0; y < 120; ++y) {
    for (int x = 0; x < 160; ++x) {
      const double hole = (x + 7 * y) % 10 == 0 ? kHole : 0.0;
      image(x, y) = static_cast<float>(1000.0 + 3.0 * x + 5.0 * y + (x / columns % 2) * 500.0 +
                                       deviation * noise(random) + hole);
    }
  }
  return image;
}

// A sixteenth of the differences is of edges, which count as 4 times the mean.
TEST(NoiseLevel, IsTheDeviationWhateverSlopesStepsAndHolesThereAre) {
  for (const double deviation : {0.5, 4.0, 20.0}) {
    EXPECT_GT(NoiseLevel(Depth(deviation)), deviation);
    EXPECT_LT(NoiseLevel(Depth(deviation)), 1.25 * deviation);
  }
  EXPECT_LT(NoiseLevel(Depth(0.0)), 1e-3f);
}

// As of structured light: the noise is hidden by steps, but for the places between two of them.
TEST(NoiseLevel, StepsCoarserThanTheNoiseAreSeen) {
  Image image = Depth(3.0);
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      image(x, y) = 12.0f * std::round(image(x, y) / 12.0f);
    }
  }
  EXPECT_GT(NoiseLevel(image), 2.0f);
  EXPECT_LT(NoiseLevel(image), 8.0f);
}

TEST(NoiseLevel, IsOfWhatIsMeasuredAlone) {
  Image image = Depth(4.0);
  Image measured(image.width(), image.height());
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      measured(x, y) = std::isfinite(image(x, y)) && x % 32 < 24 ? 1.0f : 0.0f;
      image(x, y) = measured(x, y) > 0.0f ? image(x, y) : static_cast<float>(31 * x % 1000);
    }
  }
  EXPECT_GT(NoiseLevel(image, measured), 4.0f);
  EXPECT_LT(NoiseLevel(image, measured), 5.0f);
  EXPECT_GT(NoiseLevel(image), 20.0f);
}

TEST(NoiseLevel, OfPixelsThatLieApartIsOfTheirDifferences) {
  Image stripes(16, 16);  // of 4 columns each
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) {
      stripes(x, y) = static_cast<float>(x / 4 % 2);
    }
  }
  const float near = NoiseLevel(stripes);
  EXPECT_GT(NoiseLevel(stripes, {}, {4, 4}), near);
  EXPECT_EQ(NoiseLevel(stripes, {}, {8, 1}), 0.0f);  // whole periods
  EXPECT_EQ(NoiseLevel(stripes, {}, {8, 8}), 0.0f);  // no three values
}

TEST(NoiseLevel, WithoutThreeValuesSideBySideIsNothing) {
  EXPECT_EQ(NoiseLevel(Image(1, 1)), 0.0f);
  EXPECT_EQ(NoiseLevel(Image(2, 2)), 0.0f);
  EXPECT_EQ(NoiseLevel(MakeHoles(8, 8)), 0.0f);
}

TEST(NoiseOfSmoothParts, IsTheNoiseWhereThereIsNoDetail) {
  Image image = Depth(0.0, 64);
  std::mt19937 random(2);
  std::normal_distribution<float> noise;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      image(x, y) += (x < 32 ? 2.0f : 30.0f) * noise(random);
    }
  }
  EXPECT_GT(NoiseOfSmoothParts(image), 1.5f);
  EXPECT_LT(NoiseOfSmoothParts(image), 2.5f);
  EXPECT_LT(NoiseOfSmoothParts(Depth(0.0, 64)), 1e-3f);
}

TEST(NoiseOfSmoothParts, WithoutAWholeBlockIsNothing) {
  EXPECT_EQ(NoiseOfSmoothParts(Image(7, 100)), 0.0f);
  EXPECT_EQ(NoiseOfSmoothParts(MakeHoles(16, 16)), 0.0f);
}

}  // namespace
}  // namespace dkn
