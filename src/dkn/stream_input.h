#ifndef DKN_SRC_DKN_STREAM_INPUT_H_
#define DKN_SRC_DKN_STREAM_INPUT_H_

#include "dkn/image.h"
#include "dkn/joint_filter.h"
#include "src/dkn/architecture.h"

namespace dkn {

// The guide as the first layer takes it: channels in the architecture's order, or their luma. The
// view itself where it is so already, else an image in `storage`.
ConstView GuideChannels(ConstView guide, const Architecture& architecture, Image& storage);

// The third channel of TargetInput::kMeasurement, of samples that a filter's input has.
float LogRatio(const MeasuredSamples& samples);

// What the target's stream takes of one channel: the values, or beside them how much of each pixel
// is measured, all of it where the mask is empty, and LogRatio. The view itself where it is so
// already, else an image in `storage`.
ConstView SeenTarget(ConstView values, ConstView mask, float log_ratio,
                     const Architecture& architecture, Image& storage);

// The channels of both, for a network of one stream.
ConstView Concatenate(ConstView guide, ConstView target, Image& storage);

}  // namespace dkn

#endif  // DKN_SRC_DKN_STREAM_INPUT_H_
