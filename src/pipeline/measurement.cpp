#include "src/pipeline/measurement.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/progress_parts.h"
#include "src/imaging/back_project.h"
#include "src/imaging/guided_fill.h"
#include "src/imaging/holes.h"

namespace dkn {
namespace {

// Near the least RMSE on nyu_val for one round, of 1 to 6, and for two (experiments/holes_x8.json).
constexpr float kFirstRelaxation = 3.0f;
constexpr float kRelaxation = 2.0f;

// Holes moved so many times as far as `result` says, within the range of all values.
void RefillHoles(ConstView result, float relaxation, const MeasurementOptions& options,
                 Measurement& measurement) {
  Image& values = measurement.values;
  const ValueRange range = FiniteRange(values);
  const Image shrunk = Resize(result, values.width(), values.height(), options.down);
  for (int c = 0; c < values.channels(); ++c) {
    for (int y = 0; y < values.height(); ++y) {
      for (int x = 0; x < values.width(); ++x) {
        float& value = values(x, y, c);
        if (measurement.measured(x, y) == 0.0f) {
          value = std::clamp(value + relaxation * (shrunk(x, y, c) - value), range.low, range.high);
        }
      }
    }
  }
}

// See UpsampleOptions::most_change.
void LimitChange(const Image& target, float most, Image& result) {
  for (std::size_t i = 0; i < target.size(); ++i) {
    const float value = target.data()[i];
    result.data()[i] = std::clamp(result.data()[i], value - most, value + most);
  }
}

// Makes pixels holes in all channels that are holes in some. Gives what is measured, 1 channel;
// empty: all is. Throws Error when nothing is.
Image MeasuredPixels(Image& values) {
  if (!HasHoles(values)) {
    return Image();
  }
  Image measured(values.width(), values.height());
  bool any = false;
  for (int y = 0; y < values.height(); ++y) {
    for (int x = 0; x < values.width(); ++x) {
      bool finite = true;
      for (int c = 0; c < values.channels(); ++c) {
        finite = finite && std::isfinite(values(x, y, c));
      }
      measured(x, y) = finite ? 1.0f : 0.0f;
      for (int c = 0; c < values.channels() && !finite; ++c) {
        values(x, y, c) = std::numeric_limits<float>::quiet_NaN();
      }
      any = any || finite;
    }
  }
  if (!any) {
    throw Error(
        "no value of the target is measured: all are holes, by --invalid, a mask, or since a hole "
        "of one channel is one of all");
  }
  return measured;
}

// A copy of the weights with 0 in holes; empty where they are 0 and 1 alone.
Image CheckedWeights(ConstView weights, const Image& measured) {
  if (weights.empty()) {
    return Image();
  }
  Image checked(weights.width, weights.height);
  bool soft = false;
  for (int y = 0; y < weights.height; ++y) {
    for (int x = 0; x < weights.width; ++x) {
      const float weight = weights(x, y);
      if (!(weight >= 0.0f && weight <= 1.0f)) {
        throw Error("the mask has a weight of " + DigitsText(weight) +
                    " at x = " + std::to_string(x) + ", y = " + std::to_string(y) +
                    ", expected 0 to 1; --mask-at-least makes a mask of values of any range");
      }
      soft = soft || (weight != 0.0f && weight != 1.0f);
      checked(x, y) = measured.empty() || measured(x, y) != 0.0f ? weight : 0.0f;
    }
  }
  return soft ? std::move(checked) : Image();
}

// The share of its own value that each pixel keeps: 1 from half of the largest weight on. Empty
// without weights.
Image KeptShares(const Image& weights) {
  if (weights.empty()) {
    return Image();
  }
  const float trusted =
      std::max(0.5f * *std::max_element(weights.data(), weights.data() + weights.size()),
               std::numeric_limits<float>::min());
  Image shares(weights.width(), weights.height());
  std::transform(weights.data(), weights.data() + weights.size(), shares.data(),
                 [trusted](float weight) { return std::min(weight / trusted, 1.0f); });
  return shares;
}

// Filters `input`, so often, each time but the first what came out of the last one, within `most`
// of what went in. `target` is the input's, and is used up.
void Iterate(FilterSession& session, const FilterInput& input, int iterations,
             std::optional<float> most, Image& target, FilterOutput& output) {
  FilterInput next = input;
  for (int i = 0; i < iterations; ++i) {
    if (i > 0) {
      std::swap(target, output.image);
      next.samples = {};  // are of what was measured
    }
    next.target = target;
    next.confidence = input.confidence && i == iterations - 1;
    next.progress = PartOf(input.progress, i, iterations);
    session.Apply(next, output);
    if (most) {
      LimitChange(target, *most, output.image);
    }
  }
}

}  // namespace

Measurement FillMeasurement(ConstView guide, Image target, ConstView weights) {
  Measurement measurement{std::move(target), Image()};
  Image& values = measurement.values;
  measurement.measured = MeasuredPixels(values);
  measurement.weights = CheckedWeights(weights, measurement.measured);
  const Image soft = KeptShares(measurement.weights);
  if (soft.empty() && measurement.measured.empty()) {
    return measurement;
  }
  CheckFinite(guide, "guide");
  const auto fill = [guide](Image& image) {
    if (SameSize(guide, image.view())) {
      FillHolesByGuide(guide, image);
    } else {
      FillHolesByGuide(Resize(guide, image.width(), image.height(), Resampler::kBox), image);
    }
  };
  if (soft.empty()) {
    fill(values);
    return measurement;
  }
  Image filled = Image::Clone(values);
  const std::size_t pixels = soft.size();
  for (std::size_t i = 0; i < filled.size(); ++i) {
    filled.data()[i] = soft.data()[i % pixels] < 1.0f ? kHole : filled.data()[i];
  }
  fill(filled);
  for (std::size_t i = 0; i < filled.size(); ++i) {
    const float share = soft.data()[i % pixels];
    float& value = values.data()[i];
    value = share == 0.0f ? filled.data()[i] : share * value + (1.0f - share) * filled.data()[i];
  }
  return measurement;
}

Image MaskOf(const Measurement& measurement, int width, int height) {
  const Image& known = measurement.weights.empty() ? measurement.measured : measurement.weights;
  if (known.empty()) {
    return Image();
  }
  Image mask = Resize(known, width, height, Resampler::kBilinear);
  // Weights sum to 1 but for rounding.
  std::for_each(mask.data(), mask.data() + mask.size(),
                [](float& value) { value = std::clamp(value, 0.0f, 1.0f); });
  return mask;
}

MeasuredSamples SamplesOf(const Image& values, const Image& measured, ConstView guide) {
  MeasuredSamples samples{values, measured};
  samples.step_x = static_cast<float>(guide.width) / static_cast<float>(values.width());
  samples.step_y = static_cast<float>(guide.height) / static_cast<float>(values.height());
  samples.first_x = 0.5f * samples.step_x - 0.5f;
  samples.first_y = 0.5f * samples.step_y - 0.5f;
  return samples;
}

FilteredMeasurement FilterMeasurement(FilterSession& session, ConstView guide,
                                      Measurement& measurement, ValueRange range,
                                      const MeasurementOptions& options) {
  FilteredMeasurement filtered;
  filtered.mask = MaskOf(measurement, guide.width, guide.height);
  FilterOutput& output = filtered.output;
  Image samples(measurement.values.width(), measurement.values.height(),
                measurement.values.channels());
  std::optional<float> most = options.most_change;
  if (most) {
    *most /= range.high - range.low;
  }
  const bool refine = !measurement.measured.empty() && !session.SeesHoles();
  const int rounds = refine ? 1 + options.hole_refinements : 1;
  for (int round = 0; round < rounds; ++round) {
    if (round > 0) {
      RefillHoles(output.image, round == 1 ? kFirstRelaxation : kRelaxation, options, measurement);
    }
    Image target = Resize(measurement.values, guide.width, guide.height, options.up);
    if (!(range.low < range.high)) {
      CheckFinite(target, "target");
      output.image = std::move(target);
      break;
    }
    Normalize(target, range, target);
    Normalize(measurement.values, range, samples);
    const bool last = round == rounds - 1;
    Iterate(session,
            {guide, target, filtered.mask, SamplesOf(samples, measurement.measured, guide),
             options.confidence && last, PartOf(options.progress, round, rounds)},
            last ? options.iterations : 1, most, target, output);
    Denormalize(output.image, range, output.image);
  }
  if (options.fidelity_iterations > 0) {
    filtered.residual = BackProject(measurement.values, measurement.measured, options.down,
                                    options.up, options.fidelity_iterations, output.image);
  }
  return filtered;
}

}  // namespace dkn
