#ifndef DKN_SRC_TRAIN_WEIGHTED_AVERAGE_OP_H_
#define DKN_SRC_TRAIN_WEIGHTED_AVERAGE_OP_H_

#include <torch/types.h>

#include "dkn/architecture.h"

namespace dkn {

// Paper: Eq. (7) as a differentiable operation (see WeightedAverage in src/dkn).
//   target   [N, 1, H, W]
//   weights  [N, k * k, H, W]
//   offsets  [N, 2 * k * k, H, W]
//   returns  [N, 1, H, W]
// Gradients reach weights and offsets, not the target. float or double. On the CPU it runs our own
// kernels, elsewhere ComposedWeightedAverage.
torch::Tensor WeightedAverageOp(const torch::Tensor& target, const torch::Tensor& weights,
                                const torch::Tensor& offsets, const Architecture& architecture);

// The same from LibTorch's operations alone: for any device, and to check the kernels against.
torch::Tensor ComposedWeightedAverage(const torch::Tensor& target, const torch::Tensor& weights,
                                      const torch::Tensor& offsets,
                                      const Architecture& architecture);

}  // namespace dkn

#endif  // DKN_SRC_TRAIN_WEIGHTED_AVERAGE_OP_H_
