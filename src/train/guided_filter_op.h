#ifndef DKN_SRC_TRAIN_GUIDED_FILTER_OP_H_
#define DKN_SRC_TRAIN_GUIDED_FILTER_OP_H_

#include <torch/types.h>

#include "src/rivals/guided_layer.h"

namespace dkn::train {

// FullGuidedLayer as a differentiable operation: gradients reach both images. Images of floats (and
// shorter) on the CPU take our own kernels, which keep nothing but what goes in; others, double
// among them, the composed operation.
//   guide    [N, C or 1, H, W]
//   target   [N, C, H, W]
//   returns  [N, C, H, W], of the target's type
torch::Tensor FullGuidedFilterOp(const torch::Tensor& guide, const torch::Tensor& target,
                                 const GuidedLayer& layer);
// FastGuidedLayer, likewise; gradients reach all three.
//   low_guide   [N, C or 1, h, w]
//   low_target  [N, C, h, w]
//   guide       [N, as low_guide, H, W]
//   returns     [N, C, H, W], of the target's type
torch::Tensor FastGuidedFilterOp(const torch::Tensor& low_guide, const torch::Tensor& low_target,
                                 const torch::Tensor& guide, const GuidedLayer& layer);

// The same by LibTorch's operations alone, in double: on any device, with automatic derivatives,
// against which our kernels are checked.
torch::Tensor ComposedFullGuidedFilter(const torch::Tensor& guide, const torch::Tensor& target,
                                       const GuidedLayer& layer);
torch::Tensor ComposedFastGuidedFilter(const torch::Tensor& low_guide,
                                       const torch::Tensor& low_target, const torch::Tensor& guide,
                                       const GuidedLayer& layer);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_GUIDED_FILTER_OP_H_
