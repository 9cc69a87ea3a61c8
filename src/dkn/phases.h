#ifndef DKN_SRC_DKN_PHASES_H_
#define DKN_SRC_DKN_PHASES_H_

#include "dkn/image.h"
#include "src/net/convolution_plan.h"

namespace dkn {

// Paper: Fig. 5. Splits each 4 x 4 block of `image` into 16 phases: `out` is, in `layout`,
// height / 4 x width / 4 x 16 * channels, where channel c, row i and column j of a block go to
// c * 16 + i * 4 + j; kBlocks has one block for each channel of the image, kBlocksOf8 two. Its
// sides are multiples of kResampling.
void SplitPhases(ConstView image, ValueLayout layout, float* out);

}  // namespace dkn

#endif  // DKN_SRC_DKN_PHASES_H_
