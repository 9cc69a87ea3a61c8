#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dkn/threads.h"
#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind TgvKind();

namespace {

// Samples of a 32 x 24 image, one for 4 x 4 pixels.
MeasuredSamples Samples(const Image& values) {
  return {values, {}, 1.5f, 1.5f, 4.0f, 4.0f};
}

float Plane(float x, float y) {
  return 0.1f + 0.01f * x + 0.005f * y;
}

// The second order has no cost for a plane, as the first has for its steps. The four pixels that
// share a sample differ from it by up to 0.0075.
TEST(TgvTest, LeavesAPlaneBetweenSamples) {
  Image values(8, 6);
  for (int j = 0; j < 6; ++j) {
    for (int i = 0; i < 8; ++i) {
      values(i, j) =
          Plane(1.5f + 4.0f * static_cast<float>(i), 1.5f + 4.0f * static_cast<float>(j));
    }
  }
  Image plane(32, 24);
  for (int y = 0; y < 24; ++y) {
    for (int x = 0; x < 32; ++x) {
      plane(x, y) = Plane(static_cast<float>(x), static_cast<float>(y));
    }
  }
  const Image guide(32, 24, 3);
  Image start(32, 24);
  std::fill_n(start.data(), start.size(), 0.3f);
  const Image result =
      ApplyFilter(TgvKind(), {{"iterations", 2000}}, {guide, start, {}, Samples(values)});
  ExpectNear(result.view().Crop(2, 2, 28, 20), plane.view().Crop(2, 2, 28, 20), 9e-3f);
}

// A step between samples lies where the guide has one; without an edge there it is a ramp.
TEST(TgvTest, PutsStepsWhereTheGuideHasThem) {
  Image values(8, 6);
  for (int j = 0; j < 6; ++j) {
    std::fill_n(values.Row(j) + 4, 4, 1.0f);
  }
  Image start(32, 24);
  std::fill_n(start.data(), start.size(), 0.5f);
  for (const int edge : {15, 16, 17}) {
    Image guide(32, 24);
    for (int y = 0; y < 24; ++y) {
      std::fill_n(guide.Row(y) + edge, 32 - edge, 1.0f);
    }
    const Image result =
        ApplyFilter(TgvKind(), {{"iterations", 1500}}, {guide, start, {}, Samples(values)});
    EXPECT_GT(result(edge, 12) - result(edge - 1, 12), 0.8f) << edge;
  }
}

TEST(TgvTest, ThreadsChangeNoBit) {
  const Image guide = RandomImage(40, 30, 3, 1);
  const Image target = RandomImage(40, 30, 2, 2);
  SetThreads(1);
  const Image expected = ApplyFilter(TgvKind(), {{"iterations", 20}}, {guide, target});
  SetThreads(3);
  const Image result = ApplyFilter(TgvKind(), {{"iterations", 20}}, {guide, target});
  SetThreads(0);
  ExpectNear(result, expected, 0.0f);
}

}  // namespace
}  // namespace dkn
