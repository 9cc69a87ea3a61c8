#include "src/sensors/sensor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "dkn/error.h"
#include "src/imaging/holes.h"
#include "src/sensors/test_scenes.h"

namespace dkn::sensors {
namespace {

constexpr Sensor kAll[] = {Sensor::kStructuredLight, Sensor::kTimeOfFlight, Sensor::kStereo,
                           Sensor::kSpinningLidar, Sensor::kSolidStateLidar};

TEST(Sensor, NamesGoBothWays) {
  for (const Sensor sensor : kAll) {
    EXPECT_EQ(ParseSensor(ToString(sensor)), sensor);
    EXPECT_NE(SensorNames().find(ToString(sensor)), std::string::npos);
  }
  EXPECT_THROW(ParseSensor("sonar"), Error);
}

TEST(Sensor, TheSeedDecides) {
  const Image depth = Board(120, 90, 1.5f, 3.0f, 40, 80);
  const Image guide = RandomImage(120, 90, 3, 3);
  for (const Sensor sensor : kAll) {
    const SensorOptions options = OptionsOf(sensor, 500.0);
    const Image first = Measure(depth, guide, options, 1);
    EXPECT_TRUE(SameBits(first, Measure(depth, guide, options, 1))) << ToString(sensor);
    EXPECT_FALSE(SameBits(first, Measure(depth, guide, options, 2))) << ToString(sensor);
    EXPECT_TRUE(HasHoles(first)) << ToString(sensor);
  }
}

TEST(Sensor, ViewsIntoLargerImagesAreTheSame) {
  const Image depth = Board(100, 80, 1.5f, 3.0f, 40, 70);
  const Image guide = RandomImage(100, 80, 3, 3);
  const ConstView part = depth.view().Crop(20, 10, 60, 50);
  const ConstView guide_part = guide.view().Crop(20, 10, 60, 50);
  for (const Sensor sensor : kAll) {
    const SensorOptions options = OptionsOf(sensor, 300.0);
    EXPECT_TRUE(SameBits(Measure(part, guide_part, options, 4),
                         Measure(Image::Clone(part), Image::Clone(guide_part), options, 4)))
        << ToString(sensor);
  }
}

TEST(Sensor, OnePixelAndOneRowAndExtremes) {
  const Image guide = Constant(1, 1, 0.9f);
  for (const Sensor sensor : kAll) {
    for (const double focal : {0.1, 500.0, 1e5}) {
      const SensorOptions options = OptionsOf(sensor, focal);
      for (const float z : {1e-30f, 1e-3f, 2.0f, 1e30f}) {
        const Image measured = Measure(Constant(1, 1, z), guide, options, 5);
        EXPECT_TRUE(std::isnan(measured(0, 0)) || std::fabs(measured(0, 0) - z) < 0.5f * z);
      }
      Measure(Constant(50, 1, 2.0f), Constant(50, 1, 0.5f), options, 6);
      Measure(Constant(1, 50, 2.0f), Constant(1, 50, 0.5f, 3), options, 6);
      // Depths that differ by every measure.
      const Image wild = RandomImage(30, 20, 1, 1e-3f, 1e5f, 8);
      Measure(wild, Textured(30, 20), options, 7);
    }
  }
}

TEST(Sensor, BeyondTheRangeAreHoles) {
  for (const Sensor sensor : kAll) {
    SensorOptions options = WithoutLosses(sensor, 400.0);
    options.min_range = 1.0;
    options.max_range = 3.0;
    for (const float z : {0.5f, 3.5f}) {
      EXPECT_FALSE(HasValues(Measure(Constant(60, 60, z), Textured(60, 60), options, 1)));
    }
    EXPECT_TRUE(HasValues(Measure(Constant(60, 60, 2.0f), Textured(60, 60), options, 1)));
  }
}

TEST(Sensor, SpeckleHasItsShare) {
  SensorOptions options = WithoutLosses(Sensor::kTimeOfFlight, 400.0);
  options.speckle = 0.1;
  const Image measured = Measure(Constant(300, 200, 2.0f), Textured(300, 200), options, 9);
  EXPECT_NEAR(MeasuredStatistics(measured).count / 60000.0, 0.9, 0.005);
}

TEST(Sensor, DarkSurfacesAndGrazingOnesAreHoles) {
  // Half black, half white.
  Image guide = Constant(100, 60, 0.9f);
  for (int y = 0; y < 60; ++y) {
    std::fill(guide.Row(y), guide.Row(y) + 50, 0.01f);
  }
  for (const Sensor sensor : {Sensor::kStructuredLight, Sensor::kTimeOfFlight}) {
    SensorOptions options = OptionsOf(sensor, 580.0);
    options.speckle = options.shiny = 0.0;
    const Image measured = Measure(Constant(100, 60, 2.5f), guide, options, 2);
    EXPECT_FALSE(HasValues(measured.view().Crop(0, 0, 48, 60))) << ToString(sensor);
    EXPECT_FALSE(HasHoles(measured.view().Crop(52, 0, 48, 60))) << ToString(sensor);
  }
}

TEST(Sensor, RefusesScenes) {
  const SensorOptions options = OptionsOf(Sensor::kStructuredLight, 500.0);
  const Image guide = Constant(4, 3, 0.5f);
  const auto refuses = [&](ConstView depth, ConstView with) {
    EXPECT_THROW(Measure(depth, with, options, 1), Error);
  };
  refuses(Image(), Image());
  refuses(Constant(4, 3, 1.0f, 2), guide);
  refuses(Constant(4, 3, 1.0f), Constant(4, 3, 0.5f, 2));
  refuses(Constant(4, 3, 1.0f), Constant(3, 4, 0.5f));
  for (const float bad : {0.0f, -1.0f, kHole, std::numeric_limits<float>::infinity()}) {
    Image depth = Constant(4, 3, 1.0f);
    depth(3, 2) = bad;
    refuses(depth, guide);
  }
  for (const float bad : {std::numeric_limits<float>::infinity(), kHole}) {
    Image other = Constant(4, 3, 0.5f, 3);
    other(3, 2, 2) = bad;
    refuses(Constant(4, 3, 1.0f), other);
  }
}

TEST(Sensor, RefusesOptions) {
  const Image image = Constant(4, 3, 1.0f);
  const auto refuses = [&](Sensor sensor, auto change) {
    SensorOptions options = OptionsOf(sensor, 500.0);
    Measure(image, image, options, 1);
    change(options);
    EXPECT_THROW(Measure(image, image, options, 1), Error);
  };
  const double nan = std::nan("");
  refuses(Sensor::kStereo, [](SensorOptions& o) { o.focal = 0.0; });
  refuses(Sensor::kStereo, [&](SensorOptions& o) { o.focal = nan; });
  refuses(Sensor::kStereo, [](SensorOptions& o) { o.baseline = 0.0; });
  refuses(Sensor::kStereo, [](SensorOptions& o) { o.window = 0; });
  refuses(Sensor::kStereo, [](SensorOptions& o) { o.window = 64; });
  refuses(Sensor::kStereo, [](SensorOptions& o) { o.fattening = 65.0; });
  refuses(Sensor::kTimeOfFlight, [](SensorOptions& o) { o.max_range = o.min_range; });
  refuses(Sensor::kTimeOfFlight, [&](SensorOptions& o) { o.shot_noise = nan; });
  refuses(Sensor::kTimeOfFlight, [](SensorOptions& o) { o.blur = -1.0; });
  refuses(Sensor::kSpinningLidar, [](SensorOptions& o) { o.line_step = 0.0; });
  refuses(Sensor::kSolidStateLidar, [](SensorOptions& o) { o.point_step = 1.0; });
  for (const double focal : {0.0, -1.0, nan}) {
    EXPECT_THROW(OptionsOf(Sensor::kStereo, focal), Error);
  }
  EXPECT_THROW(WithShare(OptionsOf(Sensor::kStereo, 500.0), 0.1), Error);
  for (const double share : {0.0, 1.1, nan}) {
    EXPECT_THROW(WithShare(OptionsOf(Sensor::kSpinningLidar, 500.0), share), Error);
  }
}

}  // namespace
}  // namespace dkn::sensors
