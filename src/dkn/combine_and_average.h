#ifndef DKN_SRC_DKN_COMBINE_AND_AVERAGE_H_
#define DKN_SRC_DKN_COMBINE_AND_AVERAGE_H_

#include "dkn/architecture.h"
#include "dkn/image.h"
#include "src/dkn/heads.h"
#include "src/dkn/kernel_report.h"
#include "src/dkn/plain_kernel.h"

namespace dkn {

// Paper: Eq. (3) to (7), from the heads of the streams to the filtered image, in one pass: the
// kernels of 16 pixels are combined, their samples read and averaged without being stored. By
// Highway, for the best instruction set that the processor has; CombineHeads with WeightedAverage
// is the plain version. Does not allocate.

// Blocks of 4 x 4 pixels in a row of them.
struct BlockStrip {
  int row = 0;    // of blocks
  int first = 0;  // the block that the heads' values begin with
  int begin = 0;  // of the blocks, counted from the first, those of [begin, end) are filtered
  int end = 0;
};

// FDKN, for the pixels of a strip, by one thread: heads laid out as kBlocks, of the strip's blocks
// alone. `target` is the image that is sampled, sizes multiples of 4; `out` is of its size. A
// report, where it is wanted, changes no bit of `out`.
void CombineAndAverageBlocks(const Heads& heads, ConstView target, const Architecture& architecture,
                             const BlockStrip& strip, View out, const KernelReport& report = {});

// DKN, heads laid out as kPixels, for the pixels of `lattice` alone: fills those of `out`, which is
// of the target's size.
void CombineAndAverageLattice(const Heads& heads, ConstView target,
                              const Architecture& architecture, const Lattice& lattice, View out,
                              const KernelReport& report = {});

}  // namespace dkn

#endif  // DKN_SRC_DKN_COMBINE_AND_AVERAGE_H_
