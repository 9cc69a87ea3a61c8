#ifndef DKN_SRC_DKN_STREAM_INPUT_H_
#define DKN_SRC_DKN_STREAM_INPUT_H_

#include "dkn/image.h"
#include "dkn/joint_filter.h"
#include "src/dkn/architecture.h"

namespace dkn {

// The guide as the first layer takes it: channels in the architecture's order, or their luma. The
// view itself where it is so already, else an image in `storage`.
ConstView GuideChannels(ConstView guide, const Architecture& architecture, Image& storage);

// What the target's stream may see of a channel's samples as a whole (TargetInput).
struct SampleFacts {
  float log_ratio = 0.0f;  // binary logarithm of the distance between samples, in pixels
  float noise = 0.0f;      // NoiseLevel, in units of the values
};
SampleFacts FactsOf(const FilterInput& input, int channel, const Architecture& architecture);

// The channels of TargetInput::kNoisyMeasurement that are the same everywhere.
float SeenRatio(const SampleFacts& facts);
float SeenNoise(const SampleFacts& facts);

// What the target's stream takes of one channel: the values, or beside them how much of each pixel
// is measured, all of it where the mask is empty, and what is seen of the facts. The view itself
// where it is so already, else an image in `storage`.
ConstView SeenTarget(ConstView values, ConstView mask, const SampleFacts& facts,
                     const Architecture& architecture, Image& storage);

// The channels of both, for a network of one stream.
ConstView Concatenate(ConstView guide, ConstView target, Image& storage);

}  // namespace dkn

#endif  // DKN_SRC_DKN_STREAM_INPUT_H_
