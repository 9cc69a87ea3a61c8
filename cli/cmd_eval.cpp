#include <iostream>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "dkn/error.h"
#include "src/core/file.h"
#include "src/eval/report.h"

namespace dkn {
namespace {

struct EvalOptions {
  std::string experiment;
  std::string data;
  std::string json;  // empty: none
  int limit = 0;     // 0: all
};

Report Run(const Experiment& experiment, const EvalOptions& options) {
  ProgressLine line;
  return RunExperiment(experiment, options.data, options.limit,
                       [&line](int done, int total) { line(done, total); });
}

void Eval(const EvalOptions& options) {
  const Experiment experiment = ReadExperiment(options.experiment);
  const Report report = Run(experiment, options);
  std::cout << MarkdownTable(experiment, report) << std::flush;
  if (!options.json.empty()) {
    const std::string json = ResultsJson(experiment, report);
    WriteFileBytes(options.json, {reinterpret_cast<const std::uint8_t*>(json.data()), json.size()});
  }
  for (const std::string& problem : report.problems) {
    std::cerr << problem << "\n";
  }
  if (!report.problems.empty()) {
    throw Error(options.experiment + ": the table has problems, listed above: " +
                std::to_string(report.problems.size()));
  }
}

}  // namespace

void AddEval(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "eval", "Measure methods on data sets, as an experiment file says: a table of the paper");
  const auto options = std::make_shared<EvalOptions>();
  command->add_option("EXPERIMENT", options->experiment, "Experiment file (JSON)")->required();
  command->add_option("--data", options->data, "Folder in which the sets' folders lie")->required();
  command->add_option("--json", options->json, "Write the results to this file too");
  command
      ->add_option("--limit", options->limit,
                   "Only the first N images of each set, for a quick look")
      ->check(CLI::PositiveNumber);
  command->footer("Example: dkn eval experiments/depth_x8.json --data ../shared/data");
  command->callback([options] { Eval(*options); });
}

}  // namespace dkn
