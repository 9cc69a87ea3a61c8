#ifndef DKN_SRC_TRAIN_NETWORK_H_
#define DKN_SRC_TRAIN_NETWORK_H_

#include <torch/torch.h>

#include <string>
#include <vector>

#include "src/dkn/architecture.h"
#include "src/dkn/plain_kernel.h"
#include "src/net/layer.h"
#include "src/net/safetensors.h"
#include "src/train/layer_op.h"
#include "src/train/trained_network.h"
#include "src/train/training_config.h"

namespace dkn::train {

// One stream of the network (Tables 1 and 2), built from Layers: the image's features, then the
// weight head and the offset head beside each other.
class StreamNetwork : public torch::nn::Module {
 public:
  StreamNetwork(const Architecture& architecture, Stream stream);

  // Undefined where the stream has no such head.
  struct Heads {
    torch::Tensor weights;
    torch::Tensor offsets;
  };
  Heads Forward(torch::Tensor values);

  void SetTrainingPrecision(Precision precision) {
    training_precision_ = SupportedPrecision(precision);
  }
  void SetTrainingStatistics(BatchStatistics statistics) { training_statistics_ = statistics; }
  void train(bool on = true) override;

 private:
  struct Step {
    Layer layer;
    torch::nn::Conv2d convolution{nullptr};
    torch::nn::BatchNorm2d batch_norm{nullptr};
  };
  // In training with kBf16 the result has the type `bf16_output`: float of the heads. The first
  // layer, which sees depth itself, computes in float. `earlier` is what a residual layer adds.
  // Its batch normalisation's values alone.
  static LayerTensors NormalisationOf(Step& step);
  torch::Tensor RunLayer(Step& step, const torch::Tensor& values, const torch::Tensor& earlier,
                         torch::ScalarType bf16_output);

  std::vector<Step> features_;
  Step weight_head_;
  Step offset_head_;
  Precision training_precision_ = Precision::kFp32;
  BatchStatistics training_statistics_ = BatchStatistics::kBatch;
};

// FDKN or DKN as a trainable module. Parameters and buffers have the names of the model file's
// tensors.
class JointNetwork : public TrainedNetwork {
 public:
  explicit JointNetwork(const Architecture& architecture);

  // guide [N, 3, H, W] (R,G,B) and target [N, TargetChannels, H, W], values in [0, 1]; H and W
  // multiples of 4. FDKN: the target may have M N images, M for each guide, whose stream runs once
  // (Section 4: the channels of one target).
  // Returns [N, 1, H, W], of M N targets as many. DKN: the appendix's shift-and-stitch, in as many
  // passes as ForwardShift has shifts.
  torch::Tensor Forward(const torch::Tensor& guide, const torch::Tensor& target);

  // DKN: of Forward's result the pixels [y::stride, x::stride] alone, 0 <= x, y < stride.
  torch::Tensor ForwardShift(const torch::Tensor& guide, const torch::Tensor& target, int x, int y);

  // DKN: the results for the pixels of `lattice`, with its step the footprint's stride.
  //   guide    [N, 3, h, w]  all that the results' footprints cover, 0 outside of the image
  //   target   [N, 1, h, w]  the target of the same pixels, 0 outside of the image
  //   samples  [N, 1, H, W]  the target that is sampled, and that `lattice` lies in
  torch::Tensor ForwardLattice(const torch::Tensor& guide, const torch::Tensor& target,
                               const torch::Tensor& samples, const Lattice& lattice);

  TensorFile ToFile() const override;               // ToTensorFile
  void StartFrom(const TensorFile& file) override;  // LoadMatchingTensors
  void SetTrainingPrecision(Precision precision) override;
  void SetTrainingStatistics(BatchStatistics statistics) override;

  const Architecture& architecture() const { return architecture_; }

 private:
  torch::Tensor StreamInput(Stream stream, const torch::Tensor& guide,
                            const torch::Tensor& target) const;
  torch::Tensor CombineWeights(const std::vector<StreamNetwork::Heads>& heads) const;
  torch::Tensor Filter(const torch::Tensor& guide, const torch::Tensor& target,
                       const torch::Tensor& samples, const Lattice& lattice);

  Architecture architecture_;
  std::vector<Stream> streams_;
  std::vector<std::shared_ptr<StreamNetwork>> networks_;
};

// The tensors and the architecture of a model file, and back. Reading throws Error where a tensor
// is missing, unknown, or of another shape.
TensorFile ToTensorFile(const JointNetwork& network);
void LoadTensors(const TensorFile& file, JointNetwork& network);

// LoadTensors for a start of training: the file may hold other tensors besides; heads of another
// kernel size stay as they are, and those of weights that go through another activation. Where the
// network samples other levels, or more of each, the taps of the heads that both have are taken,
// where its first layer sees more channels, the weights of those become 0, and where it has more
// blocks, those stay as they are.
void LoadMatchingTensors(const TensorFile& file, JointNetwork& network);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_NETWORK_H_
