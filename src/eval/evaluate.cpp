#include "src/eval/evaluate.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/filter_image.h"
#include "dkn/resample.h"
#include "dkn/upsample.h"
#include "src/core/size_text.h"
#include "src/eval/metrics.h"
#include "src/eval/nearest_pixel.h"
#include "src/imaging/holes.h"
#include "src/imaging/punch_holes.h"
#include "src/imaging/wild_values.h"

namespace dkn::eval {
namespace {

void CheckInputSize(ConstView input, ConstView truth, int scale) {
  if (input.width * scale != truth.width || input.height * scale != truth.height) {
    throw Error("the set's measurement is " + SizeText(input) + ", expected " +
                SizeText(truth.width / scale, truth.height / scale) + ", the truth's size / " +
                std::to_string(scale));
  }
}

Image Filled(ConstView image) {
  Image filled = Image::Clone(image);
  FillHoles(filled);
  return filled;
}

// The truth as the protocol's depth camera measures it. The guide is moved where it says so.
Image MeasureAsCamera(ConstView truth, const Protocol& protocol, std::uint64_t seed,
                      const SetUnits& units, Image& guide) {
  const sensors::DepthCase& depth_case = *protocol.depth_case;
  if (depth_case.NeedsMetres() && units.metres <= 0.0) {
    throw Error("the case's camera measures metres: the set needs 'metres', what one unit is");
  }
  if (depth_case.NeedsFocal() && units.focal <= 0.0) {
    throw Error("the case's sensor needs the set's 'focal', the focal length in pixels");
  }
  const float metres = units.metres > 0.0 ? static_cast<float>(units.metres) : 1.0f;
  Image depth = Filled(truth);
  std::for_each(depth.data(), depth.data() + depth.size(), [&](float& z) { z *= metres; });
  SplitMix random(seed, 0);
  guide = sensors::ShiftedGuide(guide, depth_case, random);
  Image low = sensors::MeasureDepth({depth, guide, false, FiniteRange(depth), units.focal},
                                    depth_case, random);
  std::for_each(low.data(), low.data() + low.size(), [&](float& z) { z /= metres; });
  return low;
}

// With the holes of a set's own measurements and of a camera's.
Image MakeInput(const Sample& sample, ConstView truth, const Protocol& protocol, std::uint64_t seed,
                const SetUnits& units, Image& guide) {
  if (protocol.depth_case) {
    return MeasureAsCamera(truth, protocol, seed, units, guide);
  }
  if (std::holds_alternative<ProvidedInput>(protocol.down) && sample.input) {
    CheckInputSize(*sample.input, truth, protocol.scale);
    return Image::Clone(*sample.input);
  }
  if (std::holds_alternative<GuideAsInput>(protocol.down) || TakesScores(protocol)) {
    return Image::Clone(guide);
  }
  return HasHoles(truth) ? Degrade(Filled(truth), protocol, seed) : Degrade(truth, protocol, seed);
}

// Which of width x height pixels lie on a sample that is measured in all channels: 1 or 0.
Image MeasuredPixels(const Image& holed, int width, int height) {
  Image pixels(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int sample_x = static_cast<int>(std::int64_t{x} * holed.width() / width);
      const int sample_y = static_cast<int>(std::int64_t{y} * holed.height() / height);
      bool measured = true;
      for (int c = 0; c < holed.channels(); ++c) {
        measured = measured && std::isfinite(holed(sample_x, sample_y, c));
      }
      pixels(x, y) = measured ? 1.0f : 0.0f;
    }
  }
  return pixels;
}

// So that pixels whose sample is missing do not count.
void ForgetTruthInHoles(const Image& measured_pixels, Image& truth) {
  for (int c = 0; c < truth.channels(); ++c) {
    for (int y = 0; y < truth.height(); ++y) {
      for (int x = 0; x < truth.width(); ++x) {
        if (measured_pixels(x, y) == 0.0f) {
          truth(x, y, c) = kHole;
        }
      }
    }
  }
}

// Each hole gets the nearest sample's values.
void FillByNearest(Image& image) {
  std::vector<std::uint8_t> measured;
  const Image pixels = MeasuredPixels(image, image.width(), image.height());
  std::transform(pixels.data(), pixels.data() + pixels.size(), std::back_inserter(measured),
                 [](float value) { return static_cast<std::uint8_t>(value); });
  if (std::find(measured.begin(), measured.end(), 1) == measured.end()) {
    throw Error("the measurement has no value at all");
  }
  const std::vector<PixelPosition> nearest = NearestPixels(measured, image.width(), image.height());
  for (int c = 0; c < image.channels(); ++c) {
    std::size_t pixel = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x, ++pixel) {
        image(x, y, c) = image(nearest[pixel].x, nearest[pixel].y, c);
      }
    }
  }
}

