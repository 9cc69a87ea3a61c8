#ifndef DKN_SRC_NET_WEIGHT_GRADIENT_H_
#define DKN_SRC_NET_WEIGHT_GRADIENT_H_

#include <cstddef>

#include "src/net/layer.h"

namespace dkn {

// Whether the gradient by a layer's weights is computed by kernels of our own on this processor:
// where its results are too (ChooseOwnConvolution), for layers of 3 x 3 and 5 x 5, by Winograd's
// algorithm, and of 1 x 1, without strides, of channels in sixteens. With AVX2 alone oneDNN takes 3
// to 6 times as long for layers of 3 x 3 whose images have channels innermost, 1.2 for those of 1 x
// 1 (dkn_net_bench).
bool HasOwnWeightGradient(const Layer& layer);

// Adds one image's gradient by the layer's weights, out x in x kernel x kernel, to `gradient`. The
// images have channels innermost: `source`, of width x height, is what the layer took, `results`
// the gradient by what its convolution gave. The same bits on any number of threads; it takes
// OpenMP's. `scratch`: WeightGradientScratchFloats.
void AddWeightGradient(const Layer& layer, const float* source, int width, int height,
                       const float* results, float* gradient, float* scratch);

std::size_t WeightGradientScratchFloats(const Layer& layer, int width, int height);

}  // namespace dkn

#endif  // DKN_SRC_NET_WEIGHT_GRADIENT_H_
