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
#include "src/eval/image_tasks.h"
#include "src/eval/result_store.h"
#include "src/eval/trial_filter.h"

namespace dkn::eval {
namespace {

constexpr int kLeastMemoryMb = 500;  // for one image at work, files and results included

bool MeasuresTimes(const Experiment& experiment) {
  return std::any_of(experiment.metrics.begin(), experiment.metrics.end(),
                     [](const Metric& metric) { return metric.kind == MetricKind::kSeconds; });
}

}  // namespace

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
    ForEachRun([&](const Method& method, std::size_t in_case) {
      try {
        const int scale = experiment.cases[in_case].protocol.scale;
        if (const auto cost = report_.costs.count(method.label) > 0 ? std::nullopt
                                                                    : CostOfMethod(method, scale)) {
          report_.costs[method.label] = *cost;
        }
      } catch (const Error&) {
        // That it cannot be made is a problem where it is run.
      }
    });
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

  std::vector<ImageTask> Left() {
    std::vector<ImageTask> left;
    ForEachRun([&](const Method& method, std::size_t in_case) {
      try {
        const Run run = RunOf(method, in_case);
        for (Task& task : TasksOf(run)) {
          if (!FindStored(task)) {
            left.push_back(ImageTaskOf(run, task));
          }
        }
      } catch (const MethodError&) {  // told by RunAll
      }
    });
    return left;
  }

