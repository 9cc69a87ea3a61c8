#include <iostream>
#include <map>
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
#include "src/eval/metrics.h"
#include "src/net/safetensors.h"

namespace dkn {
namespace {

struct CalibrateOptions {
  std::string model;
  std::string data;
  std::string validation;
  std::string out;
  int images = 60;
  StorageType storage = StorageType::kF16;
};

// About `count` images, spread over the set.
std::vector<std::size_t> SomeImages(const Dataset& data, int count) {
  const std::size_t step = (data.size() + static_cast<std::size_t>(count) - 1) / count;
  std::vector<std::size_t> some;
  for (std::size_t i = 0; i < data.size(); i += step) {
    some.push_back(i);
  }
  return some;
}

// The mean RMSE, in steps of the depth files.
double MeanRmse(const JointFilter& filter, const Dataset& data,
                const std::vector<std::size_t>& images, const eval::Protocol& protocol,
                const std::string& what) {
  ProgressLine line(what.c_str());
  std::vector<double> values;
  for (const std::size_t image : images) {
    const Sample sample = data.Read(image);
    values.push_back(eval::EvaluateImage(filter, sample.guide, sample.truth, protocol, image));
    line(static_cast<int>(values.size()), static_cast<int>(images.size()));
  }
  return eval::Summarize(values).mean;
}

// Writes `file`, then what each precision costs into it.
void Measure(TensorFile& file, const CalibrateOptions& options, const eval::Protocol& protocol) {
  const auto data = OpenDataset({.path = options.validation});
  const std::vector<std::size_t> all = SomeImages(*data, static_cast<int>(data->size()));
  const auto rmse = [&](Precision precision) {
    return MeanRmse(*Model::Load(options.out, {.precision = precision}), *data, all, protocol,
                    "images in " + PrecisionName(precision));
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
  const eval::Protocol protocol = eval::CardProtocol(file.metadata);
  const Calibration calibration(file);
  const auto data = OpenDataset({.path = options.data});
  MeanRmse(calibration, *data, SomeImages(*data, options.images), protocol, "images");
  calibration.Store(file);
  WriteSafetensors(options.out, file, options.storage);
  if (!options.validation.empty()) {
    Measure(file, options, protocol);
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
