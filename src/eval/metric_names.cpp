#include <charconv>
#include <cmath>
#include <cstring>
#include <string>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/eval/label_edges.h"
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

// In the order of MetricKind. A name goes before the metric's parameter, where it has one.
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
    {MetricKind::kMeanIouBand, "mean_iou_band_", "mean IoU within", Unit::kPercent, true},
    {MetricKind::kSeconds, "seconds", "time", Unit::kSecond, false},
};

const MetricRow& RowOf(const Metric& metric) {
  return kMetrics[static_cast<int>(metric.kind)];
}

// What stands behind the names of metrics with a parameter.
const char* ParameterText(MetricKind kind) {
  return kind == MetricKind::kBadPixels     ? "NUMBER"
         : kind == MetricKind::kMeanIouBand ? "PIXELS"
                                            : "";
}

bool HasParameter(MetricKind kind) {
  return *ParameterText(kind) != '\0';
}

// Whether all of `text` is a finite number >= 0; of kMeanIouBand, whole pixels.
bool ReadParameter(MetricKind kind, const std::string& text, double& value) {
  const char* const end = text.data() + text.size();
  if (kind == MetricKind::kMeanIouBand) {
    int pixels = 0;
    const auto [stop, code] = std::from_chars(text.data(), end, pixels);
    value = pixels;
    return code == std::errc() && stop == end && pixels >= 1 && pixels <= kMaxBand;
  }
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  return code == std::errc() && stop == end && std::isfinite(value) && !std::signbit(value);
}

}  // namespace

Metric ParseMetric(const std::string& name) {
  std::string known;
  for (const MetricRow& row : kMetrics) {
    Metric metric{.kind = row.kind};
    if (HasParameter(row.kind)
            ? name.rfind(row.name, 0) == 0 &&
                  ReadParameter(row.kind, name.substr(std::strlen(row.name)), metric.parameter)
            : name == row.name) {
      return metric;
    }
    known += (known.empty() ? "" : ", ") + std::string(row.name) + ParameterText(row.kind);
  }
  throw Error("unknown metric '" + name + "', expected one of " + known);
}

std::string ToString(const Metric& metric) {
  const std::string name = RowOf(metric).name;
  return HasParameter(metric.kind) ? name + ShortestText(metric.parameter) : name;
}

std::string MetricName(const Metric& metric) {
  const std::string title = RowOf(metric).title;
  if (metric.kind == MetricKind::kBadPixels) {
    return title + " (> " + ShortestText(metric.parameter) + ")";
  }
  if (metric.kind == MetricKind::kMeanIouBand) {
    return title + " " + ShortestText(metric.parameter) + " pixels of edges";
  }
  return title;
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

bool IsOfWholeSets(const Metric& metric) {
  return metric.kind == MetricKind::kMeanIou || metric.kind == MetricKind::kMeanIouBand;
}

bool LargerIsBetter(const Metric& metric) {
  return RowOf(metric).larger_is_better;
}

}  // namespace dkn::eval
