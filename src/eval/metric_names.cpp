#include <charconv>
#include <cmath>
#include <cstring>
#include <string>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/eval/metrics.h"

namespace dkn::eval {
namespace {

enum class Unit { kOfSet, kPercent, kDecibel, kSecond, kNone };

struct MetricRow {
  MetricKind kind;
  const char* name;   // in experiment files
  const char* title;  // in tables
  Unit unit;
  bool larger_is_better;
};

// In the order of MetricKind. The name of kBadPixels goes before its threshold.
constexpr MetricRow kMetrics[] = {
    {MetricKind::kRmse, "rmse", "RMSE", Unit::kOfSet, false},
    {MetricKind::kMae, "mae", "MAE", Unit::kOfSet, false},
    {MetricKind::kBadPixels, "bad>", "bad pixels", Unit::kPercent, false},
    {MetricKind::kRmseEdges, "rmse_edges", "RMSE at edges", Unit::kOfSet, false},
    {MetricKind::kRmseFlat, "rmse_flat", "RMSE off edges", Unit::kOfSet, false},
    {MetricKind::kRmseMeasured, "rmse_measured", "RMSE where measured", Unit::kOfSet, false},
    {MetricKind::kRmseMeasuredEdges, "rmse_measured_edges", "RMSE where measured, at edges",
     Unit::kOfSet, false},
    {MetricKind::kRmseMeasuredFlat, "rmse_measured_flat", "RMSE where measured, off edges",
     Unit::kOfSet, false},
    {MetricKind::kRmseHoles, "rmse_holes", "RMSE in holes", Unit::kOfSet, false},
    {MetricKind::kMaeMeasuredEdges, "mae_measured_edges", "MAE where measured, at edges",
     Unit::kOfSet, false},
    {MetricKind::kMaeHoles, "mae_holes", "MAE in holes", Unit::kOfSet, false},
    {MetricKind::kPsnr, "psnr", "PSNR", Unit::kDecibel, true},
    {MetricKind::kSsim, "ssim", "SSIM", Unit::kNone, true},
    {MetricKind::kWeightedF, "weighted_f", "weighted F", Unit::kNone, true},
    {MetricKind::kMeanIou, "mean_iou", "mean IoU", Unit::kPercent, true},
    {MetricKind::kSeconds, "seconds", "time", Unit::kSecond, false},
};

const MetricRow& RowOf(const Metric& metric) {
  return kMetrics[static_cast<int>(metric.kind)];
}

// Whether all of `text` is a finite number >= 0.
bool ReadThreshold(const std::string& text, double& value) {
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  return code == std::errc() && stop == end && std::isfinite(value) && !std::signbit(value);
}

}  // namespace

Metric ParseMetric(const std::string& name) {
  std::string known;
  for (const MetricRow& row : kMetrics) {
    const bool takes_threshold = row.kind == MetricKind::kBadPixels;
    Metric metric{.kind = row.kind};
    if (takes_threshold ? name.rfind(row.name, 0) == 0 &&
                              ReadThreshold(name.substr(std::strlen(row.name)), metric.parameter)
                        : name == row.name) {
      return metric;
    }
    known +=
        (known.empty() ? "" : ", ") + std::string(row.name) + (takes_threshold ? "NUMBER" : "");
  }
  throw Error("unknown metric '" + name + "', expected one of " + known);
}

std::string ToString(const Metric& metric) {
  const std::string name = RowOf(metric).name;
  return metric.kind == MetricKind::kBadPixels ? name + ShortestText(metric.parameter) : name;
}

std::string MetricName(const Metric& metric) {
  const std::string title = RowOf(metric).title;
  return metric.kind == MetricKind::kBadPixels
             ? title + " (> " + ShortestText(metric.parameter) + ")"
             : title;
}

std::string MetricUnit(const Metric& metric, const std::string& unit) {
  switch (RowOf(metric).unit) {
    case Unit::kOfSet:
      return unit;
    case Unit::kPercent:
      return "%";
    case Unit::kDecibel:
      return "dB";
    case Unit::kSecond:
      return "s";
    case Unit::kNone:
      break;
  }
  return "";
}

bool LargerIsBetter(const Metric& metric) {
  return RowOf(metric).larger_is_better;
}

}  // namespace dkn::eval
