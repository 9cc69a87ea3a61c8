#ifndef DKN_SRC_EVAL_IMAGE_TASKS_H_
#define DKN_SRC_EVAL_IMAGE_TASKS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/data/dataset.h"
#include "src/eval/confidence_histogram.h"
#include "src/eval/experiment.h"
#include "src/eval/result_store.h"
#include "src/eval/runner.h"
#include "src/eval/trial_filter.h"

// The parts of RunExperiment: one image by one method in one case.
namespace dkn::eval {

// A set as one case reads it.
struct OpenSet {
  const EvaluationSet* set = nullptr;
  std::unique_ptr<Dataset> data;
  std::vector<std::size_t> images;  // indices into it
};

// Several methods fail on one damaged file: it is named once.
void AddOnce(const std::string& line, std::vector<std::string>& lines);

// Opens the sets that can be opened, and notes a problem for each of the others.
std::vector<OpenSet> OpenSets(const Experiment& experiment, const Case& in_case,
                              const RunOptions& options, Report& report);

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
  MetricCounts counts{};                             // with the values, of metrics of whole sets
  std::string failure{};
};

// Texts that change with all that scores depend on: of a run (Run::key), of an image in it. The
// first throws Error where a model cannot be read.
std::string RunKey(const Run& run);
std::string TaskKey(const Run& run, const OpenSet& set, std::size_t image);

// Fills in the values, the counts of metrics of whole sets, and the reliability where the
// experiment asks for it; or the failure.
void MeasureImage(const Run& run, const TrialFilter& filter, Task& task);

// Whether all that the experiment asks for is there.
bool Complete(const Task& task, const Experiment& experiment);

// The task's line of a file of results. It has its values.
StoredScore ScoreOf(const Run& run, const Task& task);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_IMAGE_TASKS_H_
