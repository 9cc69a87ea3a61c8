#ifndef DKN_FILTER_IMAGE_H_
#define DKN_FILTER_IMAGE_H_

#include "dkn/export.h"
#include "dkn/frame.h"
#include "dkn/image.h"
#include "dkn/joint_filter.h"

namespace dkn {

// The target with the guide's structure, in the target's own unit: normalised to [0, 1] by its
// smallest and largest value, filtered, and brought back. Each iteration after the first filters
// what the last one gave, by the same guide.
//   guide   1 or 3 channels, values in [0, 1]
//   target  any number of channels, any unit, at the guide's size
// A constant target has no range: it is returned as it is. Throws Error when sizes do not fit, a
// value is not finite, or iterations is less than 1.
DKN_EXPORT Image FilterImage(ConstView guide, ConstView target, const JointFilter& filter,
                             int iterations = 1);

// Texture removal (paper: Section 4.2.2): the image is guide and target at once, and so is, in the
// next iteration, what it became. `image` has 1 or 3 channels and values in [0, 1]; Error as above.
DKN_EXPORT Image RemoveTexture(ConstView image, const JointFilter& filter, int iterations = 4);

// FilterImage and RemoveTexture of frames, as `dkn filter` does it to files. The result has the
// target's type and unit, and values beyond an integer type's range are limited to it. The guide is
// what GuideOf makes of it.
DKN_EXPORT FrameBuffer FilterFrame(const ConstFrame& guide, const ConstFrame& target,
                                   const JointFilter& filter, int iterations = 1);
DKN_EXPORT FrameBuffer RemoveFrameTexture(const ConstFrame& image, const JointFilter& filter,
                                          int iterations = 4);

}  // namespace dkn

#endif  // DKN_FILTER_IMAGE_H_
