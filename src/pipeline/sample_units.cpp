#include "src/pipeline/sample_units.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/imaging/holes.h"
#include "src/imaging/value_range.h"
#include "src/imaging/zeros.h"

namespace dkn {
namespace {

template <typename Change>
void ForEachValue(Image& image, const Change& change) {
  std::for_each(image.data(), image.data() + image.size(), change);
}

// `invalid` for a hole. Of integer types a value that would be rounded to it becomes the next one:
// it is no hole.
void MarkInvalid(Image& image, SampleType type, float invalid) {
  ForEachValue(image, [&](float& value) {
    if (std::isnan(value)) {
      value = invalid;
    } else if (IsInteger(type) && std::abs(value - invalid) <= 0.5f &&
               std::nearbyint(value) == invalid) {
      const bool above = value >= invalid ? invalid < FullScale(type) : invalid <= 0.0f;
      value = invalid + (above ? 1.0f : -1.0f);
    }
  });
}

void CheckSingleValues(const InvalidValues& invalid, SampleType type) {
  for (const InvalidValues::Range& range : invalid.ranges()) {
    const float value = range.low;
    if (IsInteger(type) && range.low == range.high &&
        !(value >= 0.0f && value <= FullScale(type) && value == std::nearbyint(value))) {
      throw ArgumentError("the invalid value " + DigitsText(value) +
                          " is no value of the target, integers from 0 to " +
                          DigitsText(FullScale(type)));
    }
  }
}

std::string StepHint(double step) {
  return "16 bits in steps of " + DigitsText(step) + ", which hold 0 to " +
         DigitsText(FullScale(SampleType::kUint16) * step, 10) +
         "; --scale sets the step, and .tif, .npy, .pfm and .exr hold floats";
}

void CheckFits(float value, double step) {
  const double limit = FullScale(SampleType::kUint16);
  const double steps = std::nearbyint(value / step);
  if (!(0.0 <= steps && steps <= limit)) {
    throw Error("the value " + DigitsText(value) + " does not fit " + StepHint(step));
  }
}

}  // namespace

ValueMeaning MeaningOf(ConstView target, SampleType type, const UpsamplerOptions& options) {
  ValueMeaning meaning;
  if (options.invalid_rule == InvalidRule::kValue) {
    CheckSingleValues(options.invalid, type);
    meaning.invalid = options.invalid;
    meaning.mark = options.invalid.mark();
    if (!meaning.mark && IsInteger(type)) {
      meaning.mark = 0.0f;
    }
    return meaning;
  }
  if (options.invalid_rule == InvalidRule::kNone) {
    meaning.all_count = true;
    return meaning;
  }
  if (!IsInteger(type)) {
    return meaning;
  }
  const bool depth = type == SampleType::kUint16 && target.channels == 1;
  if ((depth && options.may_be_empty) || ZeroIsHole(target, type)) {
    meaning.invalid = 0.0f;
    meaning.mark = 0.0f;
    meaning.zero_holes = CountZeros(target);
  } else {
    meaning.all_count = true;
    meaning.zero_values = depth ? CountZeros(target) : 0;
  }
  return meaning;
}

Image MaskWeights(const ConstFrame& mask, const UpsamplerOptions& options) {
  if (mask.data == nullptr) {
    return Image();
  }
  CheckFrame(mask, "mask");
  if (mask.channels != 1) {
    throw Error("the mask has " + std::to_string(mask.channels) + " channels, expected 1");
  }
  Image weights = ImageOf(mask);
  if (options.mask_at_least) {
    ForEachValue(weights, [least = *options.mask_at_least](float& value) {
      value = value >= least ? 1.0f : 0.0f;
    });
  } else if (options.upsample.soft_mask || !IsInteger(mask.type)) {
    ForEachValue(weights, [full = FullScale(mask.type)](float& value) { value /= full; });
  } else {
    ForEachValue(weights, [](float& value) { value = value != 0.0f ? 1.0f : 0.0f; });
  }
  return weights;
}

bool HasSoftWeight(ConstView weights) {
  for (int y = 0; y < weights.height; ++y) {
    const float* row = weights.Row(y);
    if (std::any_of(row, row + weights.width, [](float w) { return w != 0.0f && w != 1.0f; })) {
      return true;
    }
  }
  return false;
}

SampleType ResultTypeFor(SampleType target, std::optional<SampleType> wanted) {
  const SampleType result = wanted.value_or(target);
  if (result == SampleType::kUint8 && target != SampleType::kUint8) {
    throw ArgumentError("results of type uint8 for a target of type " + SampleTypeName(target) +
                        ", expected " + (IsInteger(target) ? "uint16" : "uint16, float16") +
                        " or float32");
  }
  return result;
}

void ClampToType(Image& image, SampleType type) {
  if (IsInteger(type)) {
    ForEachValue(image,
                 [full = FullScale(type)](float& value) { value = std::clamp(value, 0.0f, full); });
  }
}

void CheckSteps(ConstView target, double step) {
  constexpr double kFewest = 16.0;
  constexpr double kWhole = 0.001;  // of a step
  double most = 0.0;
  bool whole = true;
  for (int c = 0; c < target.channels; ++c) {
    for (int y = 0; y < target.height; ++y) {
      const float* const row = target.Row(y, c);
      for (int x = 0; x < target.width; ++x) {
        const double steps = std::abs(row[x] / step);
        if (std::isfinite(steps)) {
          most = std::max(most, steps);
          whole = whole && std::abs(steps - std::nearbyint(steps)) <= kWhole;
        }
      }
    }
  }
  if (!whole && most < kFewest) {
    throw Error("the values, " + DigitsText(most * step) + " at most, are lost in " +
                StepHint(step));
  }
}

void ConvertResult(SampleType target, SampleType result, const ValueMeaning& meaning, double step,
                   Image& image) {
  const bool converted = IsInteger(target) != IsInteger(result);
  if (converted && target == SampleType::kUint16) {
    ForEachValue(image, [step](float& value) { value = static_cast<float>(value * step); });
  } else if (converted && IsInteger(result)) {
    if (HasValues(image)) {
      const ValueRange range = FiniteRange(image);
      CheckFits(range.low, step);
      CheckFits(range.high, step);
    }
    ForEachValue(
        image, [step](float& value) { value = static_cast<float>(std::nearbyint(value / step)); });
  }
  if (!converted) {
    if (meaning.mark) {
      MarkInvalid(image, result, *meaning.mark);
    }
  } else if (IsInteger(result) && !meaning.all_count) {
    MarkInvalid(image, result, 0.0f);
  }
  if (IsInteger(result)) {
    ForEachValue(image, [](float& value) { value = std::isnan(value) ? 0.0f : value; });
  }
}

}  // namespace dkn
