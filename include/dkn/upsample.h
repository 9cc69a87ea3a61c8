#ifndef DKN_UPSAMPLE_H_
#define DKN_UPSAMPLE_H_

#include "dkn/image.h"
#include "dkn/joint_filter.h"
#include "dkn/resample.h"

namespace dkn {

struct UpsampleOptions {
  Resampler resampler = Resampler::kBicubic;  // brings the target to the guide's size
};

// The target at the guide's size and with the guide's structure, in the target's own unit:
// resampled, normalised to [0, 1] by its smallest and largest value, filtered, and brought back.
//   guide   1 or 3 channels, values in [0, 1]
//   target  any number of channels, any unit, no larger than the guide in each direction
// A constant target has no range: it is returned as resampling leaves it. Values of the result may
// leave the target's range a little, as interpolation overshoots. Throws Error when sizes do not
// fit or a value is not finite.
Image Upsample(ConstView guide, ConstView target, const JointFilter& filter,
               const UpsampleOptions& options = {});

}  // namespace dkn

#endif  // DKN_UPSAMPLE_H_
