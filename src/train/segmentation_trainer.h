#ifndef DKN_SRC_TRAIN_SEGMENTATION_TRAINER_H_
#define DKN_SRC_TRAIN_SEGMENTATION_TRAINER_H_

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "src/train/checkpoint.h"
#include "src/train/segmentation_network.h"
#include "src/train/segmentation_set.h"

namespace dkn::train {

// One training run of a segmentation network: the softmax log loss of every labelled pixel,
// stochastic gradient descent with momentum or Adam, the poly schedule (Section 4.3). All of its
// state goes to a checkpoint and back, so that a run killed and resumed gives the losses it would
// have.
class SegmentationTrainer {
 public:
  // `data` must outlive the trainer. Uses CUDA where LibTorch has it.
  SegmentationTrainer(const SegmentationConfig& config, const SegmentationData& data);

  std::int64_t step() const { return step_; }
  bool done() const { return step_ >= config_.steps; }

  // Returns the loss before it. Throws Error when the loss is not finite.
  double Step();

  // Mean IoU in percent over the pictures held out.
  double Validate();

  // A checkpoint is written whole or not at all. Loading throws Error where the file is none, or of
  // another network.
  void Save(const std::string& path) const;
  void Load(const std::string& path);

  const SegmentationNetwork& network() const { return *network_; }

 private:
  // A part that learns, and its rate at the start.
  struct Learner {
    std::string name;
    double rate;
    std::unique_ptr<torch::optim::Optimizer> optimizer;
  };

  void AddLearner(const std::string& name, torch::nn::Module& part, const PartConfig& config);
  NamedOptimizers Optimizers() const;

  SegmentationConfig config_;
  const SegmentationData& data_;
  torch::Device device_;
  std::shared_ptr<SegmentationNetwork> network_;
  std::vector<Learner> learners_;
  std::int64_t step_ = 0;
};

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_SEGMENTATION_TRAINER_H_
