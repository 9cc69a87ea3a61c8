#ifndef DKN_SRC_PIPELINE_SAMPLE_UNITS_H_
#define DKN_SRC_PIPELINE_SAMPLE_UNITS_H_

#include <optional>

#include "dkn/frame.h"
#include "dkn/image.h"
#include "dkn/invalid_values.h"
#include "dkn/upsampler.h"

// What values of each type mean: holes, limits, and the unit when a type becomes another.
namespace dkn {

// What the values of a target mean.
struct ValueMeaning {
  InvalidValues invalid;      // what stands for holes, beside values that are not finite
  bool all_count = false;     // all others count, wild ones too
  std::optional<float> mark;  // what stands for holes in results of the target's kind; none: NaN
  int zero_holes = 0;         // see UpsampledFrame
  int zero_values = 0;
};

// Of a target of this type, by the options' invalid_rule, invalid and may_be_empty. Throws
// ArgumentError where a single invalid value is no value of an integer type.
ValueMeaning MeaningOf(ConstView target, SampleType type, const UpsamplerOptions& options);

// How far to trust each pixel of a target, a soft UpsampleOptions::mask, from a mask as
// mask_at_least and soft_mask say; empty where the mask has no data. Throws Error where it has
// several channels.
Image MaskWeights(const ConstFrame& mask, const UpsamplerOptions& options);

// Whether some of them are neither 0 nor 1.
bool HasSoftWeight(ConstView weights);

// The type of results; see UpsamplerOptions::result_type.
SampleType ResultTypeFor(SampleType target, std::optional<SampleType> wanted);

// Interpolation overshoots at edges: what lies outside an integer type's values goes to the
// nearest.
void ClampToType(Image& image, SampleType type);

// Throws Error where a float target in steps of `step` would be fewer than 16 of them, unless its
// values are whole steps, as labels are. Values that are not finite do not count.
void CheckSteps(ConstView target, double step);

// From a result in the target's unit, in which NaN is a hole, to values that `result` holds: the
// unit changes between 16-bit integers and floats, and holes become what stands for them there.
// Where both types are integers or both floats that is the mark, and no other pixel of an integer
// type has it; floats from integers have NaN; integers from floats have 0, and where all values
// count others may have it too. Integers have 0 for what nothing else stands for. Throws Error
// where a value does not fit 16 bits in steps of `step` metres.
void ConvertResult(SampleType target, SampleType result, const ValueMeaning& meaning, double step,
                   Image& image);

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_SAMPLE_UNITS_H_
