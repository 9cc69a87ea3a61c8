#include "src/eval/evaluate.h"

#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "dkn/error.h"
#include "dkn/resample.h"
#include "dkn/upsample.h"
#include "src/core/size_text.h"
#include "src/eval/metrics.h"
#include "src/imaging/holes.h"
#include "src/imaging/punch_holes.h"

namespace dkn::eval {
namespace {

void CheckInputSize(ConstView input, ConstView truth, int scale) {
  if (input.width * scale != truth.width || input.height * scale != truth.height) {
    throw Error("the set's measurement is " + SizeText(input) + ", expected " +
                SizeText(truth.width / scale, truth.height / scale) + ", the truth's size / " +
                std::to_string(scale));
  }
}

Image MakeInput(const Sample& sample, ConstView truth, const Protocol& protocol,
                std::uint64_t seed) {
  if (std::holds_alternative<ProvidedInput>(protocol.down) && sample.input) {
    CheckInputSize(*sample.input, truth, protocol.scale);
    Image input = Image::Clone(*sample.input);
    FillHoles(input);
    return input;
  }
  if (!HasHoles(truth)) {
    return Degrade(truth, protocol, seed);
  }
  Image filled = Image::Clone(truth);
  FillHoles(filled);
  return Degrade(filled, protocol, seed);
}

// So that pixels whose sample is missing do not count.
void ForgetTruthInHoles(ConstView holed, int scale, Image& truth) {
  for (int c = 0; c < truth.channels(); ++c) {
    for (int y = 0; y < truth.height(); ++y) {
      for (int x = 0; x < truth.width(); ++x) {
        if (!std::isfinite(holed(x / scale, y / scale))) {
          truth(x, y, c) = std::numeric_limits<float>::quiet_NaN();
        }
      }
    }
  }
}

// Takes samples from the input, and fills their places as the protocol says.
void MakeHoles(const Protocol& protocol, std::uint64_t seed, Trial& trial) {
  Image holed = Image::Clone(trial.input);
  PunchHoles(holed, protocol.holes, seed);
  if (!protocol.count_holes) {
    ForgetTruthInHoles(holed, protocol.scale, trial.truth);
  }
  if (protocol.hole_use == HoleUse::kDense) {
    return;
  }
  if (protocol.hole_use == HoleUse::kSmooth) {
    FillHoles(holed);
    trial.input = std::move(holed);
    return;
  }
  Measurement measurement = FillMeasurement(trial.guide, std::move(holed));
  trial.input = std::move(measurement.values);
  trial.measured = std::move(measurement.measured);
  trial.options.hole_refinements =
      protocol.hole_use == HoleUse::kRefined ? UpsampleOptions().hole_refinements : 0;
}

MeasurementOptions OptionsOf(const Protocol& protocol) {
  MeasurementOptions options;
  options.up = protocol.up;
  if (const auto* down = std::get_if<Resampler>(&protocol.down)) {
    options.down = *down;
  }
  options.fidelity_iterations = protocol.fidelity;
  return options;
}

ValueRange RangeOf(const Normalization& normalization, const Trial& trial) {
  if (const auto* fixed = std::get_if<ValueRange>(&normalization)) {
    return *fixed;
  }
  return FiniteRange(std::get<Range>(normalization) == Range::kInput ? trial.input : trial.truth);
}

// A session that has the trial's guide.
std::unique_ptr<FilterSession> StartTrial(const JointFilter& filter, const Trial& trial) {
  auto session = filter.StartSession(
      {trial.guide.width(), trial.guide.height(), trial.guide.channels(), trial.input.channels()});
  session->SetGuide(trial.guide);
  return session;
}

}  // namespace

Trial MakeTrial(const Sample& sample, const Protocol& protocol, std::uint64_t seed) {
  if (!SameSize(sample.guide.view(), sample.truth.view())) {
    throw Error("the guide is " + SizeText(sample.guide) + ", expected the truth's size, " +
                SizeText(sample.truth));
  }
  const ConstView truth = CropToScale(sample.truth, protocol.scale);
  Trial trial;
  trial.input = MakeInput(sample, truth, protocol, seed);
  trial.guide = Image::Clone(CropToScale(sample.guide, protocol.scale));
  trial.truth = Image::Clone(truth);
  trial.options = OptionsOf(protocol);
  if (protocol.holes > 0.0) {
    MakeHoles(protocol, seed, trial);
  }
  trial.range = RangeOf(protocol.normalization, trial);
  return trial;
}

Image TrialTarget(const Trial& trial) {
  return Resize(trial.input, trial.guide.width(), trial.guide.height(), trial.options.up);
}

Image NormalizedTarget(const Trial& trial) {
  Image target = TrialTarget(trial);
  Normalize(target, trial.range, target);
  return target;
}

FilterOutput FilterTrial(const JointFilter& filter, const Trial& trial) {
  Measurement measurement{Image::Clone(trial.input), Image::Clone(trial.measured)};
  const auto session = StartTrial(filter, trial);
  return FilterMeasurement(*session, trial.guide, measurement, trial.range, trial.options).output;
}

Image RunTrial(const JointFilter& filter, const Trial& trial) {
  return FilterTrial(filter, trial).image;
}

double FilterSeconds(const JointFilter& filter, const Trial& trial) {
  if (!(trial.range.low < trial.range.high)) {
    return 0.0;
  }
  const Image target = NormalizedTarget(trial);
  const FilterInput input{trial.guide, target};
  FilterOutput output;
  const auto session = StartTrial(filter, trial);
  session->Apply(input, output);  // takes the memory
  const auto start = std::chrono::steady_clock::now();
  session->SetGuide(trial.guide);
  session->Apply(input, output);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double EvaluateImage(const JointFilter& filter, ConstView guide, ConstView truth,
                     const Protocol& protocol, std::uint64_t seed) {
  const Trial trial = MakeTrial({Image::Clone(guide), Image::Clone(truth), {}}, protocol, seed);
  return Rmse(RunTrial(filter, trial), trial.truth, protocol.border);
}

}  // namespace dkn::eval
