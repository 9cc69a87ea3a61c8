#ifndef DKN_FILTER_IMAGE_H_
#define DKN_FILTER_IMAGE_H_

#include "dkn/export.h"
#include "dkn/frame.h"
#include "dkn/image.h"
#include "dkn/joint_filter.h"

namespace dkn {

// The target with the guide's structure, in the target's own unit: what UpsampleFrame makes of a
// target of the guide's size, which has options for holes and the like. Each iteration after the
// first filters what the last one gave, by the same guide.
//   guide   1 or 3 channels, values in [0, 1]
//   target  any number of channels, any unit, at the guide's size; holes, values that are not
//           finite, are filled, and so are wild values (UpsampleOptions::keep_wild_values)
// A constant target has no range: it is returned as it is. Throws Error when sizes do not fit, the
// guide is not finite, nothing is measured, or iterations is less than 1.
DKN_EXPORT Image FilterImage(ConstView guide, ConstView target, const JointFilter& filter,
                             int iterations = 1);

// Texture removal (paper: Section 4.2.2): the image is guide and target at once, and so is, in the
// next iteration, what it became. `image` has 1 or 3 channels and values in [0, 1]; Error as above.
DKN_EXPORT Image RemoveTexture(ConstView image, const JointFilter& filter, int iterations = 4);

// FilterImage of frames, in the target's type and unit: the image of what an Upsampler with this
// filter makes of a target of the guide's size. That, with UpsampleOptions::same_size, is all of
// `dkn filter`: confidence, masks, what stands for a hole.
DKN_EXPORT FrameBuffer FilterFrame(const ConstFrame& guide, const ConstFrame& target,
                                   const JointFilter& filter, int iterations = 1);
// What removes texture of pictures where no method is named.
inline constexpr char kTextureMethod[] = "fdkn_denoise";
// RemoveTexture of a frame, a picture or a map of any unit: what an Upsampler with
// UpsamplerOptions::own_guide makes of it by this filter. Alpha is dropped.
DKN_EXPORT FrameBuffer RemoveFrameTexture(const ConstFrame& image, const JointFilter& filter,
                                          int iterations = 4);

}  // namespace dkn

#endif  // DKN_FILTER_IMAGE_H_
