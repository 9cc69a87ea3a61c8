#include "src/pipeline/sample_units.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/imaging/holes.h"
#include "src/imaging/value_range.h"

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
    } else if (IsInteger(type) && std::nearbyint(value) == invalid) {
      const bool above = value >= invalid ? invalid < FullScale(type) : invalid <= 0.0f;
      value = invalid + (above ? 1.0f : -1.0f);
    }
  });
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

std::optional<float> InvalidValue(InvalidRule rule, float value, SampleType type) {
  if (rule == InvalidRule::kNone) {
    return std::nullopt;
  }
  if (rule == InvalidRule::kByType) {
    return IsInteger(type) ? std::optional<float>(0.0f) : std::nullopt;
  }
  if (IsInteger(type) &&
      !(value >= 0.0f && value <= FullScale(type) && value == std::nearbyint(value))) {
    throw ArgumentError("the invalid value " + DigitsText(value) +
                        " is no value of the target, integers from 0 to " +
                        DigitsText(FullScale(type)));
  }
  return value;
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

void ConvertResult(SampleType target, SampleType result, const UpsamplerOptions& options,
                   Image& image) {
  const double step = options.step;
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
    if (const auto invalid = InvalidValue(options.invalid_rule, options.invalid, target)) {
      MarkInvalid(image, result, *invalid);
    }
  } else if (IsInteger(result) && options.invalid_rule != InvalidRule::kNone) {
    MarkInvalid(image, result, 0.0f);
  }
  if (IsInteger(result)) {
    ForEachValue(image, [](float& value) { value = std::isnan(value) ? 0.0f : value; });
  }
}

}  // namespace dkn
