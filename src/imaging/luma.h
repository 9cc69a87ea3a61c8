#ifndef DKN_SRC_IMAGING_LUMA_H_
#define DKN_SRC_IMAGING_LUMA_H_

#include "dkn/image.h"

namespace dkn {

// out = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601). `rgb` has 3 channels, `out` 1 and the same
// size; Error otherwise.
void Luma(ConstView rgb, View out);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_LUMA_H_
