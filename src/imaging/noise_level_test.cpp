#include "src/imaging/noise_level.h"

#include <gtest/gtest.h>

#include <random>

#include "src/imaging/holes.h"

namespace dkn {
namespace {

// A slope with a step of 500 every 16 columns, a tenth of its pixels holes.
Image Depth(double deviation) {
  std::mt19937 random(1);
  std::normal_distribution<double> noise;
  Image image(160, 120);
  for (int y = 0; y < 120; ++y) {
    for (int x = 0; x < 160; ++x) {
      const double hole = (x + 7 * y) % 10 == 0 ? kHole : 0.0;
      image(x, y) = static_cast<float>(1000.0 + 3.0 * x + 5.0 * y + (x / 16 % 2) * 500.0 +
                                       deviation * noise(random) + hole);
    }
  }
  return image;
}

TEST(NoiseLevel, IsTheDeviationWhateverSlopesStepsAndHolesThereAre) {
  for (const double deviation : {0.5, 4.0, 20.0}) {
    EXPECT_NEAR(NoiseLevel(Depth(deviation)), deviation, 0.12 * deviation);
  }
  EXPECT_LT(NoiseLevel(Depth(0.0)), 1e-3f);
}

TEST(NoiseLevel, WithoutThreeValuesSideBySideIsNothing) {
  EXPECT_EQ(NoiseLevel(Image(1, 1)), 0.0f);
  EXPECT_EQ(NoiseLevel(Image(2, 2)), 0.0f);
  EXPECT_EQ(NoiseLevel(MakeHoles(8, 8)), 0.0f);
}

}  // namespace
}  // namespace dkn
