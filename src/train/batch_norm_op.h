#ifndef DKN_SRC_TRAIN_BATCH_NORM_OP_H_
#define DKN_SRC_TRAIN_BATCH_NORM_OP_H_

#include <torch/types.h>

#include "src/train/layer_op.h"

namespace dkn::train {

// Batch normalisation in training, of an image [N, C, H, W], by the statistics of the batches of
// all ranks, towards which it moves the running ones: as one process would of the whole batch.
// Differentiable; of `tensors` it takes gamma and beta.
torch::Tensor BatchNormOp(const torch::Tensor& image, const LayerTensors& tensors);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_BATCH_NORM_OP_H_
