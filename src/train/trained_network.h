#ifndef DKN_SRC_TRAIN_TRAINED_NETWORK_H_
#define DKN_SRC_TRAIN_TRAINED_NETWORK_H_

#include <torch/torch.h>

#include "src/net/safetensors.h"
#include "src/train/training_config.h"

namespace dkn::train {

// A network that a Trainer trains, as far as it need not know which.
class TrainedNetwork : public torch::nn::Module {
 public:
  // The model file, without what is known of its training.
  virtual TensorFile ToFile() const = 0;
  // For a start of training. Throws Error where the file's tensors do not fit.
  virtual void StartFrom(const TensorFile& file) = 0;
  // SupportedPrecision of it is used; kBf16 is for the CPU alone (see LayerOp). Initially kFp32.
  virtual void SetTrainingPrecision(Precision precision) = 0;
  // What batch normalisation goes by after the next train(). Initially kBatch.
  virtual void SetTrainingStatistics(BatchStatistics statistics) = 0;
};

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_TRAINED_NETWORK_H_
