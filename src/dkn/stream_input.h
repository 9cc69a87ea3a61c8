#ifndef DKN_SRC_DKN_STREAM_INPUT_H_
#define DKN_SRC_DKN_STREAM_INPUT_H_

#include <array>

#include "dkn/image.h"
#include "dkn/joint_filter.h"
#include "src/dkn/architecture.h"

namespace dkn {

// The guide as the first layer takes it: channels in the architecture's order, or their luma. The
// view itself where it is so already, else an image in `storage`.
ConstView GuideChannels(ConstView guide, const Architecture& architecture, Image& storage);

// What the target's stream may see of a channel's samples as a whole (TargetInput).
struct SampleFacts {
  float log_ratio = 0.0f;         // binary logarithm of the distance between samples, in pixels
  float noise = 0.0f;             // NoiseLevel, in units of the values
  float correlated_noise = 0.0f;  // CorrelatedNoise
};
SampleFacts FactsOf(const FilterInput& input, int channel, const Architecture& architecture);

// NoiseLevel of samples that lie step_x, step_y pixels apart, from those as near to
// kCorrelationDistance from each other as they can be.
float CorrelatedNoise(ConstView samples, ConstView measured, double step_x, double step_y);

// The channels of TargetInput::kCorrelatedNoise that are the same everywhere, one of each.
std::array<float, 3> SeenFacts(const SampleFacts& facts);

// What the target's stream takes of one channel: the values, or beside them how much of each pixel
// is measured, all of it where the mask is empty, and what is seen of the facts. The view itself
// where it is so already, else an image in `storage`.
ConstView SeenTarget(ConstView values, ConstView mask, const SampleFacts& facts,
                     const Architecture& architecture, Image& storage);

// The channels of both, for a network of one stream.
ConstView Concatenate(ConstView guide, ConstView target, Image& storage);

}  // namespace dkn

#endif  // DKN_SRC_DKN_STREAM_INPUT_H_
