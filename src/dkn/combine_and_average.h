#ifndef DKN_SRC_DKN_COMBINE_AND_AVERAGE_H_
#define DKN_SRC_DKN_COMBINE_AND_AVERAGE_H_

#include "dkn/architecture.h"
#include "dkn/image.h"
#include "src/dkn/heads.h"
#include "src/dkn/sampling.h"

namespace dkn {

// Paper: Eq. (3) to (7), from the heads of the streams to the filtered image, in one pass: the
// kernels of 16 pixels are combined, their samples read and averaged without being stored. By
// Highway, for the best instruction set that the processor has; CombineKernels with WeightedAverage
// is the plain version. Does not allocate.

// FDKN, heads laid out as kBlocks. `target` is the image that is sampled, sizes multiples of 4;
// `out` is of its size.
void CombineAndAverageBlocks(const Heads& heads, ConstView target, const Architecture& architecture,
                             View out);

// DKN, heads laid out as kPixels, for the pixels of `lattice` alone: fills those of `out`, which is
// of the target's size.
void CombineAndAverageLattice(const Heads& heads, ConstView target,
                              const Architecture& architecture, const Lattice& lattice, View out);

}  // namespace dkn

#endif  // DKN_SRC_DKN_COMBINE_AND_AVERAGE_H_
