#ifndef DKN_SRC_TRAIN_OWN_LAYER_H_
#define DKN_SRC_TRAIN_OWN_LAYER_H_

#include <torch/types.h>

#include <optional>

#include "src/net/layer.h"
#include "src/net/own_convolution.h"

// A layer's passes in training by kernels of our own, where inference takes them too: images
// [N, channels, H, W] in float, channels innermost in memory, weights [out, in, kernel, kernel].
namespace dkn::train {

// How the layer's convolution is computed so; none: by oneDNN.
std::optional<OwnAlgorithm> ChooseOwn(const torch::Tensor& input, const torch::Tensor& output,
                                      const Layer& layer);

// The layer's results to `output`.
void ConvolveOwn(OwnAlgorithm own, const torch::Tensor& input, const Layer& layer,
                 const torch::Tensor& weight, const torch::Tensor& bias,
                 const torch::Tensor& output);

// The gradient by the weights, of the layer's input and the gradient by its convolution's results;
// undefined where it is oneDNN's to compute.
torch::Tensor OwnWeightGradient(const torch::Tensor& input, const torch::Tensor& weight,
                                const torch::Tensor& gradient, const Layer& layer);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_OWN_LAYER_H_
