#include "src/eval/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "dkn/error.h"
#include "src/core/test_images.h"
#include "src/eval/depth_edges.h"

namespace dkn::eval {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

Image Row(const std::vector<float>& values) {
  Image image(static_cast<int>(values.size()), 1);
  std::copy(values.begin(), values.end(), image.data());
  return image;
}

TEST(Rmse, IsTheRootOfTheMeanSquare) {
  const Image a(2, 2);
  Image b(2, 2);
  b(0, 0) = 3.0f;
  b(1, 1) = -4.0f;
  EXPECT_DOUBLE_EQ(Rmse(a, b, 0), 2.5);
  EXPECT_DOUBLE_EQ(Rmse(b, a, 0), 2.5);
  EXPECT_DOUBLE_EQ(Rmse(b, b, 0), 0.0);
}

TEST(Rmse, CountsEveryChannel) {
  const Image a(1, 1, 4);
  Image b(1, 1, 4);
  b(0, 0, 3) = 2.0f;
  EXPECT_DOUBLE_EQ(Rmse(a, b, 0), 1.0);
}

TEST(Rmse, LeavesOutTheBorder) {
  const Image a(5, 7);
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
  const Image a(1001, 1000);
  Image b(1001, 1000);
  std::fill_n(b.data(), b.size(), 0.01f);
  b(0, 0) = 1000.0f;
  EXPECT_NEAR(Rmse(a, b, 0), std::sqrt((1e6 + 1000999 * 1e-4) / 1001000), 1e-6);
}

TEST(Measure, MeansWhatItsNamesSay) {
  // Errors 0, 1, -2, 3 steps of 2 mm: 0, 2, -4, 6 mm.
  const Image result = Row({0, 11, 18, 33});
  const Image truth = Row({0, 10, 20, 30});
  const MetricInput input{.result = result, .truth = truth, .unit_per_step = 2.0};
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kRmse}, input), std::sqrt((4.0 + 16.0 + 36.0) / 4.0));
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kMae}, input), (2.0 + 4.0 + 6.0) / 4.0);
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kBadPixels, 0.0}, input), 75.0);
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kBadPixels, 3.9}, input), 50.0);
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kBadPixels, 4.0}, input), 25.0);  // beyond, not at it
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kBadPixels, 6.0}, input), 0.0);
  // Mean square 14 / 4 in steps; the truth's range is 30.
  EXPECT_NEAR(Measure({MetricKind::kPsnr}, input), 10.0 * std::log10(900.0 / 3.5), 1e-12);
}

TEST(Measure, SplitsTheRmseByDepthEdges) {
  // A step between pixels 9 and 10, so 5 to 14 lie near it; errors are 2 there and 1 elsewhere.
  std::vector<float> truth(20);
  std::vector<float> result(20);
  for (std::size_t i = 0; i < 20; ++i) {
    truth[i] = i < 10 ? 0.0f : 50.0f;
    result[i] = truth[i] + (i >= 5 && i <= 14 ? 2.0f : -1.0f);
  }
  const Image result_row = Row(result);
  const Image truth_row = Row(truth);
  const MetricInput input{.result = result_row, .truth = truth_row, .unit_per_step = 3.0};
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kRmseEdges}, input), 6.0);
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kRmseFlat}, input), 3.0);
}

// The mask and the edges are those of the whole image, whatever border does not count.
TEST(Measure, TellsMeasuredPixelsAndHolesApart) {
  Image truth(6, 3);
  Image result(6, 3);
  Image measured(6, 3);
  Image near(6, 3);
  for (int x = 0; x < 6; ++x) {
    result(x, 1) = static_cast<float>(x);  // errors 1, 2, 3, 4 inside the border
    measured(x, 1) = x == 4 ? 0.0f : 1.0f;
    near(x, 1) = x <= 2 ? 1.0f : 0.0f;
  }
  const MetricInput input{
      .result = result, .truth = truth, .border = 1, .measured = measured, .near_edges = near};
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kRmseMeasured}, input), std::sqrt(14.0 / 3.0));
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kRmseMeasuredEdges}, input), std::sqrt(5.0 / 2.0));
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kMaeMeasuredEdges}, input), 1.5);
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kRmseMeasuredFlat}, input), 3.0);
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kRmseHoles}, input), 4.0);
  EXPECT_DOUBLE_EQ(Measure({MetricKind::kMaeHoles}, input), 4.0);
  EXPECT_THROW(Measure({MetricKind::kRmseHoles}, {.result = result, .truth = truth}), NoSuchPixels);
}

