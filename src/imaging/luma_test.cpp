#include "src/imaging/luma.h"

#include <gtest/gtest.h>

#include "dkn/error.h"

namespace dkn {
namespace {

TEST(Luma, WeighsRedGreenAndBlue) {
  Image rgb(3, 2, 3);
  rgb(0, 0, 0) = rgb(1, 0, 1) = rgb(2, 0, 2) = 1.0f;
  for (int c = 0; c < 3; ++c) {
    rgb(2, 1, c) = 0.5f;
  }
  Image luma(3, 2);
  Luma(rgb, luma);
  EXPECT_FLOAT_EQ(luma(0, 0), 0.299f);
  EXPECT_FLOAT_EQ(luma(1, 0), 0.587f);
  EXPECT_FLOAT_EQ(luma(2, 0), 0.114f);
  EXPECT_FLOAT_EQ(luma(0, 1), 0.0f);
  EXPECT_FLOAT_EQ(luma(2, 1), 0.5f);  // grey stays grey
}

TEST(Luma, RefusesOtherChannelsAndSizes) {
  Image luma(3, 2);
  EXPECT_THROW(Luma(Image(3, 2, 1), luma), Error);
  EXPECT_THROW(Luma(Image(2, 2, 3), luma), Error);
}

}  // namespace
}  // namespace dkn
