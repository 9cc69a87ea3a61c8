#include <gtest/gtest.h>

#include <cmath>

#include "src/imaging/holes.h"
#include "src/sensors/sensor.h"
#include "src/sensors/test_scenes.h"

namespace dkn::sensors {
namespace {

constexpr double kFocal = 424.0;

// sigma_z = z^2 sigma_d / (f b).
TEST(Stereo, WallsHaveTheDeviationOfTriangulation) {
  SensorOptions options = WithoutLosses(Sensor::kStereo, kFocal);
  options.window = 1;
  for (const float z : {1.0f, 2.0f, 3.0f, 4.0f}) {
    const Image measured = Measure(Constant(300, 300, z), Textured(300, 300), options, 31);
    const Statistics wall = MeasuredStatistics(measured);
    EXPECT_EQ(wall.count, 90000);
    EXPECT_NEAR(wall.deviation / (z * z * 0.08 / (kFocal * 0.05)), 1.0, 0.05) << z;
  }
}

TEST(Stereo, BlankSurfacesAreHoles) {
  SensorOptions options = OptionsOf(Sensor::kStereo, kFocal);
  options.speckle = 0.0;
  // Texture to the left alone, noise of a camera to the right.
  Image guide = RandomImage(200, 60, 1, 0.495f, 0.505f, 3);
  Copy(Textured(100, 60), guide.view().Crop(0, 0, 100, 60));
  const Image measured = Measure(Constant(200, 60, 2.0f), guide, options, 2);
  EXPECT_FALSE(HasHoles(measured.view().Crop(0, 0, 96, 60)));
  EXPECT_EQ(MeasuredStatistics(measured.view().Crop(106, 0, 94, 60)).count, 0);
}

TEST(Stereo, WhatIsNearGrows) {
  SensorOptions options = WithoutLosses(Sensor::kStereo, kFocal);
  // Seen from the right, the wall to the right of the board is not hidden.
  const Image depth = Board(200, 300, 1.0f, 2.0f, 0, 100);
  const Image measured = Measure(depth, Textured(200, 300), options, 2);
  ASSERT_FALSE(HasHoles(measured));
  int least = 200;
  int most = 0;
  double sum = 0.0;
  for (int y = 0; y < 300; ++y) {
    int near = 0;
    for (int x = 0; x < 200; ++x) {
      near += measured(x, y) < 1.5f ? 1 : 0;
    }
    least = std::min(least, near);
    most = std::max(most, near);
    sum += near;
  }
  EXPECT_GE(least, 100);
  EXPECT_EQ(most, 103);
  // Shares of 1, 2/3 and 1/3 reach 1, 2 and 3 pixels.
  EXPECT_NEAR(sum / 300.0, 102.0, 0.3);
}

TEST(Stereo, WhatTheRightEyeDoesNotSeeIsAHole) {
  SensorOptions options = WithoutLosses(Sensor::kStereo, kFocal);
  options.fattening = 0.0;
  const Image depth = Board(200, 20, 0.7f, 2.0f, 100, 150);
  const Image measured = Measure(depth, Textured(200, 20), options, 3);
  const double width = kFocal * 0.05 * (1.0 / 0.7 - 0.5);  // 19.7
  for (int y = 0; y < 20; ++y) {
    int holes = 0;
    for (int x = 0; x < 200; ++x) {
      const bool hole = std::isnan(measured(x, y));
      holes += hole ? 1 : 0;
      EXPECT_FALSE(hole && (x >= 100 || x < 100 - width - 1.5)) << x;
    }
    EXPECT_NEAR(holes, width, 1.0);
  }
}

}  // namespace
}  // namespace dkn::sensors
