#include "src/eval/confidence_histogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "dkn/error.h"
#include "src/core/test_files.h"

namespace dkn::eval {
namespace {

using testing::HasSubstr;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Image Row(const std::vector<float>& values) {
  Image image(static_cast<int>(values.size()), 1);
  std::copy(values.begin(), values.end(), image.data());
  return image;
}

// The histogram of these errors; the truth is 0 everywhere.
ConfidenceHistogram HistogramOf(const std::vector<float>& errors,
                                const std::vector<float>& confidences) {
  ConfidenceHistogram histogram;
  const Image truth = Row(std::vector<float>(errors.size()));
  AddErrors(Row(errors), truth, Row(confidences), 0, histogram);
  return histogram;
}

using Bins = std::map<int, ErrorSums>;

TEST(AddErrors, SortsByConfidenceAndBySize) {
  const auto histogram =
      HistogramOf({3.0f, -1.0f, 1.5f, 0.0f, 2.0f}, {0.0f, 0.5004f, 0.5f, 1.0f, 0.9995f});
  EXPECT_EQ(histogram.by_confidence, (Bins{{0, {1, 9.0}}, {500, {2, 3.25}}, {999, {2, 4.0}}}));
  EXPECT_EQ(histogram.by_error, (Bins{{-kLastErrorBin, {1, 0.0}},
                                      {0, {1, 1.0}},
                                      {9, {1, 2.25}},  // 2^(9/16) = 1.48
                                      {16, {1, 4.0}},
                                      {25, {1, 9.0}}}));  // 2^(25/16) = 2.95
}

TEST(AddErrors, PutsWhatIsBeyondAllBinsIntoTheLast) {
  const auto histogram = HistogramOf({1e-30f, 1e30f}, {0.5f, 0.5f});
  EXPECT_EQ(histogram.by_error.begin()->first, -kLastErrorBin);
  EXPECT_EQ(histogram.by_error.rbegin()->first, kLastErrorBin);
}

TEST(AddErrors, CountsWhatIsKnownInsideTheBorderInEachChannel) {
  Image truth(6, 5, 2);
  Image result(6, 5, 2);
  Image confidence(6, 5);
  result(1, 1, 0) = 2.0f;
  result(1, 1, 1) = 1.0f;
  confidence(1, 1) = 0.25f;
  truth(2, 2, 0) = kNan;
  result(2, 2, 0) = 50.0f;
  result(0, 3, 0) = kNan;  // in the border
  ConfidenceHistogram histogram;
  AddErrors(result, truth, confidence, 1, histogram);
  EXPECT_EQ(histogram.by_confidence, (Bins{{0, {2 * 12 - 3, 0.0}}, {250, {2, 5.0}}}));
}

TEST(AddErrors, AddsUpOverImages) {
  const std::vector<float> errors = {3.0f, -1.0f, 2.0f};
  const std::vector<float> confidences = {0.25f, 0.75f, 0.75f};
  ConfidenceHistogram sum = HistogramOf(errors, confidences);
  const ConfidenceHistogram other = HistogramOf({2.0f, 8.0f}, {0.75f, 0.5f});
  AddHistogram(other, sum);
  EXPECT_EQ(sum, HistogramOf({3.0f, -1.0f, 2.0f, 2.0f, 8.0f}, {0.25f, 0.75f, 0.75f, 0.75f, 0.5f}));
  AddHistogram({}, sum);
  EXPECT_EQ(sum.by_confidence.at(750), (ErrorSums{3, 9.0}));
}

TEST(AddErrors, RefusesOtherSizesAndValues) {
  ConfidenceHistogram histogram;
  const auto text = [&](const Image& result, const Image& truth, const Image& confidence) {
    return ErrorText([&] { AddErrors(result, truth, confidence, 0, histogram); });
  };
  EXPECT_THAT(text(Image(4, 3), Image(4, 4), Image(4, 4)), HasSubstr("result is 4 x 3 x 1"));
  EXPECT_THAT(text(Image(4, 4, 2), Image(4, 4), Image(4, 4)), HasSubstr("result is 4 x 4 x 2"));
  EXPECT_THAT(text(Image(4, 4), Image(4, 4), Image(4, 3)), HasSubstr("confidence is 4 x 3 x 1"));
  EXPECT_THAT(text(Image(4, 4), Image(4, 4), Image(4, 4, 3)), HasSubstr("confidence is 4 x 4 x 3"));
  EXPECT_THAT(text(Row({kNan}), Row({0}), Row({0})), HasSubstr("at 0, 0 is nan"));
  for (const float confidence : {kNan, -0.1f, 1.1f}) {
    EXPECT_THAT(text(Row({1}), Row({0}), Row({confidence})), HasSubstr("expected a finite value"));
  }
}

}  // namespace
}  // namespace dkn::eval