// Takes the wild values of a measurement out of it, and what lies around them out of the truth.
void ForgetWildValues(Image& measurement, Image& truth) {
  const Image before = Image::Clone(measurement);
  if (RemoveWildValues(measurement).pixels == 0) {
    return;
  }
  const double ratio_x = static_cast<double>(truth.width()) / measurement.width();
  const double ratio_y = static_cast<double>(truth.height()) / measurement.height();
  for (int y = 0; y < measurement.height(); ++y) {
    for (int x = 0; x < measurement.width(); ++x) {
      if (std::isnan(measurement(x, y)) == std::isnan(before(x, y))) {
        continue;
      }
      const int centre_x = static_cast<int>((x + 0.5) * ratio_x);
      const int centre_y = static_cast<int>((y + 0.5) * ratio_y);
      for (int row = std::max(0, centre_y - kWildReach);
           row <= std::min(truth.height() - 1, centre_y + kWildReach); ++row) {
        const int from = std::max(0, centre_x - kWildReach);
        const int to = std::min(truth.width() - 1, centre_x + kWildReach);
        std::fill(truth.Row(row) + from, truth.Row(row) + to + 1, kHole);
      }
    }
  }
}

// Which pixels have a measured sample; the others count where the protocol says so.
void CountHoles(const Protocol& protocol, const Image& holed, Trial& trial) {
  trial.measured_pixels = MeasuredPixels(holed, trial.truth.width(), trial.truth.height());
  if (!protocol.count_holes) {
    ForgetTruthInHoles(trial.measured_pixels, trial.truth);
  }
}

// The input is the measurement with its holes, which are filled as the protocol says.
void UseHoles(const Protocol& protocol, Image holed, Trial& trial) {
  CountHoles(protocol, holed, trial);
  trial.measured = MeasuredPixels(holed, holed.width(), holed.height());
  switch (protocol.hole_use) {
    case HoleUse::kDense:
      throw Error("holes of the set's own or of a camera's cannot be 'dense'");
    case HoleUse::kSmooth:
      FillHoles(holed);
      break;
    case HoleUse::kNearest:
      FillByNearest(holed);
      break;
    case HoleUse::kRefined:
      trial.options.hole_refinements = UpsampleOptions().hole_refinements;
      [[fallthrough]];
    case HoleUse::kFilled:
      holed = std::move(FillMeasurement(trial.guide, std::move(holed)).values);
      break;
  }
  trial.input = std::move(holed);
}

// Takes samples from the input; the protocol says what a method gets in their places.
void MakeHoles(const Protocol& protocol, std::uint64_t seed, Trial& trial) {
  Image holed = Image::Clone(trial.input);
  PunchHoles(holed, protocol.holes, seed);
  if (protocol.hole_use == HoleUse::kDense) {
    CountHoles(protocol, holed, trial);
  } else {
    UseHoles(protocol, std::move(holed), trial);
  }
}

MeasurementOptions OptionsOf(const Protocol& protocol) {
  MeasurementOptions options;
  options.up = protocol.up;
  if (const auto* down = std::get_if<Resampler>(&protocol.down)) {
    options.down = *down;
  }
  options.fidelity_iterations = protocol.fidelity;
  options.iterations = protocol.iterations;
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

double RemoveTextureSeconds(const JointFilter& filter, const Trial& trial) {
  RemoveTexture(trial.input, filter, 1);  // takes the memory
  const auto start = std::chrono::steady_clock::now();
  RemoveTexture(trial.input, filter, trial.options.iterations);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Trial MakeTrial(const Sample& sample, const Protocol& protocol, std::uint64_t seed,
                const SetUnits& units) {
  if (!SameSize(sample.guide.view(), sample.truth.view())) {
    throw Error("the guide is " + SizeText(sample.guide) + ", expected the truth's size, " +
                SizeText(sample.truth));
  }
  // Scores are of the whole picture.
  const auto cropped = [&](ConstView image) {
    return TakesScores(protocol) ? image
                                 : CropToScale(image, protocol.depth_case ? 1 : protocol.scale);
  };
  const ConstView truth = cropped(sample.truth);
  Trial trial;
  trial.guide = Image::Clone(cropped(sample.guide));
  trial.input = MakeInput(sample, truth, protocol, seed, units, trial.guide);
  trial.known_truth = Image::Clone(truth);
  trial.truth = Image::Clone(truth);
  if (!sample.near_edges.empty()) {
    trial.near_edges = Image::Clone(cropped(sample.near_edges));
  }
  trial.options = OptionsOf(protocol);
  trial.own_guide = std::holds_alternative<GuideAsInput>(protocol.down);
  trial.peak = units.peak;
  if (protocol.depth_case || std::holds_alternative<ProvidedInput>(protocol.down)) {
    ForgetWildValues(trial.input, trial.truth);
  }
  if (HasHoles(trial.input)) {
    UseHoles(protocol, std::move(trial.input), trial);
  }
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
  if (trial.own_guide) {
    FilterOutput output;
    output.image = RemoveTexture(trial.input, filter, trial.options.iterations);
    return output;
  }
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
  if (trial.own_guide) {
    return RemoveTextureSeconds(filter, trial);
  }
  const Image target = NormalizedTarget(trial);
  Image samples(trial.input.width(), trial.input.height(), trial.input.channels());
  Normalize(trial.input, trial.range, samples);
  const FilterInput input{trial.guide, target, {}, SamplesOf(samples, trial.measured, trial.guide)};
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
