#include "src/eval/weighted_f_measure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "dkn/error.h"
#include "src/core/test_images.h"

namespace dkn::eval {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

// Foreground of 12 x 8 pixels in an image of 30 x 24.
Image Rectangle(float value) {
  Image image(30, 24);
  for (int y = 8; y < 16; ++y) {
    for (int x = 9; x < 21; ++x) {
      image(x, y) = value;
    }
  }
  return image;
}

TEST(WeightedFMeasure, IsOneForThePerfectMapAndZeroForItsInverse) {
  const Image truth = Rectangle(1.0f);
  EXPECT_DOUBLE_EQ(WeightedFMeasure({truth, truth}, 1.0), 1.0);
  Image inverse(30, 24);
  for (std::size_t i = 0; i < inverse.size(); ++i) {
    inverse.data()[i] = 1.0f - truth.data()[i];
  }
  EXPECT_NEAR(WeightedFMeasure({inverse, truth}, 1.0), 0.0, 1e-12);
  EXPECT_NEAR(WeightedFMeasure({Image(30, 24), truth}, 1.0), 0.0, 1e-12);
}

TEST(WeightedFMeasure, WeighsFalseHitsByTheirDistance) {
  // 5 pixels from the foreground the weight is 2 - e^(ln 0.5) = 1.5. The only foreground pixel is
  // right: P = 1 / (1 + 1.5), R = 1, F = 2 P / (P + 1) = 0.8 / 1.4.
  Image truth(12, 1);
  truth(0, 0) = 1.0f;
  Image result = Image::Clone(truth);
  result(5, 0) = 1.0f;
  EXPECT_NEAR(WeightedFMeasure({result, truth}, 1.0), 0.8 / 1.4, 1e-12);
}

TEST(WeightedFMeasure, SharesErrorsAmongForegroundPixelsAndFindsNoneBeyondTheImage) {
  // One pixel, half wrong. The window's middle weighs 1 / (1 + 2 (e^-0.02 + e^-0.08 + e^-0.18))^2
  // = 0.0238358; all else lies beyond the image. Error 0.0119179 < 0.5, so R = 0.9880821, P = 1.
  Image truth(1, 1);
  Image result(1, 1);
  truth(0, 0) = 1.0f;
  result(0, 0) = 0.5f;
  EXPECT_NEAR(WeightedFMeasure({result, truth}, 1.0), 2 * 0.9880821 / 1.9880821, 1e-6);
}

TEST(WeightedFMeasure, ClipsTheResultAndHalvesTheTruthAtAHalf) {
  const Image truth = Rectangle(1.0f);
  Image overshoot = Rectangle(1.3f);
  overshoot(0, 0) = -0.4f;
  EXPECT_DOUBLE_EQ(WeightedFMeasure({overshoot, truth}, 1.0), 1.0);
  Image gray = Rectangle(0.51f);
  gray(0, 0) = 0.5f;  // not above a half
  EXPECT_DOUBLE_EQ(WeightedFMeasure({truth, gray}, 1.0), 1.0);
  EXPECT_DOUBLE_EQ(WeightedFMeasure({Rectangle(255.0f), Rectangle(128.0f)}, 255.0), 1.0);
  EXPECT_DOUBLE_EQ(WeightedFMeasure({truth, Rectangle(std::nextafter(1.0f, 2.0f))}, 1.0), 1.0);
}

TEST(WeightedFMeasure, DoesNotCountUnknownPixels) {
  Image truth = Rectangle(1.0f);
  Image result = Image::Clone(truth);
  result(2, 3) = 1.0f;
  EXPECT_LT(WeightedFMeasure({result, truth}, 1.0), 1.0);
  truth(2, 3) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_DOUBLE_EQ(WeightedFMeasure({result, truth}, 1.0), 1.0);
}

TEST(WeightedFMeasure, RefusesATruthThatIsNoForegroundMap) {
  const Image truth = Rectangle(1.0f);
  EXPECT_THAT(
      [&] {
        WeightedFMeasure({truth, Image(30, 24)}, 1.0);
      },
      ThrowsMessage<Error>(HasSubstr("no foreground")));
  EXPECT_THAT(
      [&] {
        WeightedFMeasure({truth, Rectangle(255.0f)}, 1.0);
      },
      ThrowsMessage<Error>(HasSubstr("255")));
  Image negative = Rectangle(1.0f);
  negative(0, 0) = -0.1f;
  EXPECT_THAT(
      [&] {
        WeightedFMeasure({truth, negative}, 1.0);
      },
      ThrowsMessage<Error>(HasSubstr("-0.1")));
  EXPECT_THAT(
      [] {
        WeightedFMeasure({Image(3, 3, 2), Image(3, 3, 2)}, 1.0);
      },
      ThrowsMessage<Error>(HasSubstr("2 channels, expected 1")));
}

}  // namespace
}  // namespace dkn::eval
