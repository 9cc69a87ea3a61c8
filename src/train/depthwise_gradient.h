#ifndef DKN_SRC_TRAIN_DEPTHWISE_GRADIENT_H_
#define DKN_SRC_TRAIN_DEPTHWISE_GRADIENT_H_

#include <torch/types.h>

#include "src/net/layer.h"

namespace dkn::train {

// The derivatives of a convolution of each channel by itself by its weights [C, 1, kernel, kernel],
// in float, of input [N, C, H, W] and the derivatives by the output [N, C, h, w], both of one type,
// float or bfloat16, channels innermost in memory. For dilated kernels, where oneDNN 2.6 reads
// memory in bfloat16 that it has not written.
torch::Tensor DepthwiseWeightGradient(const torch::Tensor& input, const torch::Tensor& gradient,
                                      const Layer& layer);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_DEPTHWISE_GRADIENT_H_
