#include <gtest/gtest.h>

#include <cmath>

#include "src/imaging/holes.h"
#include "src/sensors/sensor.h"
#include "src/sensors/test_scenes.h"

namespace dkn::sensors {
namespace {

constexpr double kFocal = 721.0;  // KITTI's

double ShareOf(const Image& image) {
  return MeasuredStatistics(image).count / static_cast<double>(image.size());
}

TEST(Lidar, PointsCoverTheDevicesShare) {
  const Image depth = Constant(640, 480, 10.0f);
  const Image guide = Constant(640, 480, kWhiteWall);
  for (const Sensor sensor : {Sensor::kSpinningLidar, Sensor::kSolidStateLidar}) {
    SensorOptions options = WithoutLosses(sensor, kFocal);
    const double share = 1.0 / (kFocal * kFocal * options.line_step * options.point_step);
    // Lines of a spinning device lie further apart towards the image's sides.
    EXPECT_NEAR(ShareOf(Measure(depth, guide, options, 1)) / share, 1.0,
                sensor == Sensor::kSpinningLidar ? 0.15 : 0.02);
    for (const double wanted : {0.01, 0.05, 0.2}) {
      const Image measured = Measure(depth, guide, WithShare(options, wanted), 2);
      EXPECT_NEAR(ShareOf(measured) / wanted, 1.0, 0.15) << ToString(sensor) << " " << wanted;
    }
  }
}

TEST(Lidar, RangeNoiseIsTheSameAtEveryDistance) {
  for (const Sensor sensor : {Sensor::kSpinningLidar, Sensor::kSolidStateLidar}) {
    const SensorOptions options = WithShare(WithoutLosses(sensor, 5000.0), 0.2);
    for (const float z : {2.0f, 20.0f}) {
      const Image measured =
          Measure(Constant(600, 400, z), Constant(600, 400, kWhiteWall), options, 3);
      const Statistics points = MeasuredStatistics(measured);
      EXPECT_NEAR(points.mean, z, 0.001);
      EXPECT_NEAR(points.deviation, 0.02, 0.0006) << ToString(sensor);
    }
  }
}

TEST(Lidar, SpinningOnesHaveLinesWithGapsBetween) {
  SensorOptions options = WithoutLosses(Sensor::kSpinningLidar, kFocal);
  options.place_noise = 0.0;
  // A narrow image: lines are straight there. Rows hold points or none, 5.03 rows apart.
  const Image measured =
      Measure(Constant(40, 200, 5.0f), Constant(40, 200, kWhiteWall), options, 4);
  int lines = 0;
  for (int y = 0; y < 200; ++y) {
    const int points = MeasuredStatistics(measured.view().Crop(0, y, 40, 1)).count;
    EXPECT_TRUE(points == 0 || points >= 17) << points;  // 2.17 columns apart
    lines += points > 0 ? 1 : 0;
  }
  EXPECT_NEAR(lines, 200.0 / (kFocal * options.line_step), 1.0);
}

TEST(Lidar, AGridIsRegularAndJitterMovesIt) {
  SensorOptions options = WithoutLosses(Sensor::kSolidStateLidar, kFocal);
  options.place_noise = 0.0;
  const Image depth = Constant(200, 200, 5.0f);
  const Image guide = Constant(200, 200, kWhiteWall);
  const auto rows = [&] {
    const Image measured = Measure(depth, guide, options, 4);
    int count = 0;
    for (int y = 0; y < 200; ++y) {
      count += HasValues(measured.view().Crop(0, y, 200, 1)) ? 1 : 0;
    }
    return count;
  };
  const double expected = 200.0 / (kFocal * options.line_step);
  EXPECT_NEAR(rows(), expected, 1.0);
  options.place_noise = 0.3;
  EXPECT_GT(rows(), 2.0 * expected);
}

TEST(Lidar, DarkPointsDoNotReturn) {
  SensorOptions options = WithoutLosses(Sensor::kSpinningLidar, kFocal);
  options.min_signal = 0.75 / 100.0;
  const Image depth = Constant(60, 60, 10.0f);
  EXPECT_TRUE(HasValues(Measure(depth, Constant(60, 60, 0.9f), options, 1)));
  EXPECT_FALSE(HasValues(Measure(depth, Constant(60, 60, 0.6f), options, 1)));
}

}  // namespace
}  // namespace dkn::sensors
