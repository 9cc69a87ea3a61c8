#include <algorithm>
#include <iostream>
#include <iterator>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "dkn/error.h"
#include "dkn/model.h"
#include "dkn/registry.h"
#include "src/core/number_text.h"
#include "src/dkn/calibration.h"
#include "src/eval/evaluate.h"
#include "src/eval/experiment.h"
#include "src/eval/metrics.h"
#include "src/net/safetensors.h"

namespace dkn {
namespace {

struct CalibrateOptions {
  std::string model;
  std::string data;
  std::string validation;
  std::string experiment;
  std::string out;
  int images = 60;
  StorageType storage = StorageType::kF16;
};

// About `count` images, spread over the set.
std::vector<std::size_t> SomeImages(const Dataset& data, int count) {
  const std::size_t most = static_cast<std::size_t>(count);
  const std::size_t step = data.size() <= most ? 1 : (data.size() + most - 1) / most;
  std::vector<std::size_t> some;
  for (std::size_t i = 0; i < data.size(); i += step) {
    some.push_back(i);
  }
  return some;
}

// What the network is run on: an image in one of the cases, which take turns.
struct Trials {
  eval::EvaluationSet set;
  std::vector<eval::Case> cases;
};

// The experiment's cases on files like its first set's, or the case that the model file tells.
Trials TrialsOf(const CalibrateOptions& options, const TensorFile& file) {
  Trials trials;
  if (options.experiment.empty()) {
    trials.cases.push_back({"", eval::CardProtocol(file.metadata)});
    return trials;
  }
  const eval::Experiment experiment = eval::ReadExperiment(options.experiment);
  trials.set = experiment.sets.front();
  std::copy_if(experiment.cases.begin(), experiment.cases.end(), std::back_inserter(trials.cases),
               [&](const eval::Case& item) { return eval::MeasuredOn(trials.set, item); });
  return trials;
}

// The mean RMSE over about `count` images of the folder, in the set's unit.
double MeanRmse(const JointFilter& filter, const Trials& trials, const std::string& folder,
                int count, const std::string& what) {
  eval::EvaluationSet set = trials.set;
  set.data.path = folder;
  const auto data = OpenDataset(set.data);
  ProgressLine line(what.c_str());
  std::vector<double> values;
  const std::vector<std::size_t> images = SomeImages(*data, count);
  for (const std::size_t image : images) {
    const eval::Protocol& protocol = trials.cases[values.size() % trials.cases.size()].protocol;
    const eval::Trial trial = eval::MakeTrial(eval::ReadSample(set, *data, image), protocol, image,
                                              {set.metres, set.focal});
    values.push_back(eval::Rmse(eval::RunTrial(filter, trial), trial.truth, protocol.border));
    line(static_cast<int>(values.size()), static_cast<int>(images.size()));
  }
  return eval::Summarize(values).mean;
}

// Writes `file`, then what each precision costs into it.
void Measure(TensorFile& file, const CalibrateOptions& options, const Trials& trials) {
  const auto rmse = [&](Precision precision) {
    return MeanRmse(*Model::Load(options.out, {.precision = precision}), trials, options.validation,
                    std::numeric_limits<int>::max(), "images in " + PrecisionName(precision));
  };
  const double plain = rmse(Precision::kFp32);
  for (const Precision precision : {Precision::kBf16, Precision::kInt8}) {
    if (SupportedPrecision(precision) != precision) {
      std::cout << PrecisionName(precision) << ": not on this processor\n";
      continue;
    }
    const std::string change = FixedText(100.0 * (rmse(precision) / plain - 1.0), 3);
    file.metadata[RmseChangeName(precision)] = change;
    std::cout << PrecisionName(precision) << ": RMSE changes by " << change << " %\n";
  }
  WriteSafetensors(options.out, file, options.storage);
}

void Calibrate(const CalibrateOptions& options) {
  const std::string path = FindModelFile(options.model);
  if (path.empty()) {
    throw Error("'" + options.model + "' is no network: there is nothing to calibrate");
  }
  TensorFile file = ReadSafetensors(path);
  const Trials trials = TrialsOf(options, file);
  const Calibration calibration(file);
  MeanRmse(calibration, trials, options.data, options.images, "images");
  calibration.Store(file);
  WriteSafetensors(options.out, file, options.storage);
  if (!options.validation.empty()) {
    Measure(file, options, trials);
  }
}

}  // namespace

void AddCalibrate(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "calibrate", "Find the ranges that a network needs for int8, and what precisions cost it");
  const auto options = std::make_shared<CalibrateOptions>();
  command->add_option("MODEL", options->model, "Model file, or name of a shipped model")
      ->required();
  command
      ->add_option("--data", options->data,
                   "Folder of training pairs, NAME_color.png (or .jpg) and NAME_depth.png")
      ->required();
  command->add_option("--validation", options->validation,
                      "Folder of other pairs, to measure what bf16 and int8 cost: for auto");
  command->add_option("--experiment", options->experiment,
                      "Experiment file whose cases take turns, in the unit of its first set, for a "
                      "network of any depth (default: the ratio that the model file tells)");
  command->add_option("-o,--output", options->out, "Model file to write")->required();
  command->add_option("--images", options->images, "As many of the training pairs are used")
      ->check(AtLeast(1))
      ->capture_default_str();
  command
      ->add_option_function<std::string>(
          "--storage",
          [options](const std::string& name) { options->storage = ParseStorageType(name); },
          "Values of the model file: f32, f16 or bf16")
      ->default_str("f16");
  command->footer(
      "Example: dkn calibrate fdkn_x8 --data ../shared/data/nyu_train --validation "
      "../shared/data/nyu_val -o fdkn_x8.safetensors");
  command->callback([options] { Calibrate(*options); });
}

}  // namespace dkn
