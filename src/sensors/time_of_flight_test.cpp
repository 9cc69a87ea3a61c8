#include <gtest/gtest.h>

#include <cmath>

#include "src/imaging/holes.h"
#include "src/sensors/degradations.h"
#include "src/sensors/sensor.h"
#include "src/sensors/test_scenes.h"

namespace dkn::sensors {
namespace {

// A long lens: all rays meet a wall almost upright.
constexpr double kFocal = 5000.0;

double WallDeviation(float z, float luma, double floor = 0.0011) {
  SensorOptions options = WithoutLosses(Sensor::kTimeOfFlight, kFocal);
  options.noise_floor = floor;
  const Image measured = Measure(Constant(300, 300, z), Constant(300, 300, luma), options, 23);
  const Statistics wall = MeasuredStatistics(measured);
  EXPECT_EQ(wall.count, 90000);
  EXPECT_NEAR(wall.mean, z, 0.001 * z);
  return wall.deviation;
}

TEST(TimeOfFlight, WhiteWallsHaveThePublishedDeviation) {
  for (const float z : {1.0f, 2.0f, 3.0f, 4.0f}) {
    EXPECT_NEAR(WallDeviation(z, kWhiteWall) / kFankhauserNoise.At(z), 1.0, 0.08) << z;
  }
}

// The law of shot noise: sqrt(own light) near by, own light far away (ambient light then rules).
TEST(TimeOfFlight, DeviationGrowsWithDistanceAndDarkness) {
  const double near = WallDeviation(0.5f, kWhiteWall, 0.0);
  EXPECT_NEAR(WallDeviation(1.0f, kWhiteWall, 0.0) / near, 2.0, 0.3);
  const double far = WallDeviation(8.0f, kWhiteWall, 0.0);
  EXPECT_NEAR(WallDeviation(16.0f, kWhiteWall, 0.0) / far, 4.0, 0.3);
  // A quarter of the albedo.
  EXPECT_NEAR(WallDeviation(0.5f, 0.25f * kWhiteWall, 0.0) / near, 2.0, 0.3);
  EXPECT_NEAR(WallDeviation(16.0f, 0.25f * kWhiteWall, 0.0) / WallDeviation(16.0f, kWhiteWall, 0.0),
              4.0, 0.3);
}

TEST(TimeOfFlight, PixelsFlyBetweenBothSidesOfAnEdge) {
  SensorOptions options = WithoutLosses(Sensor::kTimeOfFlight, 366.0);
  options.flying_kept = 1.0;
  const Image depth = Board(200, 100, 1.0f, 2.0f, 0, 100);
  const Image guide = Constant(200, 100, kWhiteWall);
  const Image measured = Measure(depth, guide, options, 5);
  EXPECT_FALSE(HasHoles(measured));
  int flying = 0;
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 200; ++x) {
      const bool between = measured(x, y) > 1.1f && measured(x, y) < 1.9f;
      flying += between ? 1 : 0;
      if (x < 99 || x > 100) {
        ASSERT_FALSE(between) << x;
      }
      ASSERT_GT(measured(x, y), 0.97f);
      ASSERT_LT(measured(x, y), 2.03f);
    }
  }
  EXPECT_GE(flying, 100);
  // The device takes all away.
  options.flying_kept = 0.0;
  const Image filtered = Measure(depth, guide, options, 5);
  EXPECT_EQ(20000 - MeasuredStatistics(filtered).count, flying);
  // And a part.
  options.flying_kept = 0.5;
  EXPECT_NEAR((20000.0 - MeasuredStatistics(Measure(depth, guide, options, 5)).count) / flying, 0.5,
              0.2);
}

TEST(TimeOfFlight, TheBrighterSideOfAnEdgeWeighsMore) {
  SensorOptions options = WithoutLosses(Sensor::kTimeOfFlight, 366.0);
  options.flying_kept = 1.0;
  options.noise_floor = options.shot_noise = 0.0;
  const Image depth = Board(40, 40, 1.0f, 2.0f, 0, 20);
  Image guide = Constant(40, 40, 0.9f);
  const float before = Measure(depth, guide, options, 5)(20, 20);
  for (int y = 0; y < 40; ++y) {
    std::fill(guide.Row(y), guide.Row(y) + 20, 0.3f);
  }
  EXPECT_GT(Measure(depth, guide, options, 5)(20, 20), before + 0.1f);
}

}  // namespace
}  // namespace dkn::sensors
