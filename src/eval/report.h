#ifndef DKN_SRC_EVAL_REPORT_H_
#define DKN_SRC_EVAL_REPORT_H_

#include <functional>
#include <string>
#include <vector>

#include "src/eval/evaluate.h"
#include "src/eval/experiment.h"
#include "src/eval/metrics.h"

namespace dkn {

// One cell of the table. Where no image could be evaluated, there is no cell.
struct Result {
  std::string method;  // label
  std::string set;     // label
  Statistics rmse;     // over images, in the set's unit
  std::vector<ImageScore> scores;
};

struct Report {
  std::vector<Result> results;
  // One line for each file, method or set that failed, and for each figure above its at_most.
  std::vector<std::string> problems;
};

using Progress = std::function<void(int done, int total)>;  // images, over the whole experiment

// Evaluates all methods on all sets, whose folders lie in `data`; on the first `limit` images of
// each when limit > 0, and then without regard to at_most. What fails is a problem in the report
// and leaves all other results as they are.
Report RunExperiment(const Experiment& experiment, const std::string& data, int limit,
                     const Progress& progress);

// Title, protocol and a table of methods x sets in Markdown, aligned to be read as plain text.
std::string MarkdownTable(const Experiment& experiment, const Report& report);

// The results as a JSON array of objects with members method, dataset, scale, metric ("RMSE"),
// unit, value, spread, images (their number) and paper (the published value, or null).
std::string ResultsJson(const Experiment& experiment, const Report& report);

}  // namespace dkn

#endif  // DKN_SRC_EVAL_REPORT_H_
