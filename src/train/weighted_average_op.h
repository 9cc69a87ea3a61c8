#ifndef DKN_SRC_TRAIN_WEIGHTED_AVERAGE_OP_H_
#define DKN_SRC_TRAIN_WEIGHTED_AVERAGE_OP_H_

#include <torch/types.h>

#include "src/dkn/plain_kernel.h"

namespace dkn::train {

// Paper: Eq. (7) as a differentiable operation (see WeightedAverage in src/dkn).
//   target   [N, 1 or more, H, W]: values and, for the weights of coarser levels, what is measured
//   weights  [N, taps, h, w], for the pixels of `lattice`
//   offsets  [N, 2 * taps, h, w]
//   returns  [N, 1, h, w]
// Gradients reach weights, offsets and, of kernels without coarser levels, the target. float or
// double. On the CPU it runs our own kernels, elsewhere ComposedWeightedAverage.
torch::Tensor WeightedAverageOp(const torch::Tensor& target, const torch::Tensor& weights,
                                const torch::Tensor& offsets, const Architecture& architecture,
                                const Lattice& lattice = {});

// Computes the result of WeightedAverageOp by LibTorch's operations alone. It runs on any device,
// and our kernels are checked against it.
torch::Tensor ComposedWeightedAverage(const torch::Tensor& target, const torch::Tensor& weights,
                                      const torch::Tensor& offsets,
                                      const Architecture& architecture,
                                      const Lattice& lattice = {});

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_WEIGHTED_AVERAGE_OP_H_
