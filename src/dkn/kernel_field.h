#ifndef DKN_SRC_DKN_KERNEL_FIELD_H_
#define DKN_SRC_DKN_KERNEL_FIELD_H_

#include "dkn/architecture.h"
#include "dkn/image.h"
#include "dkn/model.h"
#include "src/dkn/heads.h"
#include "src/dkn/sampling.h"

namespace dkn {

// The kernels of an image: for each pixel, k * k weights and k * k offsets.
struct KernelField {
  Image weights;  // k * k channels
  // 2 * k * k channels: 2 * tap is the x offset, 2 * tap + 1 the y offset, in pixels.
  Image offsets;
};

// Weight logits are limited to +-kMaxLogit, for a softmax to that much below the largest: a sigmoid
// is 0 or 1 to within float long before, and a product of two of them still has an inverse.
inline constexpr float kMaxLogit = 40.0f;

// Paper: Sections 3.1 and 3.2, "Weight regression" and "Offset regression". Combines what the heads
// of the streams give for width x height pixels (kBlocks: multiples of 4): weights are the product
// of the streams' activated weights, less their mean over the taps (residual, mean_subtraction) or
// divided by their sum (no residual); offsets are the streams' product, or 0 where none gives any.
// The plain version, with every kernel stored: the reference for CombineAndAverage.
KernelField CombineKernels(const Heads& heads, HeadLayout layout, int width, int height,
                           const Architecture& architecture);

// The pixels of [left, right) x [top, bottom).
struct Area {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
};

// Stores the kernels of a lattice's pixels, where they lie in `area`, with offsets made positions
// (SamplingGrid::Position).
void StoreKernels(const KernelField& field, const Lattice& lattice, const Area& area,
                  const Architecture& architecture, Kernels& kernels);

}  // namespace dkn

#endif  // DKN_SRC_DKN_KERNEL_FIELD_H_
