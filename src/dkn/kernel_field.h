#ifndef DKN_SRC_DKN_KERNEL_FIELD_H_
#define DKN_SRC_DKN_KERNEL_FIELD_H_

#include "dkn/architecture.h"
#include "dkn/image.h"

namespace dkn {

// The kernels of an image: for each pixel, k * k weights and k * k offsets.
struct KernelField {
  Image weights;  // k * k channels
  Image
      offsets;  // 2 * k * k channels: 2 * tap is the x offset, 2 * tap + 1 the y offset, in pixels
};

// Weight logits are limited to +-kMaxLogit: a sigmoid is 0 or 1 to within float long before, and a
// product of two of them still has an inverse.
inline constexpr float kMaxLogit = 40.0f;

// Paper: Sections 3.1 and 3.2, "Weight regression" and "Offset regression". Combines what the heads
// of both streams give for an FDKN image of width x height pixels, multiples of 4: weights are the
// product of both sigmoids, less their mean over the taps (residual) or divided by their sum;
// offsets are the product of both. The heads' outputs are height / 4 x width / 4 x 48 k * k,
// channels innermost: weight heads, tap * 16 + phase, then offset heads, (2 * tap + xy) * 16 +
// phase. The plain version, with every kernel stored: the reference for CombineAndAverage.
KernelField CombineKernels(const float* guide_heads, const float* target_heads, int width,
                           int height, const Architecture& architecture);

}  // namespace dkn

#endif  // DKN_SRC_DKN_KERNEL_FIELD_H_
