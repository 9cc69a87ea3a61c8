#ifndef DKN_SRC_PIPELINE_TARGET_TRAITS_H_
#define DKN_SRC_PIPELINE_TARGET_TRAITS_H_

#include "dkn/image.h"
#include "dkn/placement.h"
#include "dkn/registry.h"

namespace dkn {

// What ChooseUpsamplingMethod goes by. `target` has NaN for its holes.
TargetTraits TraitsOf(ConstView guide, ConstView target, const Placement& placement = {});

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_TARGET_TRAITS_H_
