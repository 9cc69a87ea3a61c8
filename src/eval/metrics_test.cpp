#include "src/eval/metrics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dkn/error.h"

namespace dkn {
namespace {

TEST(Rmse, IsTheRootOfTheMeanSquare) {
  Image a(2, 2);
  Image b(2, 2);
  b(0, 0) = 3.0f;
  b(1, 1) = -4.0f;
  EXPECT_DOUBLE_EQ(Rmse(a, b, 0), 2.5);
  EXPECT_DOUBLE_EQ(Rmse(b, a, 0), 2.5);
  EXPECT_DOUBLE_EQ(Rmse(b, b, 0), 0.0);
}

TEST(Rmse, CountsEveryChannel) {
  Image a(1, 1, 4);
  Image b(1, 1, 4);
  b(0, 0, 3) = 2.0f;
  EXPECT_DOUBLE_EQ(Rmse(a, b, 0), 1.0);
}

TEST(Rmse, LeavesOutTheBorder) {
  Image a(5, 7);
  Image b(5, 7);
  for (int y = 0; y < 7; ++y) {
    for (int x = 0; x < 5; ++x) {
      b(x, y) = x >= 2 && x < 3 && y >= 2 && y < 5 ? 1.0f : 100.0f;
    }
  }
  EXPECT_DOUBLE_EQ(Rmse(a, b, 2), 1.0);
  EXPECT_GT(Rmse(a, b, 1), 50.0);
}

TEST(Rmse, SumsInDouble) {
  // In float the small differences would vanish beside the first.
  Image a(1001, 1000);
  Image b(1001, 1000);
  for (std::size_t i = 0; i < b.size(); ++i) {
    b.data()[i] = 0.01f;
  }
  b(0, 0) = 1000.0f;
  EXPECT_NEAR(Rmse(a, b, 0), std::sqrt((1e6 + 1000999 * 1e-4) / 1001000), 1e-6);
}

TEST(Rmse, RefusesDifferentSizesAndEmptyInterior) {
  EXPECT_THROW(Rmse(Image(3, 3), Image(3, 4), 0), Error);
  EXPECT_THROW(Rmse(Image(3, 3), Image(3, 3, 2), 0), Error);
  EXPECT_THROW(Rmse(Image(12, 30), Image(12, 30), 6), Error);
  EXPECT_THROW(Rmse(Image(3, 3), Image(3, 3), -1), Error);
  EXPECT_NO_THROW(Rmse(Image(13, 30), Image(13, 30), 6));
}

TEST(Summarize, GivesMeanAndSampleDeviation) {
  const Statistics statistics = Summarize({2.0, 4.0, 9.0});
  EXPECT_DOUBLE_EQ(statistics.mean, 5.0);
  EXPECT_DOUBLE_EQ(statistics.spread, std::sqrt(13.0));
  EXPECT_DOUBLE_EQ(Summarize({7.0}).spread, 0.0);
  EXPECT_THROW(Summarize({}), Error);
}

}  // namespace
}  // namespace dkn
