#ifndef DKN_SRC_TRAIN_PRIMAL_DUAL_OP_H_
#define DKN_SRC_TRAIN_PRIMAL_DUAL_OP_H_

#include <torch/types.h>

namespace dkn::train {

// PrimalDual as a differentiable operation: gradients reach all four. Images of floats (and
// shorter) on the CPU take our own kernels, which keep nothing but what goes in and make the
// iterations again on the way back; others, double among them, the composed operation.
//   target      [N, 1, H, W]
//   affinities  [N, 24, H, W]
//   numbers     [5, iterations], in the order of kPrimalDualNumbers, not their logarithms
//   sharpness   [1]
//   returns     [N, 1, H, W], of the target's type
torch::Tensor PrimalDualOp(const torch::Tensor& target, const torch::Tensor& affinities,
                           const torch::Tensor& numbers, const torch::Tensor& sharpness);

// The same by LibTorch's operations alone, in the target's type: on any device, with automatic
// derivatives, against which our kernels are checked.
torch::Tensor ComposedPrimalDual(const torch::Tensor& target, const torch::Tensor& affinities,
                                 const torch::Tensor& numbers, const torch::Tensor& sharpness);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_PRIMAL_DUAL_OP_H_
