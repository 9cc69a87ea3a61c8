#ifndef DKN_SRC_PIPELINE_PLACED_TARGET_H_
#define DKN_SRC_PIPELINE_PLACED_TARGET_H_

#include "dkn/image.h"
#include "dkn/placement.h"
#include "dkn/upsample.h"

// The steps by which an Upsampler follows a Placement.
namespace dkn {

// The part of the guide that the target covers. Throws Error where the place does not lie on the
// guide, and where the guide has not the colour camera's size.
ConstView PlaceOn(ConstView guide, const Placement& placement);

// The target in the colour camera's view, NaN where nobody measured. Throws Error as RegisterDepth
// does.
Image RegisteredTarget(ConstView target, const CameraPair& cameras);

// From a result within the placement's place to one of the guide's size: around the place the image
// is NaN, confidence and mask 0. Without a place nothing changes.
void SurroundByHoles(ConstView guide, const Placement& placement, Upsampled& result);

// The result for a target in which nothing is measured: NaN, confidence and mask 0.
Upsampled NothingMeasured(ConstView guide, ConstView target, bool confidence);

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_PLACED_TARGET_H_
