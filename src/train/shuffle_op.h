#ifndef DKN_SRC_TRAIN_SHUFFLE_OP_H_
#define DKN_SRC_TRAIN_SHUFFLE_OP_H_

#include <torch/types.h>

namespace dkn::train {

// What FDKN's heads give, shuffled to full size (Fig. 4), differentiable: torch::pixel_shuffle by
// kResampling, which on the CPU takes and gives gradients with channels innermost in memory, as
// LayerOp does, without copies.
//   heads    [N, C kResampling^2, h, w], float or double
//   returns  [N, C, kResampling h, kResampling w], contiguous
torch::Tensor ShuffleOp(const torch::Tensor& heads);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_SHUFFLE_OP_H_
