#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/measuring_options.h"
#include "cli/progress_line.h"
#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/number_text.h"
#include "src/eval/tune.h"

namespace dkn {
namespace {

constexpr char kResults[] = "tune.results.jsonl";

struct TuneOptions : MeasuringOptions {
  std::string method;
  std::vector<std::string> tried;
  std::string search = "coordinate";
  std::string output;
};

// What the command's user asks for, or else what the file has of the method, or of all.
std::vector<eval::Tuning> ChosenTunings(const TuneOptions& options) {
  if (!options.tried.empty()) {
    if (options.method.empty()) {
      throw ArgumentError("--set needs METHOD, the one whose options these are");
    }
    eval::Tuning tuning{options.method, eval::ParseSearch(options.search), {}};
    for (const std::string& text : options.tried) {
      tuning.options.push_back(eval::ParseTuneOption(text));
    }
    return {tuning};
  }
  std::vector<eval::Tuning> tunings = eval::ReadTunings(options.experiment);
  if (!options.method.empty()) {
    std::erase_if(tunings, [&](const auto& tuning) { return tuning.method != options.method; });
  }
  if (tunings.empty()) {
    throw Error(options.experiment + ": its 'tune' has nothing to try" +
                (options.method.empty() ? "" : " of '" + options.method + "'") +
                ", expected that, or METHOD and --set NAME=VALUE,VALUE,...");
  }
  return tunings;
}

void TellBest(const eval::Trying& best) {
  if (best.choice.empty()) {
    std::cout << "best: " << best.method.label << " as it is\n\n";
    return;
  }
  std::cout << "best: " << best.method.label;
  for (const auto& [name, value] : best.choice) {
    std::cout << " --set " << name << "=" << value;
  }
  std::cout << " (" << FixedText(best.score, 4) << " of what it has as it is)\n\n";
}

void Tune(TuneOptions& options) {
  CheckOutput("-o", options.output, {options.experiment});
  const eval::Experiment experiment =
      eval::Select(eval::ReadExperiment(options.experiment), {}, options.sets);
  const std::vector<eval::Tuning> tunings = ChosenTunings(options);
  BeginMeasuring(options, kResults);
  CheckOutput("-o", options.output, {options.run.results});
  std::string chosen;
  for (const eval::Tuning& tuning : tunings) {
    const eval::TuneReport report = [&] {
      ProgressLine line;
      return eval::Tune(experiment, tuning, options.run,
                        [&line](int done, int total) { line(done, total); });
    }();
    std::cout << report.tried.front().method.label << "\n\n"
              << eval::TuneTable(experiment, tuning, report) << "\n";
    TellBest(report.tried.front());
    std::cout << std::flush;
    chosen += (chosen.empty() ? "" : ",\n") + eval::BestChoiceJson(tuning, report);
    if (!options.output.empty()) {
      WriteFileText(options.output, "[\n" + chosen + "]\n");
    }
  }
}

}  // namespace

void AddTune(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "tune", "Search for the parameters by which a method does best in an experiment");
  const auto options = std::make_shared<TuneOptions>();
  command
      ->add_option("EXPERIMENT", options->experiment,
                   "Experiment file (JSON), of images that no test is made with. Its first metric "
                   "decides; its member 'tune' may say what to try")
      ->required();
  command->add_option("METHOD", options->method,
                      "One of its methods, by label or filter. Default: all that 'tune' names");
  AddMeasuringOptions(*command, *options, kResults);
  command
      ->add_option("--set", options->tried,
                   "NAME=VALUE,VALUE,...: what to try of a parameter of METHOD, or of its filter, "
                   "precision, holes, fidelity, iterations or orientations; may be given again")
      ->allow_extra_args(false);
  command
      ->add_option("--search", options->search,
                   "coordinate: one parameter after the other, until none gains; grid: all "
                   "combinations. Of --set")
      ->check(CLI::IsMember({"coordinate", "grid"}))
      ->capture_default_str();
  command->add_option("-o,--output", options->output,
                      "Write the best settings to this file (JSON), as \"set\" in experiments");
  command->footer(
      "Example: dkn tune experiments/tune_x8.json --data ../shared/data\n"
      "         dkn tune experiments/tune_x8.json jbu --data ../shared/data --set radius=1,2,3 "
      "--set sigma_color=0.1,0.2");
  command->callback([options] { Tune(*options); });
}

}  // namespace dkn
