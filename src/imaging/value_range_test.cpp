#include "src/imaging/value_range.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "dkn/error.h"

namespace dkn {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

Image FromValues(int width, int height, int channels, const std::vector<float>& values) {
  Image image(width, height, channels);
  std::copy(values.begin(), values.end(), image.data());
  return image;
}

TEST(FiniteRange, SkipsNanAndInfInEveryChannel) {
  const Image image = FromValues(3, 1, 2, {kNan, 2.0f, kInf, -kInf, -5.0f, 1.0f});
  EXPECT_EQ(FiniteRange(image), (ValueRange{-5.0f, 2.0f}));
  EXPECT_EQ(FiniteRange(image.view().Channel(0)), (ValueRange{2.0f, 2.0f}));
}

TEST(FiniteRange, RefusesAnImageWithoutFiniteValue) {
  EXPECT_THROW(FiniteRange(FromValues(2, 1, 1, {kNan, kInf})), Error);
  EXPECT_THROW(FiniteRange(Image()), Error);
}

TEST(Normalize, MapsTheRangeToZeroAndOneAndBack) {
  const Image image = FromValues(2, 2, 1, {100.0f, 300.0f, 150.0f, 65535.0f});
  Image unit(2, 2);
  Normalize(image, {100.0f, 300.0f}, unit);
  EXPECT_FLOAT_EQ(unit(0, 0), 0.0f);
  EXPECT_FLOAT_EQ(unit(1, 0), 1.0f);
  EXPECT_FLOAT_EQ(unit(0, 1), 0.25f);
  Denormalize(unit, {100.0f, 300.0f}, unit);  // in place
  for (int i = 0; i < 4; ++i) {
    EXPECT_FLOAT_EQ(unit.data()[i], image.data()[i]);
  }
}

TEST(Normalize, SurvivesTheLargestRange) {
  constexpr float kMax = std::numeric_limits<float>::max();
  const Image image = FromValues(3, 1, 1, {-kMax, 0.0f, kMax});
  Image unit(3, 1);
  Normalize(image, FiniteRange(image), unit);
  EXPECT_FLOAT_EQ(unit(0, 0), 0.0f);
  EXPECT_FLOAT_EQ(unit(1, 0), 0.5f);
  EXPECT_FLOAT_EQ(unit(2, 0), 1.0f);
}

TEST(Normalize, RefusesARangeWithoutExtentAndSizesThatDiffer) {
  Image image(2, 2);
  EXPECT_THROW(Normalize(image, {1.0f, 1.0f}, image), Error);
  EXPECT_THROW(Normalize(image, {1.0f, kNan}, image), Error);
  EXPECT_THROW(Normalize(Image(2, 1), {0.0f, 1.0f}, image), Error);
  EXPECT_THROW(Denormalize(Image(2, 2, 2), {0.0f, 1.0f}, image), Error);
}

}  // namespace
}  // namespace dkn
