#ifndef DKN_SRC_NET_PRIMAL_DUAL_LANES_H_
#define DKN_SRC_NET_PRIMAL_DUAL_LANES_H_

#include "dkn/image.h"

namespace dkn {

// Row y of the bounds that affinities give (primal_dual.h), several pixels at a time.
void BoundRow(ConstView affinities, int y, float sharpness, Image& bounds);

}  // namespace dkn

#endif  // DKN_SRC_NET_PRIMAL_DUAL_LANES_H_
