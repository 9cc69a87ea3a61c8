#include "src/train/run.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <utility>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/in_context.h"
#include "src/core/json_members.h"
#include "src/core/number_text.h"
#include "src/core/parallel_for.h"
#include "src/net/safetensors.h"
#include "src/train/pair_files.h"
#include "src/train/ranks.h"
#include "src/train/run_folder.h"
#include "src/train/trainer.h"

namespace dkn::train {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLogEvery = 100;  // steps
constexpr int kBorder = 6;  // pixels left out of validation errors, as in the literature

// The first of each of `count` equal parts of the list; 0: all of it. Neighbours in a list of
// frames show the same room, so that the first ones would be of few.
std::vector<RgbdPair> SpreadOver(std::vector<RgbdPair> pairs, int count, const std::string& path) {
  const std::size_t wanted = count == 0 ? pairs.size() : static_cast<std::size_t>(count);
  if (wanted > pairs.size()) {
    throw Error("training_images is " + std::to_string(count) + ", and " + path + " has " +
                std::to_string(pairs.size()) + " pairs");
  }
  for (std::size_t i = 0; i < wanted; ++i) {
    const std::size_t from = i * pairs.size() / wanted;
    if (from != i) {
      pairs[i] = std::move(pairs[from]);
    }
  }
  pairs.resize(wanted);
  return pairs;
}

std::vector<TrainingImage> Prepare(const std::string& path, const Degradation& degradation,
                                   int count) {
  const std::vector<RgbdPair> pairs = SpreadOver(ReadPairs(path), count, path);
  std::vector<TrainingImage> images(pairs.size());
  ParallelFor(0, static_cast<int>(pairs.size()), [&](int i) {
    images[i] = InContext(path + ": pair " + std::to_string(i),
                          [&] { return MakeTrainingImage(pairs[i], degradation, /*seed=*/i); });
  });
  return images;
}

// None where there is no folder.
std::vector<RgbdPair> ReadPicturesBeside(const std::string& path, const PictureFolder& pictures) {
  return pictures.folder.empty()
             ? std::vector<RgbdPair>()
             : ReadPictures((fs::path(path) / pictures.folder).string(), pictures.splits);
}

TrainingData PrepareData(const std::string& path, const TrainingConfig& config,
                         const RoomsRendered& rooms_rendered) {
  TrainingData data;
  if (config.cases.empty()) {
    data.images = Prepare(path, config.degradation, config.training_images);
  } else {
    data.pairs = SpreadOver(ReadPairs(path), config.training_images, path);
    data.rooms = config.rooms.count;
    for (RgbdPair& room : RenderRooms(config.rooms, config.units, rooms_rendered)) {
      data.pairs.push_back(std::move(room));
    }
    data.pictures = ReadPicturesBeside(path, config.pictures);
  }
  return data;
}

// Every image of validation in every case, case by case. Of pictures there may be fewer: they come
// again, with other noise.
std::vector<TrainingImage> PrepareCases(const std::string& path, const TrainingConfig& config,
                                        const std::string& training_path) {
  std::vector<RgbdPair> pairs = ReadPairs(path);
  const std::vector<RgbdPair> pictures =
      ReadPicturesBeside(training_path, config.validation_pictures);
  if (config.validation_images > 0 &&
      pairs.size() > static_cast<std::size_t>(config.validation_images)) {
    pairs.resize(static_cast<std::size_t>(config.validation_images));
  }
  const int count = static_cast<int>(pairs.size());
  std::vector<TrainingImage> images(pairs.size() * config.validation_cases.size());
  for (int i = 0; i < static_cast<int>(images.size()); ++i) {
    const TrainingCase& item = config.validation_cases[i / count];
    const bool of_pictures = item.picture && item.picture->of_pictures;
    const int place = i % count;
    const RgbdPair& pair =
        of_pictures ? pictures[static_cast<std::size_t>(place) % pictures.size()] : pairs[place];
    images[i] = MeasurePair(pair, pair, item, config.units, /*seed=*/place);
  }
  return images;
}

// None where nothing is said to validate by.
std::vector<TrainingImage> PrepareValidation(const RunOptions& options,
                                             const TrainingConfig& config) {
  std::string path = options.validation;
  if (path.empty() && !config.validation.empty()) {
    path = (fs::path(options.data) / config.validation).string();
  }
  if (path.empty()) {
    return {};
  }
  return config.cases.empty() ? Prepare(path, config.degradation, 0)
                              : PrepareCases(path, config, options.data);
}

// One run and its work folder.
class Run {
 public:
  Run(const std::string& text, const RunOptions& options)
      : config_(ParseTrainingConfig(text)),
        options_(options),
        data_(PrepareData(options.data, config_, options.rooms_rendered)),
        trainer_(config_, data_),
        validation_(PrepareValidation(options, config_)),
        folder_(options.work, text) {
    if (folder_.Resume(trainer_) && Rank() == 0) {
      ForgetCases();
    }
  }

