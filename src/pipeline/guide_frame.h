#ifndef DKN_SRC_PIPELINE_GUIDE_FRAME_H_
#define DKN_SRC_PIPELINE_GUIDE_FRAME_H_

#include "dkn/frame.h"
#include "dkn/image.h"

namespace dkn {

// A guide's frame as Upsampler::SetGuide takes it, with all its channels; the image's memory is
// reused. Throws Error where the frame is malformed, has more than 4 channels, or, alpha left out,
// is not finite.
void ReadGuideFrame(const ConstFrame& frame, Image& guide);

// Without the alpha that a second or a fourth channel is.
inline ConstView ColourOf(ConstView picture) {
  picture.channels = picture.channels < 3 ? 1 : 3;
  return picture;
}

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_GUIDE_FRAME_H_
