#ifndef DKN_SRC_EVAL_EXPERIMENT_H_
#define DKN_SRC_EVAL_EXPERIMENT_H_

#include <map>
#include <string>
#include <vector>

#include "dkn/precision.h"
#include "src/eval/protocol.h"

namespace dkn {

struct Method {
  std::string label;
  std::string filter;        // a registry name or a model file, as CreateFilter takes it
  std::string architecture;  // JSON object of fields that the model file lacks; empty: none
  // RMSE by the label of the set, in its unit.
  std::map<std::string, double> paper;     // as published, to compare
  std::map<std::string, double> at_most;   // more than this is a failure
  Precision precision = Precision::kFp32;  // of a network
};

struct EvaluationSet {
  std::string label;
  std::string folder;  // under the data folder
  std::string unit;
  double unit_per_step = 1.0;  // units for one step of the depth files
};

// A table of methods x sets, as experiments/*.json describe it.
struct Experiment {
  std::string title;
  std::string note;  // what the reader of the table should know; may be empty
  Protocol protocol;
  std::vector<Method> methods;
  std::vector<EvaluationSet> sets;
};

// Throws Error naming the field that is missing, unknown, of a wrong type or value.
Experiment ParseExperiment(const std::string& json);

// ParseExperiment for a file, whose name errors begin with.
Experiment ReadExperiment(const std::string& path);

}  // namespace dkn

#endif  // DKN_SRC_EVAL_EXPERIMENT_H_