TEST(Measure, RefusesATruthWithoutTheKindOfPixelsItCounts) {
  const Image constant(20, 20);
  EXPECT_THAT([&] { Measure({MetricKind::kRmseEdges}, {.result = constant, .truth = constant}); },
              ThrowsMessage<Error>(HasSubstr("no depth edges")));
  const Image step = Row({0, 0, 1, 1});
  EXPECT_THAT([&] { Measure({MetricKind::kRmseFlat}, {.result = step, .truth = step}); },
              ThrowsMessage<Error>(HasSubstr("all of the truth lies near")));
  const Image color(20, 20, 3);
  EXPECT_THROW(Measure({MetricKind::kRmseFlat}, {.result = color, .truth = color}), Error);
}

TEST(Measure, TakesThePsnrsPeakAndCapsIt) {
  const Image truth = Row({0, 10});
  const Image result = Row({1, 9});  // mean square 1
  const Image nearly = Row({1e-6f, 10});
  const Metric psnr{MetricKind::kPsnr};
  EXPECT_NEAR(Measure(psnr, {.result = result, .truth = truth}), 20.0, 1e-12);
  EXPECT_NEAR(Measure(psnr, {.result = result, .truth = truth, .peak = 100.0}), 40.0, 1e-12);
  EXPECT_EQ(Measure(psnr, {.result = truth, .truth = truth}), kMaxPsnr);
  EXPECT_EQ(Measure(psnr, {.result = nearly, .truth = truth}), kMaxPsnr);
  const Image constant(2, 1);
  EXPECT_THAT([&] { Measure(psnr, {.result = result, .truth = constant}); },
              ThrowsMessage<Error>(HasSubstr("need a peak")));
  EXPECT_NEAR(Measure(psnr, {.result = Row({1, 1}), .truth = constant, .peak = 10.0}), 20.0, 1e-12);
}

TEST(Measure, TakesTheValueOfForeground) {
  const Image truth = Row({0, 255});
  const Metric weighted_f{MetricKind::kWeightedF};
  EXPECT_EQ(Measure(weighted_f, {.result = truth, .truth = truth, .peak = 255.0}), 1.0);
  EXPECT_THROW(Measure(weighted_f, {.result = truth, .truth = truth}), Error);
}

