#ifndef DKN_SRC_PIPELINE_OWN_GUIDE_H_
#define DKN_SRC_PIPELINE_OWN_GUIDE_H_

#include <optional>

#include "dkn/frame.h"
#include "dkn/image.h"
#include "dkn/upsampler.h"
#include "src/core/guide_range.h"
#include "src/pipeline/sample_units.h"

// Targets that are their own guides (UpsamplerOptions::own_guide).
namespace dkn {

// Throws Error for a target that can be none: of more channels than R,G,B and alpha.
void CheckOwnGuide(const ConstFrame& target);

// A checked frame's colours without its alpha, the second or fourth channel; empty where it has
// none.
FrameBuffer WithoutAlpha(const ConstFrame& frame);

// Whether the values of a target of this type are a map's, whose smallest and largest measurement
// become 0 and 1 of its guide: those of integers in one channel, of which some value is a hole
// (MeaningOf), and of floats in one channel beyond about [0, 1]. Others are pictures: their range
// is any guide's, their highlights are real.
bool IsMap(ConstView target, SampleType type, const ValueMeaning& meaning);

// The guide of a target that has NaN in holes and these weights (UpsampleOptions::mask), into
// `guide`, which has its size: its colours in `range`, holes filled from around them. A range that
// there is not yet is found, and kept for what the target becomes. Throws Error where nothing is
// measured.
void GuideByTarget(ConstView target, ConstView weights, SampleType type, bool map,
                   std::optional<GuideRange>& range, Image& guide);

// NaN where the target has it: holes are holes in each iteration.
void KeepHoles(const Image& target, Image& result);

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_OWN_GUIDE_H_
