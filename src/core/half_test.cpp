#include "src/core/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace dkn {
namespace {

TEST(HalfTest, KnownValues) {
  EXPECT_EQ(FloatOfHalf(0x3c00), 1.0f);
  EXPECT_EQ(FloatOfHalf(0xc000), -2.0f);
  EXPECT_EQ(FloatOfHalf(0x7bff), 65504.0f);
  EXPECT_EQ(FloatOfHalf(0x0400), std::ldexp(1.0f, -14));
  EXPECT_EQ(FloatOfHalf(0x0001), std::ldexp(1.0f, -24));
  EXPECT_EQ(FloatOfHalf(0x7c00), std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(FloatOfHalf(0x7e01)));
}

TEST(HalfTest, EveryHalfReturns) {
  for (int bits = 0; bits <= 0xffff; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    if (std::isnan(FloatOfHalf(half))) {
      EXPECT_TRUE(std::isnan(FloatOfHalf(HalfOfFloat(FloatOfHalf(half)))));
    } else {
      EXPECT_EQ(HalfOfFloat(FloatOfHalf(half)), half);
    }
  }
}

TEST(HalfTest, RoundsToTheNearestTiesToEven) {
  for (int bits = 0; bits < 0x7bff; ++bits) {
    const auto low = static_cast<std::uint16_t>(bits);
    const auto high = static_cast<std::uint16_t>(bits + 1);
    const float middle = 0.5f * (FloatOfHalf(low) + FloatOfHalf(high));
    EXPECT_EQ(HalfOfFloat(middle), bits % 2 == 0 ? low : high);
    EXPECT_EQ(HalfOfFloat(std::nextafter(middle, 0.0f)), low);
    EXPECT_EQ(HalfOfFloat(std::nextafter(middle, 1e9f)), high);
  }
  EXPECT_EQ(HalfOfFloat(std::nextafter(65520.0f, 0.0f)), 0x7bff);
  EXPECT_EQ(HalfOfFloat(65520.0f), 0x7c00);
  EXPECT_EQ(HalfOfFloat(-1e30f), 0xfc00);
}

}  // namespace
}  // namespace dkn
