#include "src/synth/texture.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace dkn {
namespace {

constexpr Pattern kPatterns[] = {Pattern::kPlain,  Pattern::kPlanks,  Pattern::kTiles,
                                 Pattern::kBricks, Pattern::kStripes, Pattern::kDots,
                                 Pattern::kChecks, Pattern::kMarble,  Pattern::kPoster};

class TextureTest : public testing::TestWithParam<Pattern> {
 protected:
  Texture texture_ = {GetParam(), {0.9, 0.6, 0.3}, {0.1, 0.2, 0.05}, 0.1, 5};
};

TEST_P(TextureTest, ColoursLieBetweenZeroAndOneAndVary) {
  double low = 1.0;
  double high = 0.0;
  for (int i = -200; i < 200; ++i) {
    const Vec3 color = TextureColor(texture_, 0.0037 * i, 0.0023 * i + 0.01);
    for (const double value : {color.x, color.y, color.z}) {
      ASSERT_GE(value, 0.0);
      ASSERT_LE(value, 1.0);
    }
    low = std::min(low, color.y);
    high = std::max(high, color.y);
  }
  EXPECT_GT(high - low, 0.01);
}

TEST_P(TextureTest, DependsOnTheSeed) {
  Texture other = texture_;
  other.seed = 6;
  double difference = 0.0;
  for (int i = 0; i < 100; ++i) {
    difference += Length(TextureColor(texture_, 0.011 * i, 0.007 * i) -
                         TextureColor(other, 0.011 * i, 0.007 * i));
  }
  EXPECT_GT(difference, 0.0);
}

INSTANTIATE_TEST_SUITE_P(Patterns, TextureTest, testing::ValuesIn(kPatterns));

TEST(TexturePatternTest, StripesAreUprightAndChecksAreNot) {
  const Vec3 white = {1, 1, 1};
  const Texture stripes = {Pattern::kStripes, white, {0, 0, 0}, 0.1, 1};
  const Texture checks = {Pattern::kChecks, white, {0, 0, 0}, 0.1, 1};
  for (int i = 0; i < 50; ++i) {
    // u in the middle of a broad stripe and in the paper beside it, whatever v.
    EXPECT_EQ(TextureColor(stripes, 0.04, 0.013 * i).x, 0.0);
    EXPECT_GT(TextureColor(stripes, 0.01, 0.013 * i).x, 0.9);
  }
  // The three points lie on both bands of the checks, on one of them, and on none.
  EXPECT_EQ(TextureColor(checks, 0.02, 0.02).x, 0.0);
  EXPECT_NEAR(TextureColor(checks, 0.07, 0.02).x, 0.5, 0.06);
  EXPECT_GT(TextureColor(checks, 0.07, 0.07).x, 0.89);
}

}  // namespace
}  // namespace dkn
