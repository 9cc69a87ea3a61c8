#include "src/filters/guide_segments.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <set>

#include "src/core/test_images.h"

namespace dkn {
namespace {

TEST(GuideSegmentsTest, PartsAtEdgesAndJoinsRamps) {
  Image image(20, 10, 3);
  for (int y = 0; y < 10; ++y) {
    for (int x = 0; x < 20; ++x) {
      image(x, y, 1) = 0.01f * static_cast<float>(y) + (x < 8 ? 0.0f : 0.5f);
    }
  }
  const std::vector<int> segments = SegmentByColor(image, 0.5f);
  for (int y = 0; y < 10; ++y) {
    for (int x = 0; x < 20; ++x) {
      EXPECT_EQ(segments[static_cast<std::size_t>(y * 20 + x)],
                x < 8 ? segments.front() : segments.back());
    }
  }
  EXPECT_NE(segments.front(), segments.back());
}

// With no room for differences each pixel of its own colour stays alone, with much all are one.
TEST(GuideSegmentsTest, ScaleDecides) {
  const Image image = RandomImage(9, 7, 1, 1);
  for (const auto& [scale, count] : {std::pair{0.0f, std::size_t{63}}, {1e6f, std::size_t{1}}}) {
    const std::vector<int> segments = SegmentByColor(image, scale);
    EXPECT_EQ(std::set<int>(segments.begin(), segments.end()).size(), count);
  }
  EXPECT_EQ(SegmentByColor(Image(1, 1), 1.0f), std::vector<int>{0});
}

}  // namespace
}  // namespace dkn
