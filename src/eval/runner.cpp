#include "src/eval/runner.h"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "src/core/free_memory.h"
#include "src/core/in_context.h"
#include "src/core/number_text.h"
#include "src/core/run_jobs.h"
#include "src/eval/evaluate.h"
#include "src/eval/result_store.h"
#include "src/eval/trial_filter.h"

namespace dkn::eval {
namespace {

constexpr int kLeastMemoryMb = 500;  // for one image at work, files and results included

// A set as one case reads it.
struct OpenSet {
  const EvaluationSet* set = nullptr;
  std::unique_ptr<Dataset> data;
  std::vector<std::size_t> images;  // indices into it
};

// Several methods fail on one damaged file: it is named once.
void AddOnce(const std::string& line, std::vector<std::string>& lines) {
  if (std::find(lines.begin(), lines.end(), line) == lines.end()) {
    lines.push_back(line);
  }
}

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

// Opens the sets that can be opened, and notes a problem for each of the others.
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

// One method in one case, on images of several sets.
struct Run {
  const Experiment& experiment;
  const Method& method;
  const Case& in_case;
  Protocol protocol;
  std::string key;  // of everything but the image
};

struct Task {
  const OpenSet* set = nullptr;
  std::size_t image = 0;                             // index in the set
  std::string key;                                   // of the score
  std::optional<MetricValues> values{};              // once it is known
  std::optional<ConfidenceHistogram> reliability{};  // with the values, where it is asked for
  std::string failure{};
};

std::string RunKey(const Run& run) {
  const std::string filter = FilterNameAt(run.method, run.protocol.scale);
  std::string method = filter;
  if (IsDefault(run.method)) {  // any model may be what it takes
    for (const std::string& model : ListModels()) {
      method.append(" ").append(FileStamp(FindModelFile(model)));
    }
  } else if (const std::string file = FindModelFile(filter); !file.empty()) {
    method = FileContentKey(file);
  }
  for (const auto& [name, value] : run.method.settings) {
    method.append(" ").append(name).append("=").append(ShortestText(value));
  }
  return ScoreKey({ProgramFingerprint(), method, run.method.architecture,
                   PrecisionName(run.method.precision), Describe(run.protocol)});
}

std::string StretchText(const EvaluationSet& set) {
  return set.stretch ? ShortestText(set.stretch->low) + " " + ShortestText(set.stretch->high) : "";
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

// Fills in the values, and the reliability where the experiment asks for it.
void MeasureImage(const Run& run, const TrialFilter& filter, Task& task) {
  const Sample sample = ReadSample(*task.set->set, *task.set->data, task.image);
  InContext(task.set->data->Files(task.image).back(), [&] {
    const EvaluationSet& set = *task.set->set;
    Trial trial = MakeTrial(sample, run.protocol, task.image, {set.metres, set.focal, set.peak});
    trial.options.confidence = run.experiment.reliability;
    const FilterOutput output = filter.Filter(trial);
    const int border = run.protocol.border;
    MetricValues values;
    for (const Metric& metric : run.experiment.metrics) {
      values[ToString(metric)] = filter.Measure(metric, trial, output, border);
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

// Whether all that the experiment asks for is there.
bool Complete(const Task& task, const Experiment& experiment) {
  return task.values && (task.reliability || !experiment.reliability) &&
         std::all_of(experiment.metrics.begin(), experiment.metrics.end(),
                     [&](const Metric& metric) { return task.values->contains(ToString(metric)); });
}

class Runner {
 public:
  Runner(const Experiment& experiment, const RunOptions& options)
      : experiment_(experiment),
        options_(options),
        store_(options.results),
        memory_mb_(options.max_memory_mb > 0 ? options.max_memory_mb
                                             : HalfOfFreeMemoryMb(4 * kLeastMemoryMb)) {
    for (const Case& item : experiment.cases) {
      sets_.push_back(OpenSets(experiment, item, options, report_));
    }
    for (const Method& method : experiment.methods) {
      if (!method.missing.empty()) {
        report_.missing.push_back(method.label + ": " + method.missing);
      }
    }
  }

  Report RunAll() {
    ForEachRun([&](const Method&, std::size_t in_case) {
      for (const OpenSet& set : sets_[in_case]) {
        total_ += static_cast<int>(set.images.size());
      }
    });
    ForEachRun([&](const Method& method, std::size_t in_case) {
      try {
        RunMethod(method, in_case);
      } catch (const MethodError& error) {
        AddOnce(method.label + ": " + error.what(), report_.problems);
        for (const OpenSet& set : sets_[in_case]) {
          total_ -= static_cast<int>(set.images.size());
        }
      }
    });
    return std::move(report_);
  }

 private:
  // The method cannot be made.
  class MethodError : public Error {
   public:
    using Error::Error;
  };

  template <typename Body>
  void ForEachRun(const Body& body) const {
    for (const Method& method : experiment_.methods) {
      for (std::size_t i = 0; i < experiment_.cases.size(); ++i) {
        if (MeasuredIn(method, experiment_.cases[i])) {
          body(method, i);
        }
      }
    }
  }

  void RunMethod(const Method& method, std::size_t in_case) {
    const Case& item = experiment_.cases[in_case];
    Run run{experiment_, method, item, ProtocolOf(method, item), ""};
    std::vector<Task> tasks;
    try {
      run.key = RunKey(run);
    } catch (const Error& error) {
      throw MethodError(error.what());
    }
    for (const OpenSet& set : sets_[in_case]) {
      for (const std::size_t image : set.images) {
        tasks.push_back({&set, image, TaskKey(run, set, image)});
      }
    }
    MeasureTasks(run, tasks);
    AddResults(run, tasks);
  }

  // Fills in what the store has, then measures the rest.
  void MeasureTasks(const Run& run, std::vector<Task>& tasks) {
    std::vector<Task*> left;
    for (Task& task : tasks) {
      task.values = store_.Find(task.key);
      task.reliability = store_.FindReliability(task.key);
      if (Complete(task, experiment_)) {
        ++report_.reused;
        options_.progress(++done_, total_);
      } else {
        task.values.reset();
        task.reliability.reset();
        left.push_back(&task);
      }
    }
    if (left.empty()) {
      return;
    }
    const int jobs = std::min(static_cast<int>(left.size()), MostJobs());
    const TrialFilter filter = MakeFilter(run, jobs);
    RunJobs(jobs, left.size(), [&](std::size_t i) { MeasureTask(run, filter, *left[i]); });
  }

  // Images at a time: one where times are measured.
  int MostJobs() const {
    const bool timed =
        std::any_of(experiment_.metrics.begin(), experiment_.metrics.end(),
                    [](const Metric& metric) { return metric.kind == MetricKind::kSeconds; });
    return timed ? 1 : std::clamp(memory_mb_ / kLeastMemoryMb, 1, omp_get_max_threads());
  }

  TrialFilter MakeFilter(const Run& run, int jobs) const {
    try {
      return TrialFilter(run.method, run.protocol.scale, memory_mb_ / jobs);
    } catch (const Error& error) {
      throw MethodError(error.what());
    }
  }

  void MeasureTask(const Run& run, const TrialFilter& filter, Task& task) {
    try {
      MeasureImage(run, filter, task);
    } catch (const Error& error) {
      task.failure = error.what();
    }
    if (task.values) {
      store_.Add({task.key, run.method.label, task.set->set->label, run.in_case.label,
                  task.set->data->Name(task.image), *task.values, task.reliability});
    }
    const std::lock_guard<std::mutex> lock(progress_);
    ++report_.measured;
    options_.progress(++done_, total_);
  }

  void AddResults(const Run& run, const std::vector<Task>& tasks) {
    for (const OpenSet& set :
         sets_[static_cast<std::size_t>(&run.in_case - experiment_.cases.data())]) {
      Result result{run.method.label, set.set->label, run.in_case.label, {}};
      for (const Task& task : tasks) {
        if (task.set == &set && task.values) {
          result.scores.push_back({set.data->Name(task.image), {}});
          for (const Metric& metric : experiment_.metrics) {
            result.scores.back().values.push_back(task.values->at(ToString(metric)));
          }
          if (experiment_.reliability) {
            AddHistogram(*task.reliability, result.reliability);
          }
        } else if (task.set == &set) {
          AddOnce(task.failure, report_.problems);
        }
      }
      if (!result.scores.empty()) {
        CheckLimit(run, *set.set, result);
        report_.results.push_back(std::move(result));
      }
    }
  }

  void CheckLimit(const Run& run, const EvaluationSet& set, const Result& result) {
    const auto limit = run.method.at_most.find({set.label, run.in_case.label});
    const double mean = StatisticsOf(result, 0).mean;
    if (limit != run.method.at_most.end() && options_.limit == 0 && mean > limit->second) {
      const Metric& metric = experiment_.metrics[0];
      AddOnce(run.method.label + " on " + set.label +
                  (run.in_case.label.empty() ? "" : " " + run.in_case.label) + ": " +
                  MetricName(metric) + " " + FixedText(mean, 3) + " " +
                  MetricUnit(metric, set.unit) + ", expected at most " +
                  FixedText(limit->second, 3),
              report_.problems);
    }
  }

  const Experiment& experiment_;
  const RunOptions& options_;
  ResultStore store_;
  const int memory_mb_;
  std::vector<std::vector<OpenSet>> sets_;  // by case
  Report report_;
  std::mutex progress_;
  int done_ = 0;
  int total_ = 0;
};

}  // namespace

Statistics StatisticsOf(const Result& result, std::size_t metric) {
  std::vector<double> values;
  for (const ImageScore& score : result.scores) {
    if (!std::isnan(score.values[metric])) {
      values.push_back(score.values[metric]);
    }
  }
  return values.empty() ? Statistics{} : Summarize(values);
}

const Result* FindResult(const Report& report, const std::string& method, const std::string& set,
                         const std::string& in_case) {
  for (const Result& result : report.results) {
    if (result.method == method && result.set == set && result.in_case == in_case) {
      return &result;
    }
  }
  return nullptr;
}

Report RunExperiment(const Experiment& experiment, const RunOptions& options) {
  return Runner(experiment, options).RunAll();
}

}  // namespace dkn::eval
