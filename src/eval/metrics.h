#ifndef DKN_SRC_EVAL_METRICS_H_
#define DKN_SRC_EVAL_METRICS_H_

#include <string>
#include <vector>

#include "dkn/error.h"
#include "dkn/image.h"
#include "src/eval/mean_iou.h"

namespace dkn::eval {

// What is measured of a result against its ground truth; docs/metrics.md defines each.
enum class MetricKind {
  kRmse,
  kMae,
  kBadPixels,  // % of the values whose error exceeds Metric::parameter
  kRmseEdges,  // RMSE near the truth's depth edges (src/eval/depth_edges.h)
  kRmseFlat,   // RMSE everywhere else
  // Of pixels by whether the sample that they lie on is measured (MetricInput::measured), all of
  // them, near depth edges and away from these.
  kRmseMeasured,
  kRmseMeasuredEdges,
  kRmseMeasuredFlat,
  kRmseHoles,
  kMaeMeasuredEdges,
  kMaeHoles,
  kPsnr,         // in dB, at most kMaxPsnr
  kSsim,         // src/eval/ssim.h
  kWeightedF,    // src/eval/weighted_f_measure.h
  kMeanIou,      // in %, of one image; of a whole set by IouCounts (src/eval/mean_iou.h)
  kMeanIouBand,  // kMeanIou of LabelsNearEdges (src/eval/label_edges.h), Metric::parameter wide
  kSeconds,      // FilterSeconds (src/eval/evaluate.h): of the method, not of its result
};

struct Metric {
  MetricKind kind = MetricKind::kRmse;
  // kBadPixels: the threshold, in the set's unit, >= 0; kMeanIouBand: pixels; others: 0.
  double parameter = 0.0;

  bool operator==(const Metric&) const = default;
};

// The PSNR of identical images, infinite by its formula, and of all that differ less: a number
// that JSON can hold and a mean survives.
inline constexpr double kMaxPsnr = 100.0;  // dB

// The names of experiment files: "rmse", "mae", "bad>1.5" with any threshold, "rmse_edges",
// "rmse_flat", "psnr", "ssim", "weighted_f", "mean_iou", "mean_iou_band_4" with any width,
// "seconds"; "rmse_measured", "rmse_measured_edges", "rmse_measured_flat", "rmse_holes",
// "mae_measured_edges", "mae_holes". Any other throws Error, which lists them.
Metric ParseMetric(const std::string& name);
// The name that ParseMetric takes.
std::string ToString(const Metric& metric);
// For tables: "RMSE", "MAE", "bad pixels (> 1.5)", "RMSE at edges", "RMSE off edges", "PSNR",
// "SSIM", "weighted F", "mean IoU", "mean IoU within 4 pixels of edges", "time".
std::string MetricName(const Metric& metric);
// The unit of Measure's value: `unit`, the set's, for the RMSEs and MAE; else "%", "dB", "s" or "".
std::string MetricUnit(const Metric& metric, const std::string& unit);
bool LargerIsBetter(const Metric& metric);
// Whether the figure of a set is that of all its images' pixels together, of CountIou, rather than
// the mean of the images' figures.
bool IsOfWholeSets(const Metric& metric);

struct MetricInput {
  ConstView result;
  ConstView truth;  // of the result's size and channels; kMeanIou: one channel of class labels
  int border = 0;   // pixels at each side that do not count: as if the images ended there
  double unit_per_step = 1.0;  // what a difference of 1 means in the set's unit; > 0
  // In steps, as the images. PSNR and SSIM: the range of the data; 0 stands for the truth's own
  // range inside the border. Weighted F: the value of full foreground; 0 stands for 1.
  double peak = 0.0;
  // Of the metrics that tell measured pixels and holes apart, 1 channel of the truth's size: 1 or 0
  // for what is measured, and for what lies near a depth edge. Empty: all is measured; the truth
  // tells where its edges are.
  ConstView measured = {};
  ConstView near_edges = {};
};

// A metric of an image that has no pixel of the kind that it counts.
class NoSuchPixels : public Error {
 public:
  using Error::Error;
};

// One number for one image; sums are in double. Values where the truth is not finite are unknown
// and do not count. Throws Error when sizes or channels differ, border is negative or leaves no
// pixel, no value of the truth is known, the result is not finite where it counts, or the metric
// is kSeconds or not defined: see its header (no depth edge, no foreground, an image smaller than a
// window, a truth of a single value without a peak).
double Measure(const Metric& metric, const MetricInput& input);

// What Measure of such a metric rests on, of kMeanIou or kMeanIouBand; empty where the image has no
// pixel that counts, for which Measure throws NoSuchPixels. Throws Error as Measure does.
IouCounts CountIou(const Metric& metric, const MetricInput& input);

// Measure of kRmse: root mean square of result - truth over all channels.
double Rmse(ConstView result, ConstView truth, int border);

struct Statistics {
  double mean = 0.0;
  double spread = 0.0;  // sample standard deviation (divisor n - 1); 0 for a single value
  int count = 0;        // of the values
};

// Throws Error when there is no value.
Statistics Summarize(const std::vector<double>& values);

// Section 4.1.2: the percentage of images on which method a beats method b, strictly. a[i] and b[i]
// are the metric's values on the same image. Throws Error when the numbers of values differ or
// are 0, or a value is not finite.
double WinPercent(const std::vector<double>& a, const std::vector<double>& b,
                  bool larger_is_better = false);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_METRICS_H_
