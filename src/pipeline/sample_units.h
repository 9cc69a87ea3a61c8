#ifndef DKN_SRC_PIPELINE_SAMPLE_UNITS_H_
#define DKN_SRC_PIPELINE_SAMPLE_UNITS_H_

#include <optional>

#include "dkn/frame.h"
#include "dkn/image.h"
#include "dkn/upsampler.h"

// What values of each type mean: holes, limits, and the unit when a type becomes another.
namespace dkn {

// The value that stands for a hole in targets of this type, beside those that are not finite.
// Throws Error where it is no value of an integer type.
std::optional<float> InvalidValue(InvalidRule rule, float value, SampleType type);

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
// Where both types are integers or both floats that is InvalidValue, and no other pixel of an
// integer type has it; floats from integers have NaN; integers from floats have 0, and with
// InvalidRule::kNone others may have it too. Integers have 0 for what nothing else stands for.
// Throws Error where a value does not fit 16 bits in steps of options.step.
void ConvertResult(SampleType target, SampleType result, const UpsamplerOptions& options,
                   Image& image);

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_SAMPLE_UNITS_H_
