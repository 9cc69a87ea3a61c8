#include "src/imaging/back_project.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "src/core/test_images.h"

namespace dkn {
namespace {

TEST(BackProject, BringsTheMeasurementBack) {
  const Image measurement = RandomImage(10, 7, 2, 1);
  for (const Resampler down : {Resampler::kBicubic, Resampler::kBox}) {
    Image image(73, 50, 2);
    const double before = BackProject(measurement, {}, down, Resampler::kBicubic, 0, image);
    EXPECT_GT(before, 0.4);  // of an image of zeros
    double last = before;
    for (int i = 0; i < 5; ++i) {
      const double now = BackProject(measurement, {}, down, Resampler::kBicubic, 1, image);
      EXPECT_LT(now, 0.7 * last);
      last = now;
    }
    ExpectNear(Resize(image, 10, 7, down), measurement, 0.05f);
  }
}

TEST(BackProject, ChangesNothingThatFitsAlready) {
  Image image(24, 16);
  std::fill_n(image.data(), image.size(), 3.0f);
  Image measurement(6, 4);
  std::fill_n(measurement.data(), measurement.size(), 3.0f);
  EXPECT_LT(BackProject(measurement, {}, Resampler::kBicubic, Resampler::kBicubic, 3, image), 1e-6);
  for (std::size_t i = 0; i < image.size(); ++i) {
    ASSERT_NEAR(image.data()[i], 3.0f, 1e-6f);
  }
}

TEST(BackProject, LeavesHolesAlone) {
  Image image(32, 16);
  Image measurement(8, 4);
  Image measured(8, 4);
  std::fill_n(measurement.data(), measurement.size(), 7.0f);  // in holes too: it must not count
  EXPECT_EQ(BackProject(measurement, measured, Resampler::kBicubic, Resampler::kBicubic, 2, image),
            0.0);
  ExpectNear(image, Image(32, 16), 0.0f);
  measured(1, 1) = 1.0f;
  EXPECT_LT(BackProject(measurement, measured, Resampler::kBicubic, Resampler::kBicubic, 5, image),
            2.0);
  EXPECT_GT(image(6, 6), 3.0f);
  EXPECT_EQ(image(30, 8), 0.0f);
}

}  // namespace
}  // namespace dkn
