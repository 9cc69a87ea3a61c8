#ifndef DKN_SRC_NET_PRIMAL_DUAL_STEPS_H_
#define DKN_SRC_NET_PRIMAL_DUAL_STEPS_H_

#include <algorithm>

#include "src/net/primal_dual.h"

namespace dkn {

// What iterations and their gradients share.

// The pixels of row y whose neighbour k lies in the image: columns [first, last), none where the
// row above is missing.
struct DualColumns {
  int first;
  int last;
};
inline DualColumns ColumnsOf(int k, int y, int width) {
  const auto [dx, dy] = kPrimalDualOffsets[static_cast<std::size_t>(k)];
  if (y + dy < 0) {
    return {0, 0};
  }
  return {std::min(width, std::max(0, -dx)), std::max(0, std::min(width, width - dx))};
}

void CheckPrimalDual(const PrimalDualLayer& layer, ConstView target, ConstView affinities);

// w of each pixel.
Image DualBounds(double sharpness, ConstView affinities);

// p <- clamp((p + sigma grad relaxed) / (1 + sigma epsilon)); of values outside the image, which
// are 0, nothing.
void StepDual(const PrimalDualStep& step, const Image& relaxed, const Image& bounds, Image& dual);

// Row y of factor * grad^T p, added to sums[x].
void AddAdjointRow(const Image& dual, int y, float factor, float* sums);

// u' and the next `relaxed`.
void StepPrimal(const PrimalDualStep& step, ConstView target, const Image& dual, const Image& from,
                Image& to, Image& relaxed);

// u = relaxed = f, p = grad f.
PrimalDualState StartPrimalDual(ConstView target);

}  // namespace dkn

#endif  // DKN_SRC_NET_PRIMAL_DUAL_STEPS_H_
