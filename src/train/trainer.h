#ifndef DKN_SRC_TRAIN_TRAINER_H_
#define DKN_SRC_TRAIN_TRAINER_H_

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/train/checkpoint.h"
#include "src/train/loss.h"
#include "src/train/task.h"
#include "src/train/trained_network.h"
#include "src/train/training_config.h"
#include "src/train/training_set.h"

namespace dkn::train {

// One training run: Section 4.1.1 with config.loss. All of its state goes to a checkpoint and back,
// so that a run killed and resumed gives the losses it would have. Of several ranks (ranks.h) each
// has config.batch crops of a step: together they give the losses of one with as many crops.
class Trainer {
 public:
  // Starts from config.init_from, or from random weights that the seed fixes. `data` must outlive
  // the trainer. Uses CUDA where LibTorch has it.
  Trainer(const TrainingConfig& config, const TrainingData& data);

  // Number of steps taken.
  std::int64_t step() const { return step_; }
  bool done() const { return step_ >= config_.steps; }

  // One step of Adam. Returns the loss before it. Throws Error when the loss is not finite.
  double Step();

  // The root mean square error of network() on each of `images`, in steps of their files;
  // `border` pixels are left out on each side. DKN: of one shift, a 16th of the pixels, another one
  // for each image.
  std::vector<double> Errors(const std::vector<TrainingImage>& images, int border);

  // A checkpoint is written whole or not at all, and loaded from what rank 0 finds there, by any
  // number of ranks. Loading throws Error where the file is none, or of another network.
  void Save(const std::string& path) const;
  void Load(const std::string& path);

  // With config.average_decay the averages of the weights.
  const TrainedNetwork& network() const { return average_ ? *average_ : *network_; }

 private:
  Batch NextBatch();
  void Fill(const TrainingImage& image, const Crop& crop, LossKind loss, int n, Batch& batch) const;
  void UpdateAverage();
  NamedModules Modules() const;

  TrainingConfig config_;
  const TrainingData& data_;
  CropSampler sampler_;
  std::optional<CropSampler> room_sampler_;     // of the pairs that are rooms
  std::optional<CropSampler> picture_sampler_;  // of data.pictures
  torch::Device device_;
  std::unique_ptr<Task> task_;
  std::shared_ptr<TrainedNetwork> network_;
  std::shared_ptr<TrainedNetwork> average_;  // none without config.average_decay
  Loss loss_;
  std::unique_ptr<torch::optim::Adam> optimizer_;
  std::int64_t step_ = 0;
};

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_TRAINER_H_
