#ifndef DKN_SRC_TRAIN_LAYER_OP_H_
#define DKN_SRC_TRAIN_LAYER_OP_H_

#include <torch/types.h>

#include "src/net/layer.h"

namespace dkn::train {

// The values of a layer. Those of batch normalisation are undefined where the layer has none.
struct LayerTensors {
  torch::Tensor weight;
  torch::Tensor bias;
  torch::Tensor gamma;
  torch::Tensor beta;
  torch::Tensor running_mean;  // LayerOp moves both towards the batch's by kBatchNormMomentum
  torch::Tensor running_var;
};

inline constexpr double kBatchNormMomentum = 0.1;

// The convolution and the batch normalisation after it, by the running statistics, as one
// convolution: weight and bias become its. Differentiable.
void FoldRunningStatistics(LayerTensors& values);

// One layer in training mode as a single differentiable operation on the CPU, by oneDNN:
// convolution, batch normalisation by the batch's statistics (by those of all ranks' batches, see
// BatchNormOp, where there are several), activation. What LibTorch's modules
// compute, but in the precision of `input`, float or bfloat16 (sums in float): on processors with
// AMX bfloat16 convolutions take a fifth of the time.
//   input    [N, in, H, W], channels innermost in memory
//   returns  the same form, of type `output`: that of the input, or float
// The layer's values are float, and so are their gradients.
torch::Tensor LayerOp(const torch::Tensor& input, const Layer& layer, const LayerTensors& values,
                      torch::ScalarType output);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_LAYER_OP_H_