  std::vector<ImageOutcome> Measure(const std::vector<ImageTask>& images) {
    std::vector<ImageOutcome> outcomes(images.size());
    for (std::size_t begin = 0; begin < images.size();) {
      std::size_t end = begin + 1;
      while (end < images.size() && images[end].method == images[begin].method &&
             images[end].in_case == images[begin].in_case) {
        ++end;
      }
      MeasureOfOneRun({images.begin() + static_cast<std::ptrdiff_t>(begin),
                       images.begin() + static_cast<std::ptrdiff_t>(end)},
                      outcomes.data() + begin);
      begin = end;
    }
    return outcomes;
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

  Run RunOf(const Method& method, std::size_t in_case) const {
    const Case& item = experiment_.cases[in_case];
    Run run{experiment_, method, item, ProtocolOf(method, item), ""};
    try {
      run.key = RunKey(run);
    } catch (const Error& error) {
      throw MethodError(error.what());
    }
    return run;
  }

  std::vector<Task> TasksOf(const Run& run) const {
    std::vector<Task> tasks;
    for (const OpenSet& set : SetsOf(run)) {
      for (const std::size_t image : set.images) {
        tasks.push_back({&set, image, TaskKey(run, set, image)});
      }
    }
    return tasks;
  }

  const std::vector<OpenSet>& SetsOf(const Run& run) const {
    return sets_[static_cast<std::size_t>(&run.in_case - experiment_.cases.data())];
  }

  void RunMethod(const Method& method, std::size_t in_case) {
    const Run run = RunOf(method, in_case);
    std::vector<Task> tasks = TasksOf(run);
    MeasureTasks(run, tasks);
    AddResults(run, tasks);
  }

  // Fills in what the store has, if that is all that the experiment asks for.
  bool FindStored(Task& task) const {
    task.values = store_.Find(task.key);
    task.reliability = store_.FindReliability(task.key);
    task.counts = store_.FindCounts(task.key);
    if (Complete(task, experiment_)) {
      return true;
    }
    task.values.reset();
    task.reliability.reset();
    task.counts.clear();
    return false;
  }

  // Fills in what the store has, then measures the rest.
  void MeasureTasks(const Run& run, std::vector<Task>& tasks) {
    std::vector<Task*> left;
    for (Task& task : tasks) {
      if (FindStored(task)) {
        ++report_.reused;
        options_.progress(++done_, total_);
      } else if (const auto known = options_.failures.find(task.key);
                 known != options_.failures.end()) {
        task.failure = known->second;
        options_.progress(++done_, total_);
      } else {
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
    return MeasuresTimes(experiment_)
               ? 1
               : std::clamp(memory_mb_ / kLeastMemoryMb, 1, omp_get_max_threads());
  }

  ImageTask ImageTaskOf(const Run& run, const Task& task) const {
    const EvaluationSet& set = *task.set->set;
    const std::string in_case = run.in_case.label.empty() ? "" : " " + run.in_case.label;
    return {
        static_cast<int>(&run.method - experiment_.methods.data()),
        static_cast<int>(&run.in_case - experiment_.cases.data()),
        static_cast<int>(&set - experiment_.sets.data()),
        static_cast<int>(task.image),
        task.key,
        run.method.label + " on " + set.label + in_case + ": " + task.set->data->Name(task.image)};
  }

  // Of images of one method in one case.
  void MeasureOfOneRun(const std::vector<ImageTask>& images, ImageOutcome* outcomes) {
    const ImageTask& front = images.front();
    const Run run = RunOf(experiment_.methods.at(static_cast<std::size_t>(front.method)),
                          static_cast<std::size_t>(front.in_case));
    std::vector<Task> tasks;
    for (const ImageTask& image : images) {
      tasks.push_back(TaskOf(run, image));
    }
    const int jobs = std::min(static_cast<int>(tasks.size()), MostJobs());
    try {
      if (last_key_ != run.key || !last_filter_) {
        last_filter_ = std::make_unique<TrialFilter>(MakeFilter(run, MostJobs()));
        last_key_ = run.key;
      }
    } catch (const MethodError&) {
      return;
    }
    RunJobs(jobs, tasks.size(), [&](std::size_t i) {
      MeasureImage(run, *last_filter_, tasks[i]);
      outcomes[i] = {tasks[i].values ? ScoreLine(ScoreOf(run, tasks[i])) : "", tasks[i].failure};
    });
  }

  Task TaskOf(const Run& run, const ImageTask& image) const {
    const EvaluationSet* const wanted = &experiment_.sets.at(static_cast<std::size_t>(image.set));
    for (const OpenSet& set : SetsOf(run)) {
      const auto index = static_cast<std::size_t>(image.image);
      if (set.set == wanted && index < set.data->size()) {
        Task task{&set, index, TaskKey(run, set, index)};
        if (task.key == image.key) {
          return task;
        }
      }
    }
    throw Error(image.name +
                ": is not the same here as where it was asked for; expected the same "
                "files at the same paths, and the same build of dkn");
  }

  TrialFilter MakeFilter(const Run& run, int jobs) const {
    try {
      return TrialFilter(run.method, run.protocol.scale, memory_mb_ / jobs);
    } catch (const Error& error) {
      throw MethodError(error.what());
    }
  }

  void MeasureTask(const Run& run, const TrialFilter& filter, Task& task) {
    MeasureImage(run, filter, task);
    if (task.values) {
      store_.Add(ScoreOf(run, task));
    }
    const std::lock_guard<std::mutex> lock(progress_);
    ++report_.measured;
    options_.progress(++done_, total_);
  }

  void AddResults(const Run& run, const std::vector<Task>& tasks) {
    for (const OpenSet& set : SetsOf(run)) {
      Result result{run.method.label, set.set->label, run.in_case.label, {}};
      for (const Task& task : tasks) {
        if (task.set == &set && task.values) {
          result.scores.push_back({set.data->Name(task.image), {}});
          for (std::size_t i = 0; i < experiment_.metrics.size(); ++i) {
            const std::string metric = ToString(experiment_.metrics[i]);
            result.scores.back().values.push_back(task.values->at(metric));
            if (IsOfWholeSets(experiment_.metrics[i])) {
              result.counts[i].Add(task.counts.at(metric));
            }
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
  std::string last_key_;  // of the run that last_filter_ is for
  std::unique_ptr<TrialFilter> last_filter_;
};

Statistics StatisticsOf(const Result& result, std::size_t metric) {
  std::vector<double> values;
  for (const ImageScore& score : result.scores) {
    if (!std::isnan(score.values[metric])) {
      values.push_back(score.values[metric]);
    }
  }
  if (values.empty()) {
    return {};
  }
  Statistics statistics = Summarize(values);
  if (const auto counts = result.counts.find(metric); counts != result.counts.end()) {
    statistics.mean = counts->second.MeanPercent();
  }
  return statistics;
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

SplitExperiment::SplitExperiment(Experiment experiment, RunOptions options)
    : experiment_(std::move(experiment)), options_(std::move(options)) {
  if (MeasuresTimes(experiment_)) {
    throw Error(
        "the experiment measures times, which are those of a machine that does nothing else; "
        "expected one process");
  }
  runner_ = std::make_unique<Runner>(experiment_, options_);
}

SplitExperiment::~SplitExperiment() = default;

std::vector<ImageTask> SplitExperiment::Left() {
  return runner_->Left();
}

std::vector<ImageOutcome> SplitExperiment::Measure(const std::vector<ImageTask>& tasks) {
  return runner_->Measure(tasks);
}

}  // namespace dkn::eval
