#include "dkn/upsample.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/core/named_values.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/imaging/holes.h"
#include "src/imaging/value_range.h"
#include "src/pipeline/measurement.h"
#include "src/pipeline/session_upsample.h"

namespace dkn {
namespace {

constexpr float kKeptShare = 0.5f;  // of a pixel that is measured, at the border of kKeep
constexpr int kMostIterations = 1000;
constexpr NamedValue<HoleMode> kHoleModes[] = {
    {"fill", HoleMode::kFill}, {"keep", HoleMode::kKeep}, {"measured", HoleMode::kMeasured}};

void CheckSizes(ConstView guide, ConstView target, bool same) {
  if (guide.empty() || target.empty()) {
    throw Error("guide or target is empty");
  }
  if (same && !SameSize(target, guide)) {
    throw Error("the target is " + SizeText(target) + ", expected the guide's size, " +
                SizeText(guide) + "; `dkn upsample` takes smaller targets");
  }
  if (target.width > guide.width || target.height > guide.height) {
    throw Error("the target is " + SizeText(target) + ", larger than the guide, " +
                SizeText(guide) +
                (target.channels > guide.channels ? "; are the two exchanged?"
                                                  : "; enlarge the guide or shrink the target"));
  }
}

void CheckOptions(const UpsampleOptions& options) {
  if (!(options.least_support > 0.0f && options.least_support <= 1.0f)) {
    throw ArgumentError("a least support of " + DigitsText(options.least_support) +
                        ", expected more than 0 and at most 1");
  }
  if (options.iterations < 1 || options.iterations > kMostIterations) {
    throw ArgumentError(std::to_string(options.iterations) + " iterations, expected 1 to " +
                        std::to_string(kMostIterations));
  }
  if (options.most_change && !(*options.most_change >= 0.0f)) {
    throw ArgumentError("a change of at most " + DigitsText(*options.most_change) +
                        ", expected 0 or more");
  }
  for (const int iterations : {options.hole_refinements, options.fidelity_iterations}) {
    if (iterations < 0 || iterations > kMostIterations) {
      throw ArgumentError(std::to_string(iterations) + " iterations, expected 0 to " +
                          std::to_string(kMostIterations));
    }
  }
}

// 1 where the result keeps its value, else 0.
Image KeptPixels(const Image& mask, const Image& support, const UpsampleOptions& options) {
  Image kept = Image::Clone(options.holes == HoleMode::kMeasured ? support : mask);
  const float least = options.holes == HoleMode::kMeasured ? options.least_support : kKeptShare;
  std::for_each(kept.data(), kept.data() + kept.size(),
                [least](float& value) { value = value >= least ? 1.0f : 0.0f; });
  return kept;
}

// Cuts holes out of the image and its confidence, which may be empty.
void CutHoles(const Image& kept, float hole, Upsampled& result) {
  const std::size_t pixels = kept.size();
  for (std::size_t i = 0; i < pixels; ++i) {
    if (kept.data()[i] != 0.0f) {
      continue;
    }
    for (std::size_t at = i; at < result.image.size(); at += pixels) {
      result.image.data()[at] = hole;
    }
    if (!result.confidence.empty()) {
      result.confidence.data()[i] = 0.0f;
    }
  }
}

// Interpolation overshoots, and sums of values must remain floats.
void CheckMagnitude(ValueRange range) {
  constexpr float kMost = 1e37f;
  const float largest = -range.low > range.high ? range.low : range.high;
  if (std::abs(largest) > kMost) {
    throw Error("the target has a value of " + DigitsText(largest) + ", expected at most " +
                DigitsText(kMost) +
                " in size, so that sums of values remain floats; if it stands " +
                "for no measurement, --invalid says so");
  }
}

int CountHoles(const Image& measured) {
  return static_cast<int>(std::count(measured.data(), measured.data() + measured.size(), 0.0f));
}

}  // namespace

HoleMode ParseHoleMode(const std::string& name) {
  return ParseNamed(kHoleModes, name, "mode of holes");
}

void CheckUpsampling(ConstView guide, ConstView target, const UpsampleOptions& options) {
  CheckSizes(guide, target, options.same_size);
  CheckOptions(options);
}

Upsampled UpsampleFrame(ConstView guide, ConstView target, const JointFilter& filter,
                        const UpsampleOptions& options) {
  CheckUpsampling(guide, target, options);
  const auto session =
      filter.StartSession({guide.width, guide.height, guide.channels, target.channels});
  session->SetGuide(guide);
  MarkedTarget marked = MarkTarget(target, options.invalid, options.mask, options.keep_wild_values);
  Measurement measurement = FillMeasurement(guide, std::move(marked.values),
                                            options.soft_mask ? options.mask : ConstView());
  Upsampled result = UpsampleInSession(*session, guide, std::move(measurement), options);
  result.wild_values = marked.wild.pixels;
  result.wildest_value = marked.wild.farthest;
  return result;
}

MarkedTarget MarkTarget(ConstView target, const InvalidValues& invalid, ConstView mask,
                        bool keep_wild_values) {
  MarkedTarget marked{MarkHoles(target, invalid, mask), {}};
  if (!keep_wild_values) {
    marked.wild = RemoveWildValues(marked.values);
  }
  return marked;
}

Upsampled UpsampleInSession(FilterSession& session, ConstView guide, Measurement measurement,
                            const UpsampleOptions& options) {
  const ValueRange range = FiniteRange(measurement.values);
  CheckMagnitude(range);
  const bool holes = !measurement.measured.empty() || !measurement.weights.empty();
  MeasurementOptions how{options.resampler, options.shrinking, options.hole_refinements,
                         options.fidelity_iterations};
  how.confidence = options.confidence || (holes && options.holes == HoleMode::kMeasured);
  how.most_change = options.most_change;
  how.iterations = options.iterations;
  how.progress = options.progress;
  FilteredMeasurement filtered = FilterMeasurement(session, guide, measurement, range, how);
  FilterOutput& output = filtered.output;
  const Image& mask = filtered.mask;

  Upsampled result;
  result.image = std::move(output.image);
  result.holes = CountHoles(measurement.measured);
  result.residual = filtered.residual;
  if (options.limit_to_measured) {
    std::for_each(result.image.data(), result.image.data() + result.image.size(),
                  [range](float& value) { value = std::clamp(value, range.low, range.high); });
  }
  if (options.confidence) {
    result.confidence = !output.confidence.empty() ? std::move(output.confidence)
                        : holes                    ? Image::Clone(mask)
                                                   : AllMeasured(guide.width, guide.height);
  }
  if (holes && options.holes != HoleMode::kFill) {
    CutHoles(KeptPixels(mask, output.support.empty() ? mask : output.support, options),
             options.invalid.mark().value_or(kHole), result);
  }
  result.mask = std::move(filtered.mask);
  return result;
}

Image Upsample(ConstView guide, ConstView target, const JointFilter& filter,
               const UpsampleOptions& options) {
  return std::move(UpsampleFrame(guide, target, filter, options).image);
}

}  // namespace dkn
