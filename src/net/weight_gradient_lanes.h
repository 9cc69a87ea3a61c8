#ifndef DKN_SRC_NET_WEIGHT_GRADIENT_LANES_H_
#define DKN_SRC_NET_WEIGHT_GRADIENT_LANES_H_

#include <cstddef>

#include "src/net/own_convolution.h"
#include "src/net/winograd_lanes.h"

namespace dkn {

// The sum over pixels that a gradient by weights is, as sums over tiles of products of two values:
// for layers of 3 x 3 and 5 x 5 the 36 of Winograd's algorithm, for those of 1 x 1 one, of a pixel.
struct WeightGradientFrame {
  PaddedImage source;   // what the layer took
  PaddedImage results;  // the gradient by what it gave
  int kernel;           // 1, 3 or 5
  int most;             // tiles that are taken at once
  float* scratch;
  float* gradient;  // out x in x kernel x kernel
};

int WeightGradientProducts(int kernel);
int WeightGradientTiles(const WeightGradientFrame& frame);  // in all

// Floats of `scratch`.
std::size_t WeightGradientScratch(int in, int out, int kernel, int most);

// For tiles of a block, one of them to each call: tile number `tile`, the `place`th of the block.
void WeightGradientTransform(const WeightGradientFrame& frame, int tile, int place);

// Once they are all there: one of the products, of all of the block's `count` tiles, for one panel
// of output channels. The first block's sums take the place of what was there.
void WeightGradientMultiply(const WeightGradientFrame& frame, int product, int panel, int count,
                            bool first);

// Once the last block's sums are there: adds them to the gradient, for one panel.
void WeightGradientResult(const WeightGradientFrame& frame, int panel);

}  // namespace dkn

#endif  // DKN_SRC_NET_WEIGHT_GRADIENT_LANES_H_
