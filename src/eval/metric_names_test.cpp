#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dkn/error.h"
#include "src/eval/metrics.h"

namespace dkn::eval {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(ParseMetric, KnowsEachNameTitleUnitAndDirection) {
  struct Row {
    const char* name;
    Metric metric;
    const char* title;
    const char* unit;
    bool larger_is_better;
  };
  for (const Row& row : {
           Row{"rmse", {MetricKind::kRmse}, "RMSE", "cm", false},
           Row{"mae", {MetricKind::kMae}, "MAE", "cm", false},
           Row{"bad>1.5", {MetricKind::kBadPixels, 1.5}, "bad pixels (> 1.5)", "%", false},
           Row{"bad>0", {MetricKind::kBadPixels, 0.0}, "bad pixels (> 0)", "%", false},
           Row{"rmse_edges", {MetricKind::kRmseEdges}, "RMSE at edges", "cm", false},
           Row{"rmse_flat", {MetricKind::kRmseFlat}, "RMSE off edges", "cm", false},
           Row{"rmse_measured", {MetricKind::kRmseMeasured}, "RMSE where measured", "cm", false},
           Row{"mae_holes", {MetricKind::kMaeHoles}, "MAE in holes", "cm", false},
           Row{"psnr", {MetricKind::kPsnr}, "PSNR", "dB", true},
           Row{"ssim", {MetricKind::kSsim}, "SSIM", "", true},
           Row{"weighted_f", {MetricKind::kWeightedF}, "weighted F", "", true},
           Row{"mean_iou", {MetricKind::kMeanIou}, "mean IoU", "%", true},
           Row{"mean_iou_band_4",
               {MetricKind::kMeanIouBand, 4.0},
               "mean IoU within 4 pixels of edges",
               "%",
               true},
           Row{"seconds", {MetricKind::kSeconds}, "time", "s", false},
       }) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(ParseMetric(row.name), row.metric);
    EXPECT_EQ(ToString(row.metric), row.name);
    EXPECT_EQ(MetricName(row.metric), row.title);
    EXPECT_EQ(MetricUnit(row.metric, "cm"), row.unit);
    EXPECT_EQ(LargerIsBetter(row.metric), row.larger_is_better);
  }
}

TEST(ParseMetric, ReadsTheThresholdWhole) {
  EXPECT_EQ(ParseMetric("bad>1e-3").parameter, 1e-3);
  EXPECT_EQ(ToString(ParseMetric("bad>0.10")), "bad>0.1");
  for (const char* bad :
       {"bad", "bad>", "bad>x", "bad>1 ", "bad> 1", "bad>1cm", "bad>-1", "bad>-0", "bad>inf",
        "bad>nan", "bad>1e999", "bad>0x1", "mean_iou_band_", "mean_iou_band_0", "mean_iou_band_-1",
        "mean_iou_band_1.5", "mean_iou_band_1001", "mean_iou_band_4 "}) {
    EXPECT_THROW(ParseMetric(bad), Error) << bad;
  }
}

TEST(ParseMetric, ListsTheNamesItKnows) {
  for (const char* unknown : {"", "RMSE", "rmse ", "rmse>1", "iou"}) {
    EXPECT_THAT(
        [&] { ParseMetric(unknown); },
        ThrowsMessage<Error>(AllOf(HasSubstr("rmse, mae, bad>NUMBER, rmse_edges"),
                                   HasSubstr("weighted_f, mean_iou, mean_iou_band_PIXELS"))))
        << unknown;
  }
}

}  // namespace
}  // namespace dkn::eval
