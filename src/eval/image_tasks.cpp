#include "src/eval/image_tasks.h"

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "src/core/in_context.h"
#include "src/core/number_text.h"
#include "src/eval/evaluate.h"

namespace dkn::eval {
namespace {

// Indices of the images that count, the first `limit` of them where that is set.
std::vector<std::size_t> ChooseImages(const EvaluationSet& set, const Dataset& data, int limit) {
  std::vector<std::size_t> chosen;
  std::set<std::string> found;
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (set.images.empty() ||
        std::find(set.images.begin(), set.images.end(), data.Name(i)) != set.images.end()) {
      chosen.push_back(i);
      found.insert(data.Name(i));
    }
  }
  for (const std::string& name : set.images) {
    if (!found.contains(name)) {
      throw Error(set.data.path + ": there is no image '" + name + "'");
    }
  }
  if (limit > 0 && chosen.size() > static_cast<std::size_t>(limit)) {
    chosen.resize(static_cast<std::size_t>(limit));
  }
  return chosen;
}

// FileContentKey, of a file that has not changed read once.
std::string ModelKey(const std::string& file) {
  static std::mutex mutex;
  static std::map<std::string, std::string> keys;
  const std::string stamp = FileStamp(file);
  const std::lock_guard<std::mutex> lock(mutex);
  const auto found = keys.find(stamp);
  return found != keys.end() ? found->second
                             : keys.emplace(stamp, FileContentKey(file)).first->second;
}

std::string StretchText(const EvaluationSet& set) {
  return set.stretch ? ShortestText(set.stretch->low) + " " + ShortestText(set.stretch->high) : "";
}

void FillIn(const Run& run, const TrialFilter& filter, Task& task) {
  const Sample sample = ReadSample(*task.set->set, *task.set->data, task.image);
  InContext(task.set->data->Files(task.image).back(), [&] {
    const EvaluationSet& set = *task.set->set;
    Trial trial = MakeTrial(sample, run.protocol, task.image, {set.metres, set.focal, set.peak});
    trial.options.confidence = run.experiment.reliability;
    const FilterOutput output = filter.Filter(trial);
    const int border = run.protocol.border;
    MetricValues values;
    for (const Metric& metric : run.experiment.metrics) {
      double& value = values[ToString(metric)];
      if (IsOfWholeSets(metric)) {
        IouCounts& counts = task.counts[ToString(metric)];
        counts = CountIou(metric, {.result = output.image, .truth = trial.truth, .border = border});
        value = counts.empty() ? std::numeric_limits<double>::quiet_NaN() : counts.MeanPercent();
      } else {
        value = filter.Measure(metric, trial, output, border);
      }
    }
    if (run.experiment.reliability) {
      ConfidenceHistogram histogram;
      if (!output.confidence.empty()) {
        AddErrors(output.image, trial.truth, output.confidence, border, histogram);
      }
      task.reliability = std::move(histogram);
    }
    task.values = std::move(values);
  });
}

}  // namespace

void AddOnce(const std::string& line, std::vector<std::string>& lines) {
  if (std::find(lines.begin(), lines.end(), line) == lines.end()) {
    lines.push_back(line);
  }
}

std::vector<OpenSet> OpenSets(const Experiment& experiment, const Case& in_case,
                              const RunOptions& options, Report& report) {
  std::vector<OpenSet> sets;
  for (const EvaluationSet& set : experiment.sets) {
    if (!MeasuredOn(set, in_case)) {
      continue;
    }
    if (IsMissing(set, options.data)) {
      AddOnce(set.label + ": " + set.missing, report.missing);
      continue;
    }
    try {
      OpenSet open{&set, OpenSetData(set, options.data, in_case.protocol), {}};
      open.images = ChooseImages(set, *open.data, options.limit);
      sets.push_back(std::move(open));
    } catch (const Error& error) {
      AddOnce(error.what(), report.problems);
    }
  }
  return sets;
}

std::string RunKey(const Run& run) {
  const std::string filter = FilterNameAt(run.method, run.protocol.scale);
  std::string method = filter;
  if (IsDefault(run.method)) {  // any model may be what it takes
    for (const std::string& model : ListModels()) {
      method.append(" ").append(ModelKey(FindModelFile(model)));
    }
  } else if (const std::string file = FilterFileOf(run.method, run.protocol.scale); !file.empty()) {
    method = ModelKey(file);
  }
  if (!run.method.segmenter.empty()) {
    method.append(" of ").append(ModelKey(FindSegmenter(run.method.segmenter)));
  }
  for (const auto& [name, value] : run.method.settings) {
    method.append(" ").append(name).append("=").append(ShortestText(value));
  }
  if (run.method.orientations > 1) {
    method.append(" in ").append(std::to_string(run.method.orientations)).append(" orientations");
  }
  return ScoreKey({kSourceKey, method, run.method.architecture, PrecisionName(run.method.precision),
                   Describe(run.protocol)});
}

std::string TaskKey(const Run& run, const OpenSet& set, std::size_t image) {
  const DatasetOptions& data = set.set->data;
  std::vector<std::string> parts = {run.key,
                                    data.layout,
                                    data.split,
                                    ShortestText(data.unit_per_step),
                                    data.invalid ? ShortestText(*data.invalid) : "",
                                    StretchText(*set.set),
                                    ShortestText(set.set->metres),
                                    ShortestText(set.set->focal),
                                    ShortestText(set.set->peak),
                                    std::to_string(image),
                                    set.data->Name(image)};
  for (const std::string& file : set.data->Files(image)) {
    parts.push_back(FileStamp(file));
  }
  return ScoreKey(parts);
}

bool Complete(const Task& task, const Experiment& experiment) {
  return task.values && (task.reliability || !experiment.reliability) &&
         std::all_of(experiment.metrics.begin(), experiment.metrics.end(),
                     [&](const Metric& metric) {
                       const std::string name = ToString(metric);
                       return task.values->contains(name) &&
                              (!IsOfWholeSets(metric) || task.counts.contains(name));
                     });
}

void MeasureImage(const Run& run, const TrialFilter& filter, Task& task) {
  try {
    FillIn(run, filter, task);
  } catch (const Error& error) {
    task.failure = error.what();
  }
}

StoredScore ScoreOf(const Run& run, const Task& task) {
  return {task.key,
          run.method.label,
          task.set->set->label,
          run.in_case.label,
          task.set->data->Name(task.image),
          *task.values,
          task.reliability,
          task.counts};
}

}  // namespace dkn::eval
