#include "src/pipeline/measurement.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "dkn/error.h"
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

}  // namespace

Measurement FillMeasurement(ConstView guide, Image target) {
  Measurement measurement{std::move(target), Image()};
  Image& values = measurement.values;
  if (!HasHoles(values)) {
    return measurement;
  }
  measurement.measured = Image(values.width(), values.height());
  bool any = false;
  for (int y = 0; y < values.height(); ++y) {
    for (int x = 0; x < values.width(); ++x) {
      bool finite = true;
      for (int c = 0; c < values.channels(); ++c) {
        finite = finite && std::isfinite(values(x, y, c));
      }
      measurement.measured(x, y) = finite ? 1.0f : 0.0f;
      for (int c = 0; c < values.channels() && !finite; ++c) {
        values(x, y, c) = std::numeric_limits<float>::quiet_NaN();
      }
      any = any || finite;
    }
  }
  if (!any) {
    throw Error("no value of the target is measured: all are holes");
  }
  CheckFinite(guide, "guide");
  if (SameSize(guide, values.view())) {
    FillHolesByGuide(guide, values);
  } else {
    FillHolesByGuide(Resize(guide, values.width(), values.height(), Resampler::kBox), values);
  }
  return measurement;
}

Image MaskOf(const Measurement& measurement, int width, int height) {
  if (measurement.measured.empty()) {
    return Image();
  }
  Image mask = Resize(measurement.measured, width, height, Resampler::kBilinear);
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
  const bool refine = !filtered.mask.empty() && !session.SeesHoles();
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
    session.Apply({guide, target, filtered.mask, SamplesOf(samples, measurement.measured, guide),
                   options.confidence && round == rounds - 1},
                  output);
    Denormalize(output.image, range, output.image);
    if (options.most_change) {
      Denormalize(target, range, target);
      LimitChange(target, *options.most_change, output.image);
    }
  }
  if (options.fidelity_iterations > 0) {
    filtered.residual = BackProject(measurement.values, measurement.measured, options.down,
                                    options.up, options.fidelity_iterations, output.image);
  }
  return filtered;
}

}  // namespace dkn
