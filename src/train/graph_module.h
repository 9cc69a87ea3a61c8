#ifndef DKN_SRC_TRAIN_GRAPH_MODULE_H_
#define DKN_SRC_TRAIN_GRAPH_MODULE_H_

#include <torch/torch.h>

#include <map>
#include <string>
#include <vector>

#include "dkn/precision.h"
#include "src/net/graph.h"
#include "src/net/safetensors.h"
#include "src/train/training_config.h"

namespace dkn::train {

// A graph as a trainable module: what GraphNetwork computes. Slopes of PReLU begin at 0.25,
// primal-dual iterations as their authors' do, weights and biases as LibTorch's convolutions and
// batch normalisations begin.
class GraphModule : public torch::nn::Module {
 public:
  explicit GraphModule(Graph graph);

  // [N, C, H, W] for each Input. Throws Error as NodeSizes does.
  torch::Tensor Forward(const std::vector<torch::Tensor>& inputs);

  // kBf16: in training, convolutions of what other nodes give compute in it, sums in float (see
  // LayerOp, which is for the CPU alone), where the processor can. Initially kFp32.
  void SetTrainingPrecision(Precision precision) {
    training_precision_ = SupportedPrecision(precision);
  }
  // What batch normalisation goes by in training. Initially kBatch.
  void SetTrainingStatistics(BatchStatistics statistics) { training_statistics_ = statistics; }

  const Graph& graph() const { return graph_; }

  // The tensors of a model file, and back. Reading throws Error as CheckTensors does.
  TensorFile Tensors() const;
  void Load(const TensorFile& file);
  // Takes what the file has of the same names and shapes, as of the same network for another
  // scale; all else stays as it is. Throws Error where that is nothing.
  void StartFrom(const TensorFile& file);

 private:
  // A tensor by its name in model files.
  const torch::Tensor& Named(const std::string& name) const { return tensors_.at(name); }
  torch::Tensor Convolve(const Node& node, const torch::Tensor& values) const;
  torch::Tensor ConvolveByLayerOp(const Node& node, const torch::Tensor& values) const;
  torch::Tensor ConvolveStretched(const Node& node, const torch::Tensor& values) const;
  torch::Tensor ConvolvePlainly(const Layer& layer, const torch::Tensor& values,
                                const torch::Tensor& weight) const;
  torch::Tensor Adapt(const Node& node, const torch::Tensor& image,
                      const torch::Tensor& features) const;
  torch::Tensor Iterate(const Node& node, const torch::Tensor& target,
                        const torch::Tensor& affinities) const;
  void Begin(const Node& node);
  torch::Tensor Follow(const Node& node, const torch::Tensor& result) const;
  bool ByBatch() const { return is_training() && training_statistics_ == BatchStatistics::kBatch; }

  Graph graph_;
  std::map<std::string, torch::Tensor> tensors_;
  Precision training_precision_ = Precision::kFp32;
  BatchStatistics training_statistics_ = BatchStatistics::kBatch;
};

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_GRAPH_MODULE_H_
