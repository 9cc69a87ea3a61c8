#ifndef DKN_CLI_MEASURING_OPTIONS_H_
#define DKN_CLI_MEASURING_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "src/eval/runner.h"

namespace dkn {

// What `dkn eval` and `dkn tune` share: an experiment, the data, and the file of results.
struct MeasuringOptions {
  std::string experiment;
  std::vector<std::string> sets;
  eval::RunOptions run;
  int threads = 0;
  bool fresh = false;
};

// `ending` is of the results file's name by default, NAME.ending for NAME.json.
void AddMeasuringOptions(CLI::App& command, MeasuringOptions& options, const std::string& ending);

// Chooses the number of threads and the results file, which begins anew where the options say so.
// Throws Error, and removes nothing, where that file would take the place of the experiment.
void BeginMeasuring(MeasuringOptions& options, const std::string& ending);

}  // namespace dkn

#endif  // DKN_CLI_MEASURING_OPTIONS_H_
