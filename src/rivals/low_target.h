#ifndef DKN_SRC_RIVALS_LOW_TARGET_H_
#define DKN_SRC_RIVALS_LOW_TARGET_H_

#include "dkn/image.h"
#include "dkn/joint_filter.h"
#include "src/net/graph.h"

namespace dkn {

// For networks that enlarge the target themselves by a whole scale.

// The least size that covers the frame when it is enlarged.
GraphSize LowSize(const GraphSize& frame, int scale);

// The target at LowSize: the samples where each stands for scale x scale pixels of the guide, and
// all of them for the guide; else the target, continued by its last row and column and reduced.
// `input` has a target of one channel.
Image LowTarget(const FilterInput& input, int scale);

}  // namespace dkn

#endif  // DKN_SRC_RIVALS_LOW_TARGET_H_