  void Train(const Report& report) {
    folder_.Train(
        trainer_,
        {config_.steps, kLogEvery, config_.validate_every, config_.checkpoint_every, config_.unit,
         config_.precision},
        [&](std::int64_t step) { return LearningRate(config_.schedule, step, config_.steps); },
        [&] { return validation_.empty() ? std::nullopt : std::optional(Validate()); }, report);
  }

  // The best weights with their description.
  void WriteModel() const {
    TensorFile file = trainer_.network().ToFile();
    if (!validation_.empty()) {
      file.tensors = ReadSafetensors(folder_.File("best.safetensors")).tensors;
      file.metadata["validation"] = (config_.cases.empty() ? "RMSE " : "") + FixedText(Best(), 3) +
                                    " " + config_.unit + ", " + std::to_string(validation_.size()) +
                                    " images";
    }
    file.metadata.insert(config_.card.begin(), config_.card.end());
    if (config_.cases.empty()) {
      file.metadata["scale"] = std::to_string(config_.degradation.scale);
      file.metadata["resampler"] = ToString(config_.degradation.resampler);
    }
    if (config_.degradation.noise_variance > 0.0) {
      file.metadata["noise_variance"] = Json(config_.degradation.noise_variance).dump();
    }
    if (config_.loss != LossKind::kL1) {
      file.metadata["loss"] = LossName(config_.loss);
    }
    if (config_.training_images > 0) {
      file.metadata["training_images"] = std::to_string(config_.training_images);
    }
    if (!config_.init_from.empty()) {
      file.metadata["init_from"] = fs::path(config_.init_from).filename().string();
    }
    file.metadata["steps"] = std::to_string(config_.steps);
    WriteSafetensors(options_.out, file, options_.storage);
  }

 private:
  // Those after the checkpoint, which come once more.
  void ForgetCases() const {
    std::ifstream file(folder_.File("cases.csv"));
    std::string kept;
    for (std::string line; std::getline(file, line);) {
      if (kept.empty() || std::stoll(line) <= trainer_.step()) {
        kept += line + "\n";
      }
    }
    if (!kept.empty()) {
      std::ofstream(folder_.File("cases.csv")) << kept;
    }
  }

  // Mean over the images of the validation set, in config.unit. With cases: over the cases, the
  // share that remains of what doing nothing costs.
  double Validate() {
    const std::vector<double> errors = trainer_.Errors(validation_, kBorder);
    double mean = 0.0;
    if (config_.cases.empty()) {
      for (const double error : errors) {
        mean += config_.unit_per_step * error / static_cast<double>(errors.size());
      }
    } else {
      const std::vector<double> shares = SharesOfCases(errors);
      for (const double share : shares) {
        mean += share / static_cast<double>(shares.size());
      }
      if (Rank() == 0) {
        AppendCases(shares);
      }
    }
    if (Rank() == 0 && mean < Best()) {
      WriteSafetensors(folder_.File("best.safetensors"), trainer_.network().ToFile());
    }
    return mean;
  }

  // For each case the mean over its images of the RMSE as a share of the unfiltered input's, plus
  // Loss::kLeastCost of the range.
  std::vector<double> SharesOfCases(const std::vector<double>& errors) const {
    const std::size_t cases = config_.validation_cases.size();
    const std::size_t images = errors.size() / cases;
    std::vector<double> shares(cases);
    for (std::size_t i = 0; i < errors.size(); ++i) {
      const TrainingImage& image = validation_[i];
      shares[i / images] += errors[i] / image.range /
                            (image.unfiltered.all.rms + Loss::kLeastCost) /
                            static_cast<double>(images);
    }
    return shares;
  }

  // A line for each validation.
  void AppendCases(const std::vector<double>& shares) const {
    const std::string path = folder_.File("cases.csv");
    const bool fresh = !fs::exists(path);
    std::ofstream file(path, std::ios::app);
    if (fresh) {
      file << "step";
      for (const TrainingCase& item : config_.validation_cases) {
        file << "," << item.name;
      }
      file << "\n";
    }
    file << trainer_.step();
    for (const double share : shares) {
      file << "," << share;
    }
    file << "\n";
  }

  double Best() const {
    double best = std::numeric_limits<double>::infinity();
    for (const LogRow& row : folder_.rows()) {
      best = std::min(best, row.validation.value_or(best));
    }
    return best;
  }

  TrainingConfig config_;
  RunOptions options_;
  TrainingData data_;
  Trainer trainer_;
  std::vector<TrainingImage> validation_;
  RunFolder folder_;
};

}  // namespace

void RunTraining(const std::string& text, const RunOptions& options, const Report& report) {
  Run run(text, options);
  run.Train(report);
  if (Rank() == 0) {
    run.WriteModel();
  }
}

}  // namespace dkn::train
