#include "src/eval/metrics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/eval/compared_views.h"
#include "src/eval/depth_edges.h"
#include "src/eval/label_edges.h"
#include "src/eval/mean_iou.h"
#include "src/eval/ssim.h"
#include "src/eval/weighted_f_measure.h"
#include "src/imaging/value_range.h"

namespace dkn::eval {
namespace {

constexpr char kNoEdges[] = "the truth has no depth edges";
constexpr char kAllEdges[] = "all of the truth lies near a depth edge";
constexpr char kAllHoles[] = "nothing is measured where the truth is known";
constexpr char kNoHoles[] = "there are no holes where the truth is known";

// The mean over all known values of term(result - truth).
template <typename Term>
double MeanOverErrors(const ComparedViews& views, const Term& term) {
  double sum = 0.0;
  double count = 0.0;
  ForEachKnown(views, [&](float result, float truth) {
    sum += term(static_cast<double>(result) - truth);
    ++count;
  });
  return sum / count;
}

double MeanSquare(const ComparedViews& views) {
  return MeanOverErrors(views, [](double error) { return error * error; });
}

// 1 for each pixel near a depth edge, row by row.
std::vector<std::uint8_t> NearEdges(const MetricInput& input, const ComparedViews& views) {
  if (views.truth.channels != 1) {
    throw Error("a truth of " + std::to_string(views.truth.channels) +
                " channels has no depth edges, expected 1 channel");
  }
  if (input.near_edges.empty()) {
    return NearDepthEdges(views.truth);
  }
  std::vector<std::uint8_t> near;
  for (int y = 0; y < views.truth.height; ++y) {
    for (int x = 0; x < views.truth.width; ++x) {
      near.push_back(input.near_edges(x + input.border, y + input.border) > 0.5f ? 1 : 0);
    }
  }
  return near;
}

enum class Place { kAll, kEdges, kFlat };
enum class Sample { kAny, kMeasured, kHole };

// The mean of term(error) over the known pixels of this kind; NoSuchPixels(none) if there is none.
template <typename Term>
double MeanOver(const MetricInput& input, const ComparedViews& views, Place place, Sample sample,
                const char* none, const Term& term) {
  const std::vector<std::uint8_t> near =
      place == Place::kAll ? std::vector<std::uint8_t>() : NearEdges(input, views);
  double sum = 0.0;
  double count = 0.0;
  std::size_t i = 0;
  for (int y = 0; y < views.truth.height; ++y) {
    for (int x = 0; x < views.truth.width; ++x, ++i) {
      const bool measured =
          input.measured.empty() || input.measured(x + input.border, y + input.border) > 0.5f;
      if ((place == Place::kAll || (near[i] != 0) == (place == Place::kEdges)) &&
          (sample == Sample::kAny || measured == (sample == Sample::kMeasured)) &&
          std::isfinite(views.truth(x, y))) {
        sum += term(static_cast<double>(views.result(x, y)) - views.truth(x, y));
        ++count;
      }
    }
  }
  if (count == 0.0) {
    throw NoSuchPixels(none);
  }
  return sum / count;
}

double RmseOver(const MetricInput& input, const ComparedViews& views, Place place, Sample sample,
                const char* none) {
  return std::sqrt(
      MeanOver(input, views, place, sample, none, [](double error) { return error * error; }));
}

double MaeOver(const MetricInput& input, const ComparedViews& views, Place place, Sample sample,
               const char* none) {
  return MeanOver(input, views, place, sample, none, [](double error) { return std::abs(error); });
}

// The data's range that PSNR and SSIM rest on.
double DataRange(const ComparedViews& views, double peak) {
  if (peak > 0.0) {
    return peak;
  }
  const ValueRange range = FiniteRange(views.truth);
  if (range.low == range.high) {
    throw Error("the truth has a single value, so no range; PSNR and SSIM need a peak");
  }
  return static_cast<double>(range.high) - range.low;
}

double Psnr(const ComparedViews& views, double range) {
  const double mean_square = MeanSquare(views);
  return mean_square > 0.0 ? std::min(kMaxPsnr, 10.0 * std::log10(range * range / mean_square))
                           : kMaxPsnr;
}

void CheckParameters(const Metric& metric, const MetricInput& input) {
  if (!(std::isfinite(input.unit_per_step) && input.unit_per_step > 0.0)) {
    throw Error("a unit per step of " + DigitsText(input.unit_per_step) +
                ", expected a positive number");
  }
  if (!(std::isfinite(input.peak) && input.peak >= 0.0)) {
    throw Error("a peak of " + DigitsText(input.peak) +
                ", expected a positive number, or 0 for the default");
  }
  if (!(std::isfinite(metric.parameter) && metric.parameter >= 0.0)) {
    throw Error("a threshold of " + DigitsText(metric.parameter) + ", expected 0 or more");
  }
}

double MeanIou(const Metric& metric, const MetricInput& input) {
  const IouCounts counts = CountIou(metric, input);
  if (counts.empty()) {
    throw NoSuchPixels(metric.kind == MetricKind::kMeanIou
                           ? "no label of the truth is known inside the border"
                           : "the truth has no edge between labels");
  }
  return counts.MeanPercent();
}

}  // namespace

IouCounts CountIou(const Metric& metric, const MetricInput& input) {
  IouCounts all;  // refuses what is wrong outside of a band too
  all.Add(input.result, input.truth, input.border);
  if (metric.kind == MetricKind::kMeanIou) {
    return all;
  }
  const double band = metric.parameter;
  if (metric.kind != MetricKind::kMeanIouBand || !(band >= 1.0 && band <= kMaxBand)) {
    throw Error("a band of " + DigitsText(band) + " pixels, expected 1 to " +
                std::to_string(kMaxBand));
  }
  const ComparedViews views = InsideBorder(input.result, input.truth, input.border);
  IouCounts counts;
  counts.Add(views.result, LabelsNearEdges(views.truth, static_cast<int>(band)));
  return counts;
}

double Measure(const Metric& metric, const MetricInput& input) {
  CheckParameters(metric, input);
  if (IsOfWholeSets(metric)) {
    return MeanIou(metric, input);
  }
  const ComparedViews views = InsideBorder(input.result, input.truth, input.border);
  CheckValues(views);
  const double unit = input.unit_per_step;
  switch (metric.kind) {
    case MetricKind::kRmse:
      return unit * std::sqrt(MeanSquare(views));
    case MetricKind::kMae:
      return unit * MeanOverErrors(views, [](double error) { return std::abs(error); });
    case MetricKind::kBadPixels:
      return 100.0 * MeanOverErrors(views, [&](double error) {
               return unit * std::abs(error) > metric.parameter ? 1.0 : 0.0;
             });
    case MetricKind::kRmseEdges:
      return unit * RmseOver(input, views, Place::kEdges, Sample::kAny, kNoEdges);
    case MetricKind::kRmseFlat:
      return unit * RmseOver(input, views, Place::kFlat, Sample::kAny, kAllEdges);
    case MetricKind::kRmseMeasured:
      return unit * RmseOver(input, views, Place::kAll, Sample::kMeasured, kAllHoles);
    case MetricKind::kRmseMeasuredEdges:
      return unit * RmseOver(input, views, Place::kEdges, Sample::kMeasured, kNoEdges);
    case MetricKind::kRmseMeasuredFlat:
      return unit * RmseOver(input, views, Place::kFlat, Sample::kMeasured, kAllEdges);
    case MetricKind::kRmseHoles:
      return unit * RmseOver(input, views, Place::kAll, Sample::kHole, kNoHoles);
    case MetricKind::kMaeMeasuredEdges:
      return unit * MaeOver(input, views, Place::kEdges, Sample::kMeasured, kNoEdges);
    case MetricKind::kMaeHoles:
      return unit * MaeOver(input, views, Place::kAll, Sample::kHole, kNoHoles);
    case MetricKind::kPsnr:
      return Psnr(views, DataRange(views, input.peak));
    case MetricKind::kSsim:
      return Ssim(views, DataRange(views, input.peak));
    case MetricKind::kWeightedF:
      return WeightedFMeasure(views, input.peak > 0.0 ? input.peak : 1.0);
    case MetricKind::kMeanIou:
    case MetricKind::kMeanIouBand:
    case MetricKind::kSeconds:
      break;
  }
  throw Error("a time cannot be measured on a result");
}

double Rmse(ConstView result, ConstView truth, int border) {
  return Measure({MetricKind::kRmse}, {.result = result, .truth = truth, .border = border});
}

Statistics Summarize(const std::vector<double>& values) {
  if (values.empty()) {
    throw Error("no value to take the mean of");
  }
  const double count = static_cast<double>(values.size());
  Statistics result;
  result.count = static_cast<int>(values.size());
  result.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  if (values.size() > 1) {
    double sum = 0.0;
    for (const double value : values) {
      sum += (value - result.mean) * (value - result.mean);
    }
    result.spread = std::sqrt(sum / (count - 1.0));
  }
  return result;
}

double WinPercent(const std::vector<double>& a, const std::vector<double>& b,
                  bool larger_is_better) {
  if (a.size() != b.size() || a.empty()) {
    throw Error("values of " + std::to_string(a.size()) + " and of " + std::to_string(b.size()) +
                " images, expected as many, and at least one");
  }
  double wins = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!std::isfinite(a[i]) || !std::isfinite(b[i])) {
      throw Error("the value of image " + std::to_string(i) + " is not finite");
    }
    wins += (larger_is_better ? a[i] > b[i] : a[i] < b[i]) ? 1.0 : 0.0;
  }
  return 100.0 * wins / static_cast<double>(a.size());
}

}  // namespace dkn::eval