TEST(Measure, RefusesParametersOutOfTheirRange) {
  const Image image = Row({0, 1});
  for (const double bad :
       {-1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(Measure({MetricKind::kPsnr}, {.result = image, .truth = image, .peak = bad}),
                 Error);
    EXPECT_THROW(
        Measure({MetricKind::kMae}, {.result = image, .truth = image, .unit_per_step = bad}),
        Error);
    EXPECT_THROW(Measure({MetricKind::kBadPixels, bad}, {.result = image, .truth = image}), Error);
  }
  EXPECT_THROW(Measure({MetricKind::kMae}, {.result = image, .truth = image, .unit_per_step = 0}),
               Error);
}

TEST(Measure, CountsTheBandAroundEdgesOfLabelsAlone) {
  const Image truth = Row({0, 0, 0, 0, 1, 1, kUnknown, 1});
  const Image result = Row({1, 1, 0, 0, 1, 0, 0, 0});
  const auto value = [&](const std::string& metric, int border = 0) {
    Image framed_truth(truth.width() + 2 * border, 1 + 2 * border);
    Image framed_result(framed_truth.width(), framed_truth.height());
    for (int x = 0; x < truth.width(); ++x) {
      framed_truth(x + border, border) = truth(x, 0);
      framed_result(x + border, border) = result(x, 0);
    }
    return Measure(ParseMetric(metric),
                   {.result = framed_result, .truth = framed_truth, .border = border});
  };
  EXPECT_DOUBLE_EQ(value("mean_iou_band_1"), 100.0);
  // 0: 2 of 3 pixels; 1: 1 of 2.
  EXPECT_DOUBLE_EQ(value("mean_iou_band_2"), 50.0 * (2.0 / 3.0 + 0.5));
  // What lies beyond the border makes no edge.
  EXPECT_DOUBLE_EQ(value("mean_iou_band_2", 3), 50.0 * (2.0 / 3.0 + 0.5));
  EXPECT_DOUBLE_EQ(value("mean_iou_band_9"), value("mean_iou"));
  EXPECT_THROW(Measure(ParseMetric("mean_iou_band_2"),
                       {.result = result, .truth = Row({1, 1, 1, 1, 1, 1, 1, 1})}),
               NoSuchPixels);
  EXPECT_THROW(Measure({MetricKind::kMeanIouBand, 0.0}, {.result = result, .truth = truth}), Error);
}

// What every metric promises, on a truth that all of them take: a disc of 1 on 0.
class EveryMetric : public testing::TestWithParam<const char*> {
 protected:
  static constexpr int kWidth = 42;
  static constexpr int kHeight = 37;

  EveryMetric() : truth_(kWidth, kHeight) {
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        truth_(x, y) = (x - 20) * (x - 20) + (y - 17) * (y - 17) < 50 ? 1.0f : 0.0f;
      }
    }
  }

  // The truth plus noise within +-`noise`; labels are whole.
  Image Result(float noise) const {
    Image result = RandomImage(kWidth, kHeight, 1, -noise, noise, 5);
    for (std::size_t i = 0; i < result.size(); ++i) {
      result.data()[i] += truth_.data()[i];
      if (IsOfWholeSets(metric_)) {
        result.data()[i] = std::clamp(std::round(result.data()[i]), 0.0f, 1.0f);
      }
    }
    return result;
  }
  double Value(ConstView result, ConstView truth, int border = 0) const {
    return Measure(metric_, {.result = result, .truth = truth, .border = border});
  }

  Metric metric_ = ParseMetric(GetParam());
  Image truth_;
};

TEST_P(EveryMetric, IsBestForThePerfectResultAndWorseWithMoreNoise) {
  const double perfect = Value(truth_, truth_);
  const double good = Value(Result(0.6f), truth_);
  const double bad = Value(Result(0.9f), truth_);
  EXPECT_TRUE(LargerIsBetter(metric_) ? perfect > good && good > bad : perfect < good && good < bad)
      << perfect << " " << good << " " << bad;
  switch (metric_.kind) {
    case MetricKind::kPsnr:
    case MetricKind::kMeanIou:
    case MetricKind::kMeanIouBand:
      EXPECT_DOUBLE_EQ(perfect, 100.0);
      break;
    case MetricKind::kSsim:
    case MetricKind::kWeightedF:
      EXPECT_NEAR(perfect, 1.0, 1e-12);
      break;
    default:
      EXPECT_EQ(perfect, 0.0);
  }
}

TEST_P(EveryMetric, TakesTheBorderAsIfTheImageEndedThere) {
  constexpr int kBorder = 3;
  const Image result = Result(0.7f);
  Image framed_result = RandomImage(kWidth + 6, kHeight + 6, 1, -9.0f, 9.0f, 1);
  Image framed_truth = RandomImage(kWidth + 6, kHeight + 6, 1, -9.0f, 9.0f, 2);
  Copy(result, framed_result.view().Crop(kBorder, kBorder, kWidth, kHeight));
  Copy(truth_, framed_truth.view().Crop(kBorder, kBorder, kWidth, kHeight));
  EXPECT_EQ(Value(framed_result, framed_truth, kBorder), Value(result, truth_));
}

