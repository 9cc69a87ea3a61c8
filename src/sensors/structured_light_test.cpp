#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "src/imaging/holes.h"
#include "src/sensors/degradations.h"
#include "src/sensors/sensor.h"
#include "src/sensors/test_scenes.h"

namespace dkn::sensors {
namespace {

constexpr double kKinectFocal = 586.0;

Image MeasureWall(float z, const SensorOptions& options) {
  const Image guide = Constant(400, 400, kWhiteWall);
  return Measure(Constant(400, 400, z), guide, options, 17);
}

// Khoshelham and Elberink 2012, Eq. (9): sigma = (m / (f b)) z^2 sigma_d' = 1.425e-5 z^2, in cm.
TEST(StructuredLight, WallsHaveThePublishedDeviation) {
  SensorOptions options = WithoutLosses(Sensor::kStructuredLight, kKinectFocal);
  options.window = 1;  // independent pixels: 160000 of them
  for (const float z : {1.0f, 2.0f, 3.0f, 4.0f}) {
    const Statistics wall = MeasuredStatistics(MeasureWall(z, options));
    EXPECT_EQ(wall.count, 160000);
    EXPECT_NEAR(wall.mean, z, 0.002 * z);
    EXPECT_NEAR(wall.deviation / kKhoshelhamNoise.At(z), 1.0, 0.06) << z;
    // Another group, another Kinect.
    EXPECT_NEAR(wall.deviation / kNguyenNoise.At(z), 1.0, 0.3) << z;
  }
}

TEST(StructuredLight, TheWindowDoesNotChangeTheDeviation) {
  const SensorOptions options = WithoutLosses(Sensor::kStructuredLight, kKinectFocal);
  ASSERT_EQ(options.window, 9);
  // Some 2000 independent windows: a deviation that is off by 1.6 %.
  const Statistics wall = MeasuredStatistics(MeasureWall(3.0f, options));
  EXPECT_NEAR(wall.deviation / kKhoshelhamNoise.At(3.0), 1.0, 0.1);
}

TEST(StructuredLight, DisparityComesInSteps) {
  const SensorOptions options = WithoutLosses(Sensor::kStructuredLight, kKinectFocal);
  const Image measured = MeasureWall(2.0f, options);
  std::set<long> steps;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const double step = kKinectFocal * 0.075 / measured.data()[i] * 8.0;
    ASSERT_NEAR(step, std::round(step), 1e-3);
    steps.insert(std::lround(step));
  }
  EXPECT_GE(steps.size(), 3u);
  EXPECT_LE(steps.size(), 7u);
}

TEST(StructuredLight, AnotherResolutionHasTheSameNoiseInMetres) {
  SensorOptions options = WithoutLosses(Sensor::kStructuredLight, 0.5 * kKinectFocal);
  options.window = 1;
  const Statistics wall = MeasuredStatistics(MeasureWall(2.0f, options));
  EXPECT_NEAR(wall.deviation / kKhoshelhamNoise.At(2.0), 1.0, 0.06);
}

// How many pixels are holes in each row of columns [from, to), at least and at most.
void ExpectHoles(const Image& image, int from, int to, int least, int most) {
  for (int y = 0; y < image.height(); ++y) {
    int holes = 0;
    for (int x = from; x < to; ++x) {
      holes += std::isfinite(image(x, y)) ? 0 : 1;
    }
    ASSERT_GE(holes, least) << "row " << y;
    ASSERT_LE(holes, most) << "row " << y;
  }
}

TEST(StructuredLight, ShadowsLieLeftOfWhatIsNear) {
  SensorOptions options = WithoutLosses(Sensor::kStructuredLight, kKinectFocal);
  options.lateral_noise = 0.0;
  for (const float front : {0.8f, 1.5f}) {
    const float back = 2.5f;
    const Image depth = Board(300, 20, front, back, 150, 220);
    const Image measured = Measure(depth, Constant(300, 20, kWhiteWall), options, 3);
    const double width = kKinectFocal * 0.075 * (1.0 / front - 1.0 / back);
    ExpectHoles(measured, 0, 150, static_cast<int>(width - 0.5), static_cast<int>(width + 1.5));
    // All of it at the board.
    ExpectHoles(measured, 150 - static_cast<int>(width - 0.5), 150, static_cast<int>(width - 0.5),
                static_cast<int>(width - 0.5));
    ExpectHoles(measured, 150, 300, 0, 0);
  }
}

TEST(StructuredLight, ThinThingsCastThinShadows) {
  SensorOptions options = WithoutLosses(Sensor::kStructuredLight, kKinectFocal);
  options.lateral_noise = 0.0;
  // 5 pixels wide, 32.96 pixels of disparity in front of the wall: seen from the projector, it
  // hides 5 pixels of the wall, 33 to its left.
  const Image depth = Board(200, 10, 0.8f, 2.0f, 100, 105);
  const Image measured = Measure(depth, Constant(200, 10, kWhiteWall), options, 3);
  ExpectHoles(measured, 66, 73, 5, 5);
  ExpectHoles(measured, 0, 200, 5, 5);
}

TEST(StructuredLight, EdgesAreRagged) {
  const SensorOptions options = WithoutLosses(Sensor::kStructuredLight, kKinectFocal);
  const Image depth = Board(300, 400, 1.0f, 2.0f, 0, 150);
  const Image measured = Measure(depth, Constant(300, 400, kWhiteWall), options, 4);
  // Where each row's edge is: near to the left, no shadow to the right.
  Image places(1, 400);
  for (int y = 0; y < 400; ++y) {
    for (int x = 0; x < 300; ++x) {
      ASSERT_TRUE(std::isfinite(measured(x, y)));
      places(0, y) += measured(x, y) < 1.5f ? 1.0f : 0.0f;
    }
  }
  const Statistics edge = MeasuredStatistics(places);
  EXPECT_NEAR(edge.mean, 150.0, 0.5);
  // 0.8 pixels, and the pixels' own 1 / sqrt(12).
  EXPECT_NEAR(edge.deviation, std::sqrt(0.64 + 1.0 / 12.0), 0.25);
}

TEST(StructuredLight, EdgesAndShinyColoursLosePixels) {
  SensorOptions options = WithoutLosses(Sensor::kStructuredLight, kKinectFocal);
  options.lateral_noise = 0.0;
  options.edge_loss = 0.4;
  const Image depth = Board(300, 400, 1.0f, 2.0f, 0, 150);
  const Image guide = Constant(300, 400, kWhiteWall);
  const Image measured = Measure(depth, guide, options, 4);
  EXPECT_NEAR(MeasuredStatistics(measured.view().Crop(149, 0, 2, 400)).count / 800.0, 0.6, 0.08);
  EXPECT_FALSE(HasHoles(measured.view().Crop(0, 0, 149, 400)));
  options.edge_loss = 0.0;
  options.shiny = 1.0;  // every colour: the holes are 69 %, what blobs of -0.5 and more are
  const Image shining = Measure(depth, guide, options, 4);
  EXPECT_NEAR(MeasuredStatistics(shining).count / 120000.0, 0.31, 0.06);
}

}  // namespace
}  // namespace dkn::sensors
