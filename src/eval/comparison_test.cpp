#include "src/eval/comparison.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "dkn/error.h"

namespace dkn::eval {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Image Row(const std::vector<float>& values) {
  Image image(static_cast<int>(values.size()), 1);
  std::copy(values.begin(), values.end(), image.data());
  return image;
}

TEST(MeasuredRange, LeavesOutWhatIsMissing) {
  const ValueRange range = MeasuredRange(Row({0.0f, 3.0f, kNan, -2.0f, 7.0f, INFINITY}));
  EXPECT_EQ(range.low, -2.0f);
  EXPECT_EQ(range.high, 7.0f);
  EXPECT_THROW(MeasuredRange(Row({0.0f, kNan})), Error);
}

// The input is of the truth's size: bicubic leaves it as it is.
TEST(CompareWithBicubic, CountsPixelsThatAllThreeMapsHave) {
  const Image input = Row({11.0f, 22.0f, 0.0f, 40.0f, 50.0f});
  const Image result = Row({13.0f, 24.0f, 30.0f, kNan, 50.0f});
  const Image truth = Row({10.0f, 20.0f, 30.0f, 40.0f, 0.0f});
  const Comparison comparison = CompareWithBicubic(input, result, truth);
  EXPECT_EQ(comparison.pixels, 2u);
  EXPECT_DOUBLE_EQ(comparison.bicubic_rmse, std::sqrt((1.0 + 4.0) / 2.0));
  EXPECT_DOUBLE_EQ(comparison.result_rmse, std::sqrt((9.0 + 16.0) / 2.0));
  EXPECT_EQ(comparison.truth(1, 0), 20.0f);
  for (const int missing : {2, 3, 4}) {
    EXPECT_TRUE(std::isnan(comparison.truth(missing, 0))) << missing;
  }
}

TEST(CompareWithBicubic, BringsTheInputToTheTruthsSize) {
  Image input(3, 2);
  Image truth(12, 8);
  std::fill_n(input.data(), input.size(), 5.0f);
  std::fill_n(truth.data(), truth.size(), 4.0f);
  const Comparison comparison = CompareWithBicubic(input, truth, truth);
  EXPECT_EQ(comparison.pixels, 96u);
  EXPECT_NEAR(comparison.bicubic_rmse, 1.0, 1e-5);
  EXPECT_EQ(comparison.result_rmse, 0.0);
}

TEST(CompareWithBicubic, RefusesWhatCannotBeCompared) {
  EXPECT_THAT([] { CompareWithBicubic(Image(2, 1), Image(2, 1), Image(3, 1)); },
              ThrowsMessage<Error>(HasSubstr("2 x 1")));
  const Image one = Row({1.0f, 0.0f});
  const Image other = Row({0.0f, 1.0f});
  EXPECT_THAT([&] { CompareWithBicubic(one, one, other); },
              ThrowsMessage<Error>(HasSubstr("no pixel has a value")));
}

}  // namespace
}  // namespace dkn::eval
