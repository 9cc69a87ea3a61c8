#include "src/eval/trial_filter.h"

#include <chrono>
#include <limits>

#include "dkn/frame.h"
#include "dkn/orientations.h"
#include "dkn/registry.h"
#include "src/dkn/architecture.h"
#include "src/imaging/holes.h"
#include "src/rivals/load_rival.h"

namespace dkn::eval {
namespace {

NetworkOptions NetworkOptionsOf(const Method& method) {
  NetworkOptions options;
  if (!method.architecture.empty()) {
    options.architecture = ArchitectureFromJson(method.architecture);
  }
  options.precision = method.precision;
  return options;
}

// The trial's input with its holes.
Image WithHoles(const Trial& trial) {
  return trial.measured.empty() ? Image::Clone(trial.input)
                                : MarkHoles(trial.input, {}, trial.measured);
}

// Of work that takes its memory the first time.
template <typename Work>
double SecondTime(const Work& work) {
  work();
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

std::string FilterNameAt(const Method& method, int scale) {
  const std::string place = "{scale}";
  std::string filter = method.filter;
  const std::size_t at = filter.find(place);
  return at == std::string::npos ? filter : filter.replace(at, place.size(), std::to_string(scale));
}

bool IsDefault(const Method& method) {
  return method.filter == "default";
}

std::string FilterFileOf(const Method& method, int scale) {
  const bool none = IsDefault(method) || (!method.segmenter.empty() && method.filter == "none");
  return none ? "" : FindModelFile(FilterNameAt(method, scale));
}

std::unique_ptr<Model> LoadModelOf(const Method& method, int scale) {
  const std::string file = FilterFileOf(method, scale);
  if (file.empty() || HoldsRival(file)) {
    return nullptr;
  }
  return LoadModel(FilterNameAt(method, scale), NetworkOptionsOf(method));
}

std::optional<NetworkCost> CostOfMethod(const Method& method, int scale) {
  if (FilterFileOf(method, scale).empty()) {
    return std::nullopt;
  }
  std::optional<NetworkCost> cost = CostOf(FilterNameAt(method, scale), kCostWidth, kCostHeight,
                                           NetworkOptionsOf(method), method.settings);
  if (cost) {
    cost->operations *= method.orientations;
  }
  return cost;
}

TrialFilter::TrialFilter(const Method& method, int scale, int max_memory_mb) {
  if (IsDefault(method)) {
    UpsamplerOptions options;
    options.settings = method.settings;
    options.orientations = method.orientations;
    options.network.max_memory_mb = max_memory_mb;
    upsampler_ = std::make_unique<Upsampler>(options);
    return;
  }
  const std::string name = FilterNameAt(method, scale);
  NetworkOptions options = NetworkOptionsOf(method);
  options.max_memory_mb = FilterFileOf(method, scale).empty() ? 0 : max_memory_mb;
  if (!method.segmenter.empty()) {
    segmenter_ = Segmenter::Load(method.segmenter, {name, options, method.settings});
    return;
  }
  filter_ = AverageOrientations(CreateFilter(name, options, method.settings), method.orientations);
}

FilterOutput TrialFilter::Filter(const Trial& trial) const {
  if (filter_ != nullptr) {
    return FilterTrial(*filter_, trial);
  }
  FilterOutput output;
  if (segmenter_ != nullptr) {
    output.image = segmenter_->Scores(trial.guide);
    return output;
  }
  if (trial.own_guide) {
    throw Error("'default' filters a target by a guide; name a method where it is its own guide");
  }
  Upsampler upsampler = upsampler_->Sibling();
  upsampler.SetGuide(FrameOf(trial.guide));
  const Image target = WithHoles(trial);
  output.image = ImageOf(upsampler.Upsample(FrameOf(target)).image);
  return output;
}

double TrialFilter::Seconds(const Trial& trial) const {
  if (filter_ != nullptr) {
    return FilterSeconds(*filter_, trial);
  }
  if (segmenter_ != nullptr) {
    return SecondTime([&] { segmenter_->Scores(trial.guide); });
  }
  Upsampler upsampler = upsampler_->Sibling();
  const Image target = WithHoles(trial);
  return SecondTime([&] {
    upsampler.SetGuide(FrameOf(trial.guide));
    upsampler.Upsample(FrameOf(target));
  });
}

double TrialFilter::Measure(const Metric& metric, const Trial& trial, const FilterOutput& output,
                            int border) const {
  switch (metric.kind) {
    case MetricKind::kSeconds:
      return Seconds(trial);
    case MetricKind::kRmseMeasured:
    case MetricKind::kRmseMeasuredEdges:
    case MetricKind::kRmseMeasuredFlat:
    case MetricKind::kRmseHoles:
    case MetricKind::kMaeMeasuredEdges:
    case MetricKind::kMaeHoles:
      try {
        return eval::Measure(metric, {.result = output.image,
                                      .truth = trial.known_truth,
                                      .border = border,
                                      .measured = trial.measured_pixels,
                                      .near_edges = trial.near_edges});
      } catch (const NoSuchPixels&) {
        return std::numeric_limits<double>::quiet_NaN();
      }
    default:
      return eval::Measure(
          metric,
          {.result = output.image, .truth = trial.truth, .border = border, .peak = trial.peak});
  }
}

}  // namespace dkn::eval
