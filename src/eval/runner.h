#ifndef DKN_SRC_EVAL_RUNNER_H_
#define DKN_SRC_EVAL_RUNNER_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dkn/registry.h"
#include "src/eval/confidence_histogram.h"
#include "src/eval/experiment.h"
#include "src/eval/metrics.h"

namespace dkn::eval {

struct ImageScore {
  std::string image;           // Dataset::Name
  std::vector<double> values;  // of the experiment's metrics, in their order
};

// One cell of the table. Where no image could be evaluated, there is no cell.
struct Result {
  std::string method;  // labels
  std::string set;
  std::string in_case;
  std::vector<ImageScore> scores;  // in the set's order
  // The errors of all these images by confidence. It has no bins unless the experiment asks for it
  // and the method tells its confidence.
  ConfidenceHistogram reliability = {};
  // Of metrics of whole sets (IsOfWholeSets), by their index: over all these images.
  std::map<std::size_t, IouCounts> counts = {};
};

// The mean and the spread of the experiment's metric with this index over a result's images, those
// of which it is known, and how many they are. Of a metric of whole sets the mean is the figure of
// all these images' pixels together; the spread is that of the images' own figures.
Statistics StatisticsOf(const Result& result, std::size_t metric);

struct Report {
  std::vector<Result> results;  // by method, set and case, in the experiment's order
  // One line for each file, method or set that failed, and for each figure above its at_most.
  std::vector<std::string> problems;
  // One line for each set and method that is known to be missing, and why.
  std::vector<std::string> missing;
  // By label, of methods that are networks: CostOfMethod, in the first case that each is measured
  // in.
  std::map<std::string, NetworkCost> costs = {};
  int reused = 0;    // images whose scores were in RunOptions::results already
  int measured = 0;  // images, over all cells
};

// nullptr where there is none.
const Result* FindResult(const Report& report, const std::string& method, const std::string& set,
                         const std::string& in_case);

struct RunOptions {
  std::string data;       // the folder in which the sets' paths lie
  int limit = 0;          // the first images of each set; 0: all
  std::string results;    // a file for ResultStore; empty: none
  int max_memory_mb = 0;  // for all images together; 0: half of what the system has free
  // Images that are known to fail, by their keys (ImageTask), and why: they are not measured again.
  std::map<std::string, std::string> failures = {};
  // Images, over the whole experiment. Called by one thread at a time.
  std::function<void(int done, int total)> progress = [](int, int) {};
};

// Evaluates the methods on the sets in all cases, several images at once, as many as threads
// (SetThreads) and memory allow; the seed of an image's noise is its index in the set. Figures are
// not held against at_most where `limit` is set. What fails is a problem in the report and leaves
// all other results as they are. Throws Error when the file of results cannot be used.
Report RunExperiment(const Experiment& experiment, const RunOptions& options);

// One image by one method in one case of an experiment: what one process tells another to measure.
// Indices into Experiment's lists, and of the image in its set.
struct ImageTask {
  int method = 0;
  int in_case = 0;
  int set = 0;
  int image = 0;
  std::string key;   // of its score; changes with all that this depends on
  std::string name;  // for people
};

struct ImageOutcome {
  std::string line = {};     // of the file of results; or
  std::string failure = {};  // why there is none; both empty: the method cannot be made
};

class Runner;

// An experiment that several processes measure: one tells what is left, others measure parts of it
// and give the lines that its file of results lacks; RunExperiment with that file makes the report.
class SplitExperiment {
 public:
  // Throws Error as RunExperiment does, and for an experiment that measures times, which would not
  // be those of one machine at rest.
  SplitExperiment(Experiment experiment, RunOptions options);
  ~SplitExperiment();
  SplitExperiment(const SplitExperiment&) = delete;
  SplitExperiment& operator=(const SplitExperiment&) = delete;

  // What RunOptions::results lacks, by method and case. Methods and sets that cannot be read have
  // none; RunExperiment tells.
  std::vector<ImageTask> Left();
  // Measures several at once, as RunExperiment does, and neither reads nor writes the results. A
  // method in its case is made once for calls that follow each other. Throws Error where a task's
  // key is another one here: the files, or the program, differ.
  std::vector<ImageOutcome> Measure(const std::vector<ImageTask>& tasks);

 private:
  const Experiment experiment_;
  const RunOptions options_;
  std::unique_ptr<Runner> runner_;
};

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_RUNNER_H_
