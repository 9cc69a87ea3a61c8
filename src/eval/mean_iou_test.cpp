#include "src/eval/mean_iou.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "dkn/error.h"

namespace dkn::eval {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

Image Row(const std::vector<float>& values) {
  Image image(static_cast<int>(values.size()), 1);
  std::copy(values.begin(), values.end(), image.data());
  return image;
}

IouCounts Counts(const std::vector<float>& result, const std::vector<float>& truth) {
  IouCounts counts;
  counts.Add(Row(result), Row(truth));
  return counts;
}

TEST(IouCounts, DividesIntersectionByUnionForEachClass) {
  // 0: 1 pixel of 2. 1: 2 pixels of 4. 2: none of 1. 3 does not occur. 4: 1 of 1.
  const IouCounts counts = Counts({0, 1, 1, 1, 1, 4}, {0, 0, 1, 1, 2, 4});
  EXPECT_THAT(counts.Percents(), ElementsAre(50.0, 50.0, 0.0, std::nullopt, 100.0));
  EXPECT_DOUBLE_EQ(counts.MeanPercent(), 50.0);
}

TEST(IouCounts, SumsImagesBeforeItDivides) {
  // Class 0: 3 of 4 pixels of both images, 1: 1 of 2. The images alone have means 100 and 25.
  IouCounts counts = Counts({0, 0, 0, 1}, {0, 0, 0, 1});
  const IouCounts second = Counts({0}, {1});
  EXPECT_DOUBLE_EQ(counts.MeanPercent(), 100.0);
  EXPECT_DOUBLE_EQ(second.MeanPercent(), 0.0);
  counts.Add(second);
  EXPECT_THAT(counts.Percents(), ElementsAre(75.0, 50.0));
  EXPECT_DOUBLE_EQ(counts.MeanPercent(), 62.5);
}

TEST(IouCounts, TakesTheClassOfTheLargestScoreAndTheFirstOfEqualOnes) {
  Image scores(3, 1, 3);
  scores(0, 0, 1) = 0.5f;   // 1
  scores(1, 0, 0) = -2.0f;  // 1 and 2 are equal
  scores(2, 0, 2) = 7.0f;   // 2
  IouCounts counts;
  counts.Add(scores, Row({1, 1, 2}));
  EXPECT_THAT(counts.Percents(), ElementsAre(std::nullopt, 100.0, 100.0));
}

TEST(IouCounts, DoesNotCountUnknownPixelsNorTheBorder) {
  EXPECT_THAT(Counts({7, 1}, {kUnknown, 1}).Percents(), ElementsAre(std::nullopt, 100.0));
  Image result(3, 3);
  Image truth(3, 3);
  std::fill_n(truth.data(), 9, 5.0f);
  truth(1, 1) = 0.0f;
  IouCounts counts;
  counts.Add(result, truth, 1);
  EXPECT_THAT(counts.Percents(), ElementsAre(100.0));
}

TEST(IouCounts, RefusesWhatIsNoLabelAndAddsNothingThen) {
  IouCounts counts = Counts({1}, {1});
  for (const float bad : {0.5f, -1.0f, 65536.0f, 1e30f}) {
    EXPECT_THAT(
        [&] {
          counts.Add(Row({1, bad}), Row({0, 1}));
        },
        ThrowsMessage<Error>(HasSubstr("a label of the result")));
    EXPECT_THAT(
        [&] {
          counts.Add(Row({1, 1}), Row({0, bad}));
        },
        ThrowsMessage<Error>(HasSubstr("a label of the truth")));
  }
  EXPECT_THROW(counts.Add(Row({1, kUnknown}), Row({0, 1})), Error);
  EXPECT_THAT(
      [&] {
        counts.Add(Image(2, 1, 2), Row({0, 2}));
      },
      ThrowsMessage<Error>(HasSubstr("label 2, but the result has scores for 2")));
  Image scores(2, 1, 2);
  scores(1, 0, 1) = kUnknown;
  EXPECT_THAT(
      [&] {
        counts.Add(scores, Row({0, 1}));
      },
      ThrowsMessage<Error>(HasSubstr("score is not finite")));
  EXPECT_THROW(counts.Add(Image(2, 1), Image(2, 1, 2)), Error);
  EXPECT_THROW(counts.Add(Image(2, 1), Image(2, 2)), Error);
  EXPECT_THROW(counts.Add(Image(2, 1), Image(2, 1), 1), Error);
  EXPECT_THAT(counts.Percents(), ElementsAre(std::nullopt, 100.0));
}

TEST(IouCounts, IsMadeOfItsCountsAgain) {
  const IouCounts counts = Counts({0, 1, 1, 1, 1, 4}, {0, 0, 1, 1, 2, 4});
  EXPECT_EQ(counts.counts()[1], (IouCounts::Count{2, 4, 2}));
  EXPECT_EQ(IouCounts::Of(counts.counts()), counts);
  EXPECT_TRUE(IouCounts::Of({}).empty());
  EXPECT_FALSE(counts.empty());
  for (const IouCounts::Count& bad :
       {IouCounts::Count{-1, 0, 0}, IouCounts::Count{2, 1, 2}, IouCounts::Count{2, 2, 1}}) {
    EXPECT_THROW(IouCounts::Of({bad}), Error);
  }
  EXPECT_THROW(IouCounts::Of(std::vector<IouCounts::Count>(65537)), Error);
}

TEST(IouCounts, TakesTheLargestLabelAndHasNoMeanOfNothing) {
  EXPECT_DOUBLE_EQ(Counts({65535, 0}, {65535, 0}).MeanPercent(), 100.0);
  EXPECT_THAT([] { IouCounts().MeanPercent(); }, ThrowsMessage<Error>(HasSubstr("no pixel")));
  EXPECT_THROW(Counts({1}, {kUnknown}).MeanPercent(), Error);
}

}  // namespace
}  // namespace dkn::eval
