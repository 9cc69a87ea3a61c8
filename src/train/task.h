#ifndef DKN_SRC_TRAIN_TASK_H_
#define DKN_SRC_TRAIN_TASK_H_

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "src/dkn/plain_kernel.h"
#include "src/train/trained_network.h"
#include "src/train/training_config.h"
#include "src/train/training_set.h"

namespace dkn::train {

// What a step sees: config.batch crops.
struct Batch {
  torch::Tensor truth;  // [N, 1, h, w], as Task::Forward gives it
  // Loss::ForwardRelative's, with config.cases.
  torch::Tensor measured;
  torch::Tensor unfiltered;
  torch::Tensor squared;
  // What a network of ours sees, as JointNetwork takes it.
  torch::Tensor guide;
  torch::Tensor input;
  torch::Tensor samples;  // DKN alone
  Lattice lattice;
  // What a rival's sees, and what makes its result of it (NetworkFrame).
  std::vector<torch::Tensor> inputs;
  torch::Tensor base;
  torch::Tensor gain;  // [N, 1, 1, 1]
};

// How a kind of network is trained: what it is given of crops and images. Immutable.
class Task {
 public:
  virtual ~Task() = default;

  // With random weights, by LibTorch's generator.
  virtual std::shared_ptr<TrainedNetwork> MakeNetwork() const = 0;

  // A batch for Fill to fill: all of its tensors, but for the values of the first four.
  virtual Batch EmptyBatch() const = 0;
  // Crop n of a batch, but for `unfiltered` and `squared`.
  virtual void Fill(const TrainingImage& image, const Crop& crop, int n, Batch& batch) const = 0;
  // The network's results for a batch, those that its truth is of.
  virtual torch::Tensor Forward(TrainedNetwork& network, const Batch& batch,
                                torch::Device device) const = 0;

  // The network's result for a whole image, or for a lattice of its pixels, another one for each
  // index.
  struct Shown {
    torch::Tensor result;  // [1, 1, h, w]
    Lattice lattice;
  };
  virtual Shown Show(TrainedNetwork& network, const TrainingImage& image, int index,
                     torch::Device device) const = 0;
};

// For config.network, or else for config.architecture.
std::unique_ptr<Task> MakeTask(const TrainingConfig& config);

// Those of MakeTask.
std::unique_ptr<Task> MakeJointTask(const TrainingConfig& config);
std::unique_ptr<Task> MakeRivalTask(const TrainingConfig& config);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_TASK_H_
