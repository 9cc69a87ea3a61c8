#include "src/report/sensor_figure.h"

#include <gtest/gtest.h>

#include "dkn/error.h"
#include "src/core/random_image.h"
#include "src/sensors/sensor.h"

namespace dkn::report {
namespace {

TEST(SensorFigure, HasARowForEachSensor) {
  const Image depth = RandomImage(60, 40, 1, 1.0f, 4.0f, 1);
  const Image guide = RandomImage(60, 40, 3, 2);
  const Image figure = SensorFigure(depth, guide, 60.0, 1);
  EXPECT_EQ(figure.channels(), 3);
  // Pictures are at least 240 pixels wide, here 160 high.
  EXPECT_GE(figure.width(), 4 * 240);
  EXPECT_GE(figure.height(), static_cast<int>(sensors::AllSensors().size()) * 160);
  EXPECT_THROW(SensorFigure(depth, RandomImage(40, 60, 3, 2), 60.0, 1), Error);
}

}  // namespace
}  // namespace dkn::report
