#ifndef DKN_SRC_EVAL_RUNNER_H_
#define DKN_SRC_EVAL_RUNNER_H_

#include <functional>
#include <string>
#include <vector>

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
};

// The mean and the spread of the experiment's metric with this index over a result's images, those
// of which it is known, and how many they are.
Statistics StatisticsOf(const Result& result, std::size_t metric);

struct Report {
  std::vector<Result> results;  // by method, set and case, in the experiment's order
  // One line for each file, method or set that failed, and for each figure above its at_most.
  std::vector<std::string> problems;
  // One line for each set and method that is known to be missing, and why.
  std::vector<std::string> missing;
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
  // Images, over the whole experiment. Called by one thread at a time.
  std::function<void(int done, int total)> progress = [](int, int) {};
};

// Evaluates the methods on the sets in all cases, several images at once, as many as threads
// (SetThreads) and memory allow; the seed of an image's noise is its index in the set. Figures are
// not held against at_most where `limit` is set. What fails is a problem in the report and leaves
// all other results as they are. Throws Error when the file of results cannot be used.
Report RunExperiment(const Experiment& experiment, const RunOptions& options);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_RUNNER_H_
