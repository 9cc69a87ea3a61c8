#include "src/eval/depth_edges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace dkn::eval {
namespace {

using testing::Each;

// 20 pixels in a row or in a column: `low` up to the 10th, `high` from the 11th.
Image Step(bool in_a_row, float low, float high) {
  Image image(in_a_row ? 20 : 1, in_a_row ? 1 : 20);
  for (int i = 0; i < 20; ++i) {
    image.data()[i] = i < 10 ? low : high;
  }
  return image;
}

TEST(NearDepthEdges, MarksFourPixelsBeyondThoseAtTheStep) {
  // The pixels at the step are 9 and 10.
  for (const bool in_a_row : {true, false}) {
    const std::vector<std::uint8_t> near = NearDepthEdges(Step(in_a_row, -3.0f, 8.0f));
    ASSERT_EQ(near.size(), 20u);
    for (std::size_t i = 0; i < near.size(); ++i) {
      EXPECT_EQ(near[i], i >= 5 && i <= 14 ? 1 : 0) << i;
    }
  }
}

TEST(NearDepthEdges, MarksASquareAroundOnePixel) {
  Image image(30, 25);
  image(14, 11) = 1.0f;  // an edge with its four neighbours
  const std::vector<std::uint8_t> near = NearDepthEdges(image);
  for (int y = 0; y < 25; ++y) {
    for (int x = 0; x < 30; ++x) {
      const int dx = std::abs(x - 14);
      const int dy = std::abs(y - 11);
      const bool expected = std::max(dx, dy) <= 5 && std::min(dx, dy) <= 4;
      EXPECT_EQ(near[static_cast<std::size_t>(y * 30 + x)], expected ? 1 : 0) << x << " " << y;
    }
  }
}

TEST(NearDepthEdges, WantsMoreThanAFiftiethOfTheRange) {
  Image slope(40, 1);
  for (int x = 0; x < 40; ++x) {
    slope(x, 0) = x < 20 ? 0.0f : 2.0f;
  }
  slope(39, 0) = 100.0f;  // the range, and an edge at 38, far away
  EXPECT_EQ(NearDepthEdges(slope)[19], 0);
  for (int x = 20; x < 39; ++x) {
    slope(x, 0) = 2.5f;
  }
  EXPECT_EQ(NearDepthEdges(slope)[19], 1);
}

TEST(NearDepthEdges, FindsNoneInAConstantOrBesideUnknownValues) {
  EXPECT_THAT(NearDepthEdges(Step(true, 5.0f, 5.0f)), Each(0));
  EXPECT_THAT(NearDepthEdges(Image(1, 1)), Each(0));
  for (const float unknown :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Image image = Step(true, 0.0f, 1.0f);
    image(10, 0) = unknown;  // 0 and 1 are no longer neighbours
    EXPECT_THAT(NearDepthEdges(image), Each(0));
  }
}

}  // namespace
}  // namespace dkn::eval
