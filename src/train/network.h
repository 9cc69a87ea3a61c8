#ifndef DKN_SRC_TRAIN_NETWORK_H_
#define DKN_SRC_TRAIN_NETWORK_H_

#include <torch/torch.h>

#include <string>
#include <vector>

#include "src/dkn/architecture.h"
#include "src/net/safetensors.h"

namespace dkn {

// One stream of the network (Tables 1 and 2), built from Layers: the image's features, then the
// weight head and the offset head beside each other.
class StreamNetwork : public torch::nn::Module {
 public:
  StreamNetwork(const Architecture& architecture, Stream stream);

  struct Heads {
    torch::Tensor weights;
    torch::Tensor offsets;
  };
  Heads Forward(torch::Tensor features);

 private:
  struct Step {
    torch::nn::Conv2d convolution{nullptr};
    torch::nn::BatchNorm2d batch_norm{nullptr};
    Activation activation;
  };
  std::vector<Step> steps_;
};

// FDKN as a trainable module. Parameters and buffers have the names of the model file's tensors.
class JointNetwork : public torch::nn::Module {
 public:
  explicit JointNetwork(const Architecture& architecture);

  // guide [N, 3, H, W] (R,G,B) and target [N, 1, H, W], values in [0, 1]; H and W multiples of 4.
  // Returns [N, 1, H, W].
  torch::Tensor Forward(const torch::Tensor& guide, const torch::Tensor& target);

  const Architecture& architecture() const { return architecture_; }

 private:
  torch::Tensor PrepareGuide(const torch::Tensor& guide) const;

  Architecture architecture_;
  std::shared_ptr<StreamNetwork> guide_stream_;
  std::shared_ptr<StreamNetwork> target_stream_;
};

// The tensors and the architecture of a model file, and back. Reading throws Error where a tensor
// is missing, unknown, or of another shape.
TensorFile ToTensorFile(const JointNetwork& network);
void LoadTensors(const TensorFile& file, JointNetwork& network);

}  // namespace dkn

#endif  // DKN_SRC_TRAIN_NETWORK_H_
