#include "src/sensors/degradations.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "dkn/error.h"
#include "src/imaging/holes.h"
#include "src/sensors/test_scenes.h"

namespace dkn::sensors {
namespace {

int CountHoles(ConstView image) {
  return image.width * image.height - MeasuredStatistics(image).count;
}

TEST(Degradations, CurvesAreThePublishedOnes) {
  EXPECT_NEAR(kPoorCameraNoise.At(2.0), 0.0015 * (1.4 * 4.0 + 1.0), 1e-12);
  for (const double z : {0.5, 1.0, 3.0}) {
    EXPECT_NEAR(kNguyenNoise.At(z), 0.0012 + 0.0019 * (z - 0.4) * (z - 0.4), 1e-12);
  }
  EXPECT_NEAR(kKhoshelhamNoise.At(5.0), 0.0356, 1e-4);  // "about 4 cm" at the maximum range
  EXPECT_EQ((NoiseCurve{-1.0, 0.0, 0.0}).At(2.0), 0.0);
}

TEST(Degradations, NoiseHasTheCurvesDeviation) {
  for (const float z : {1.0f, 2.0f, 4.0f}) {
    for (const NoiseCurve& curve : {kPoorCameraNoise, kNguyenNoise, kFankhauserNoise}) {
      Image depth = Constant(300, 200, z);
      AddNoise(depth, curve, 3);
      const Statistics noisy = MeasuredStatistics(depth);
      EXPECT_NEAR(noisy.mean, z, 0.02 * curve.At(z));
      EXPECT_NEAR(noisy.deviation / curve.At(z), 1.0, 0.015);
    }
  }
}

TEST(Degradations, NoiseLeavesHolesAndMakesNothingNegative) {
  Image depth = Constant(100, 100, 0.5f);
  depth(3, 4) = kHole;
  AddNoise(depth, {1.0, 0.0, 0.0}, 3);
  EXPECT_TRUE(std::isnan(depth(3, 4)));
  const double share = CountHoles(depth) / 10000.0;
  EXPECT_NEAR(share, 0.3085, 0.02);  // a Gaussian below -0.5
  for (std::size_t i = 0; i < depth.size(); ++i) {
    EXPECT_FALSE(depth.data()[i] <= 0.0f);
  }
}

TEST(Degradations, OutliersHaveTheirShareAndRange) {
  Image depth = Constant(100, 100, 1.0f);
  for (int x = 0; x < 100; ++x) {
    depth(x, 0) = kHole;
  }
  AddOutliers(depth, 0.02, 5.0f, 9.0f, 3);
  int wild = 0;
  for (std::size_t i = 0; i < depth.size(); ++i) {
    const float value = depth.data()[i];
    wild += value >= 5.0f && value < 9.0f ? 1 : 0;
    EXPECT_TRUE(value == 1.0f || std::isnan(value) || (value >= 5.0f && value < 9.0f));
  }
  EXPECT_EQ(wild, 198);
  EXPECT_EQ(CountHoles(depth), 100);
  AddOutliers(depth, 1.0, 2.0f, 2.0f, 3);
  EXPECT_EQ(MeasuredStatistics(depth).deviation, 0.0);
  EXPECT_THROW(AddOutliers(depth, 1.5, 2.0f, 3.0f, 3), Error);
  EXPECT_THROW(AddOutliers(depth, 0.5, 3.0f, 2.0f, 3), Error);
  EXPECT_THROW(AddOutliers(depth, 0.5, 3.0f, kHole, 3), Error);
}

TEST(Degradations, SparseSamples) {
  for (const double share : {0.05, 0.2, 1.0}) {
    Image depth = Constant(80, 60, 1.0f);
    KeepSparse(depth, share, 8);
    EXPECT_EQ(MeasuredStatistics(depth).count, std::lround(share * 4800));
  }
  Image one = Constant(1, 1, 1.0f);
  KeepSparse(one, 0.001, 8);
  EXPECT_FALSE(HasHoles(one));
  EXPECT_THROW(KeepSparse(one, 0.0, 8), Error);
  EXPECT_THROW(KeepSparse(one, std::nan(""), 8), Error);
}

TEST(Degradations, HolesHaveTheirShareWhateverTheCause) {
  const Image guide = RandomImage(90, 70, 3, 4);
  const HoleCauses alone[] = {{1, 0, 0, 0, 0, 0}, {0, 1, 0, 0, 0, 0}, {0, 0, 1, 0, 0, 0},
                              {0, 0, 0, 1, 0, 0}, {0, 0, 0, 0, 1, 0}, {0, 0, 0, 0, 0, 1},
                              HoleCauses()};
  for (const HoleCauses& causes : alone) {
    for (const double share : {0.0, 0.12, 0.5, 0.99}) {
      Image depth = Board(90, 70, 1.0f, 2.0f, 30, 60);
      AddHoles(depth, guide, share, causes, 6);
      EXPECT_EQ(CountHoles(depth), std::lround(share * 6300));
    }
  }
}

TEST(Degradations, HolesLieWhereTheirCauseIs) {
  const int width = 120;
  const int height = 80;
  const auto holes = [&](const HoleCauses& causes, ConstView guide) {
    Image depth = Board(width, height, 1.0f, 2.0f, 0, 60);
    AddHoles(depth, guide, 0.015, causes, 2);
    return depth;
  };
  const Image grey = Constant(width, height, 0.5f);
  // 144 holes; the columns beside the jump have 160 pixels.
  EXPECT_EQ(CountHoles(holes({1, 0, 0, 0, 0, 0}, grey).view().Crop(59, 0, 2, height)), 144);
  EXPECT_EQ(CountHoles(holes({0, 0, 0, 1, 0, 0}, grey).view().Crop(60, 0, 60, height)), 144);
  Image part_dark = Constant(width, height, 0.9f);
  Image two_colours = Constant(width, height, 0.9f, 3);
  for (int y = 0; y < height; ++y) {
    std::fill_n(part_dark.Row(y), 30, 0.1f);
    std::fill_n(two_colours.Row(y, 1), 30, 0.1f);
  }
  EXPECT_EQ(CountHoles(holes({0, 1, 0, 0, 0, 0}, part_dark).view().Crop(0, 0, 30, height)), 144);
  const int left = CountHoles(holes({0, 0, 1, 0, 0, 0}, two_colours).view().Crop(0, 0, 30, height));
  EXPECT_TRUE(left == 0 || left == 144) << left;
}

TEST(Degradations, HolesStayAndOnePixelIsKept) {
  const Image guide = Constant(10, 10, 0.5f);
  Image depth = Constant(10, 10, 1.0f);
  std::fill_n(depth.data(), 95, kHole);
  AddHoles(depth, guide, 0.9, HoleCauses(), 1);
  EXPECT_EQ(CountHoles(depth), 99);
  Image none = MakeHoles(10, 10);
  AddHoles(none, guide, 0.5, HoleCauses(), 1);
  EXPECT_EQ(CountHoles(none), 100);
  EXPECT_THROW(AddHoles(depth, guide, 1.0, HoleCauses(), 1), Error);
  EXPECT_THROW(AddHoles(depth, guide, 0.5, {0, 0, 0, 0, 0, 0}, 1), Error);
  EXPECT_THROW(AddHoles(depth, guide, 0.5, {-1, 2, 0, 0, 0, 0}, 1), Error);
  EXPECT_THROW(AddHoles(depth, Constant(10, 10, kHole), 0.5, HoleCauses(), 1), Error);
  EXPECT_THROW(AddHoles(depth, Constant(9, 10, 0.5f), 0.5, HoleCauses(), 1), Error);
  EXPECT_THROW(AddHoles(depth, Constant(10, 10, 0.5f, 2), 0.5, HoleCauses(), 1), Error);
}

TEST(Degradations, TheSeedDecides) {
  const Image guide = RandomImage(40, 30, 1, 4);
  const auto degraded = [&](std::uint64_t seed) {
    Image depth = Board(40, 30, 1.0f, 2.0f, 10, 20);
    AddNoise(depth, kPoorCameraNoise, seed);
    AddOutliers(depth, 0.05, 0.1f, 9.0f, seed);
    AddHoles(depth, guide, 0.2, HoleCauses(), seed);
    KeepSparse(depth, 0.7, seed);
    return depth;
  };
  EXPECT_TRUE(SameBits(degraded(1), degraded(1)));
  EXPECT_FALSE(SameBits(degraded(1), degraded(2)));
}

TEST(Degradations, ShiftedGuides) {
  // A ramp shows where each value comes from.
  Image guide(20, 10, 2);
  for (int y = 0; y < 10; ++y) {
    for (int x = 0; x < 20; ++x) {
      guide(x, y, 0) = static_cast<float>(x);
      guide(x, y, 1) = static_cast<float>(y);
    }
  }
  for (const double dx : {0.0, 0.25, 2.0, -1.5}) {
    for (const double dy : {0.0, -2.0, 0.75}) {
      const Image shifted = ShiftImage(guide, dx, dy);
      for (int y = 0; y < 10; ++y) {
        for (int x = 0; x < 20; ++x) {
          ASSERT_NEAR(shifted(x, y, 0), std::clamp(x - dx, 0.0, 19.0), 1e-5);
          ASSERT_NEAR(shifted(x, y, 1), std::clamp(y - dy, 0.0, 9.0), 1e-5);
        }
      }
    }
  }
  EXPECT_TRUE(SameBits(ShiftImage(guide, 0.0, 0.0), guide));
  EXPECT_EQ(ShiftImage(guide, 1e30, -1e30)(19, 0, 0), 0.0f);
  EXPECT_THROW(ShiftImage(guide, std::nan(""), 0.0), Error);
}

}  // namespace
}  // namespace dkn::sensors