TEST_P(EveryMetric, DoesNotCareForTheResultWhereTheTruthIsUnknown) {
  for (const float unknown : {kUnknown, std::numeric_limits<float>::infinity()}) {
    Image truth = Image::Clone(truth_);
    Image result = Result(0.7f);
    truth(18, 15) = truth(1, 2) = unknown;
    const double expected = Value(result, truth);
    EXPECT_TRUE(std::isfinite(expected));
    for (const float value : {0.0f, 0.3f, -1e30f, kUnknown, unknown, -unknown}) {
      result(18, 15) = result(1, 2) = value;
      EXPECT_EQ(Value(result, truth), expected) << value;
    }
  }
}

TEST_P(EveryMetric, RefusesWhatItCannotCompare) {
  const Image result = Result(0.7f);
  EXPECT_THROW(Value(result, Image(kWidth, kHeight + 1)), Error);
  EXPECT_THROW(Value(result, Image(kWidth, kHeight, 2)), Error);
  EXPECT_THROW(Value(result, truth_, 19), Error);
  EXPECT_THROW(Value(result, truth_, -1), Error);
  EXPECT_THROW(Value(Image(), Image()), Error);
  for (const float bad : {kUnknown, std::numeric_limits<float>::infinity()}) {
    Image broken = Image::Clone(result);
    broken(20, 17) = bad;
    EXPECT_THROW(Value(broken, truth_), Error);
  }
  Image unknown(kWidth, kHeight);
  std::fill_n(unknown.data(), unknown.size(), kUnknown);
  EXPECT_THROW(Value(result, unknown), Error);
}

TEST_P(EveryMetric, GivesAFiniteNumberOrAnErrorForOnePixel) {
  Image one(1, 1);
  one(0, 0) = 1.0f;
  try {
    EXPECT_TRUE(std::isfinite(Value(one, one)));
  } catch (const Error&) {
    EXPECT_TRUE(metric_.kind == MetricKind::kRmseEdges || metric_.kind == MetricKind::kPsnr ||
                metric_.kind == MetricKind::kSsim || metric_.kind == MetricKind::kMeanIouBand);
  }
}

INSTANTIATE_TEST_SUITE_P(Metrics, EveryMetric,
                         testing::Values("rmse", "mae", "bad>0.5", "rmse_edges", "rmse_flat",
                                         "psnr", "ssim", "weighted_f", "mean_iou",
                                         "mean_iou_band_8"));

TEST(Summarize, GivesMeanAndSampleDeviation) {
  const Statistics statistics = Summarize({2.0, 4.0, 9.0});
  EXPECT_DOUBLE_EQ(statistics.mean, 5.0);
  EXPECT_DOUBLE_EQ(statistics.spread, std::sqrt(13.0));
  EXPECT_DOUBLE_EQ(Summarize({7.0}).spread, 0.0);
  EXPECT_THROW(Summarize({}), Error);
}

TEST(WinPercent, CountsImagesWithTheStrictlyBetterValue) {
  EXPECT_DOUBLE_EQ(WinPercent({1.0, 2.0, 3.0, 4.0}, {2.0, 2.0, 2.0, 5.0}), 50.0);
  EXPECT_DOUBLE_EQ(WinPercent({1.0, 2.0, 3.0, 4.0}, {2.0, 2.0, 2.0, 5.0}, true), 25.0);
  // Section 4.1.2: 13 of Middlebury's 30 images are 43 %.
  std::vector<double> a(30, 2.0);
  std::fill_n(a.begin(), 13, 0.5);
  EXPECT_NEAR(WinPercent(a, std::vector<double>(30, 1.0)), 43.3, 0.05);
  EXPECT_THROW(WinPercent({1.0}, {1.0, 2.0}), Error);
  EXPECT_THROW(WinPercent({}, {}), Error);
  EXPECT_THROW(WinPercent({1.0}, {std::nan("")}), Error);
}

}  // namespace
}  // namespace dkn::eval
