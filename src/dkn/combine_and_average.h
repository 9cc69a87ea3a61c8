#ifndef DKN_SRC_DKN_COMBINE_AND_AVERAGE_H_
#define DKN_SRC_DKN_COMBINE_AND_AVERAGE_H_

#include "dkn/architecture.h"
#include "dkn/image.h"

namespace dkn {

// Paper: Eq. (3) to (7), from the heads of both streams to the filtered image, in one pass: the
// kernels of 16 pixels are combined, their samples read and averaged without being stored.
// `guide_heads` and `target_heads` are as CombineKernels takes them; `target` is the image that is
// sampled, sizes multiples of 4; `out` is of its size. By Highway, for the best instruction set
// that the processor has; CombineKernels with WeightedAverage is the plain version. Does not
// allocate.
void CombineAndAverage(const float* guide_heads, const float* target_heads, ConstView target,
                       const Architecture& architecture, View out);

}  // namespace dkn

#endif  // DKN_SRC_DKN_COMBINE_AND_AVERAGE_H_
