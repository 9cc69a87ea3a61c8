#include "src/eval/compared_views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "dkn/error.h"

namespace dkn::eval {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(InsideBorder, CutsBothAlike) {
  Image result(5, 7, 2);
  Image truth(5, 7);
  result(2, 3, 1) = 4.0f;
  truth(2, 3) = 9.0f;
  const ComparedViews views = InsideBorder(result, truth, 2);
  EXPECT_EQ(views.truth.width, 1);
  EXPECT_EQ(views.truth.height, 3);
  EXPECT_EQ(views.result.channels, 2);
  EXPECT_EQ(views.result(0, 1, 1), 4.0f);
  EXPECT_EQ(views.truth(0, 1), 9.0f);
}

TEST(InsideBorder, RefusesWhatLeavesNothingToCompare) {
  EXPECT_THAT([] { InsideBorder(Image(3, 3), Image(3, 4), 0); },
              ThrowsMessage<Error>(HasSubstr("3 x 3 and a truth of 3 x 4")));
  EXPECT_THAT([] { InsideBorder(Image(12, 30), Image(12, 30), 6); },
              ThrowsMessage<Error>(HasSubstr("no pixels inside a border of 6")));
  EXPECT_THROW(InsideBorder(Image(30, 12), Image(30, 12), 6), Error);
  EXPECT_NO_THROW(InsideBorder(Image(13, 13), Image(13, 13), 6));
  EXPECT_THROW(InsideBorder(Image(3, 3), Image(3, 3), -1), Error);
  EXPECT_THROW(InsideBorder(Image(3, 3), Image(3, 3), std::numeric_limits<int>::max()), Error);
  EXPECT_THROW(InsideBorder(Image(), Image(), 0), Error);
  EXPECT_THROW(InsideBorder(Image(0, 3), Image(0, 3), 0), Error);
}

TEST(CheckValues, WantsAFiniteResultWhereTheTruthIsKnown) {
  Image truth(2, 1);
  Image result(2, 1);
  EXPECT_NO_THROW(CheckValues({result, truth}));
  EXPECT_THAT(
      [&] {
        CheckValues({Image(2, 1, 2), truth});
      },
      ThrowsMessage<Error>(HasSubstr("2 channels and a truth of 1")));
  for (const float bad : {kUnknown, kInfinity, -kInfinity}) {
    truth(0, 0) = 0.0f;
    result(0, 0) = bad;
    EXPECT_THAT(
        [&] {
          CheckValues({result, truth});
        },
        ThrowsMessage<Error>(HasSubstr("result is not finite")));
    truth(0, 0) = bad;
    EXPECT_NO_THROW(CheckValues({result, truth}));
  }
  truth(1, 0) = kUnknown;
  EXPECT_THAT(
      [&] {
        CheckValues({result, truth});
      },
      ThrowsMessage<Error>(HasSubstr("no value of the truth is finite")));
}

TEST(ForEachKnown, VisitsChannelByChannelWithoutUnknownValues) {
  Image result(2, 1, 2);
  Image truth(2, 1, 2);
  for (int i = 0; i < 4; ++i) {
    result.data()[i] = static_cast<float>(i);
  }
  truth(1, 0, 0) = kUnknown;
  truth(0, 0, 1) = -kInfinity;
  std::vector<float> seen;
  ForEachKnown({result, truth}, [&](float value, float) { seen.push_back(value); });
  EXPECT_THAT(seen, ElementsAre(0.0f, 3.0f));
}

}  // namespace
}  // namespace dkn::eval
