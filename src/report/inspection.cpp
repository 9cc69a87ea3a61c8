#include "src/report/inspection.h"

#include <cmath>
#include <utility>

#include "dkn/error.h"
#include "dkn/upsample.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/core/text_table.h"
#include "src/dkn/architecture.h"
#include "src/dkn/plain_kernel.h"
#include "src/imaging/padding.h"
#include "src/pipeline/session_upsample.h"

namespace dkn::report {
namespace {

// With a sign, except for what rounding leaves of 0.
std::string WeightText(double weight) {
  return WithSign(FixedText(std::abs(weight) < 5e-5 ? 0.0 : weight, 4));
}

}  // namespace

Inspection::Inspection(ConstView guide, ConstView target, const Model& model)
    : architecture_(model.architecture()) {
  if (target.channels != 1) {
    throw Error("the target has " + std::to_string(target.channels) +
                " channels, expected 1: each has kernels of its own");
  }
  CheckUpsampling(guide, target, {});
  Measurement measurement = FillMeasurement(guide, Image::Clone(target));
  const ValueRange range = FiniteRange(measurement.values);
  if (range.low == range.high) {
    throw Error("the target is " + DigitsText(range.low) +
                " everywhere: it is returned as it is, by no kernel");
  }
  low_ = range.low;
  high_ = range.high;
  const Image mask = UpsampleMeasurement(guide, model, range, measurement);
  target_ = Resize(measurement.values, guide.width, guide.height, UpsampleOptions().resampler);
  Image normalised(guide.width, guide.height);
  Normalize(target_, range, normalised);
  Image samples(target.width, target.height);
  Normalize(measurement.values, range, samples);
  kernels_ = model.ComputeKernels(
      {guide, normalised, mask, SamplesOf(samples, measurement.measured, guide)});
  const int right = PaddedSize(guide.width) - guide.width;
  const int bottom = PaddedSize(guide.height) - guide.height;
  sampled_ = ReplicatePad(normalised, right, bottom);
  mask_ = mask.empty() ? Image() : ReplicatePad(mask, right, bottom);
  pyramid_.Build(sampled_, mask_, architecture_.levels);
}

// As Upsample; leaves the measurement with what filled its holes last. Gives the mask.
Image Inspection::UpsampleMeasurement(ConstView guide, const Model& model, ValueRange range,
                                      Measurement& measurement) {
  const UpsampleOptions options;
  const auto session = model.StartSession({guide.width, guide.height, guide.channels, 1});
  session->SetGuide(guide);
  FilteredMeasurement filtered = FilterMeasurement(*session, guide, measurement, range,
                                                   {.up = options.resampler,
                                                    .down = options.shrinking,
                                                    .hole_refinements = options.hole_refinements});
  result_ = std::move(filtered.output.image);
  return std::move(filtered.mask);
}

PixelReading Inspection::At(int x, int y) const {
  if (x < 0 || y < 0 || x >= target_.width() || y >= target_.height()) {
    throw Error("the pixel x = " + std::to_string(x) + ", y = " + std::to_string(y) +
                " is outside the guide, " + SizeText(target_) + ": x is 0.." +
                std::to_string(target_.width() - 1) + ", y 0.." +
                std::to_string(target_.height() - 1));
  }
  const SamplingGrid<float> grid(architecture_);
  const bool free_of_reference = !architecture_.residual || architecture_.mean_subtraction;
  PixelReading reading{x, y, target_(x, y), low_, {}, 0.0, result_(x, y)};
  if (free_of_reference) {
    reading.reference = reading.target;
  }
  for (int tap = 0; tap < kernels_.weights.channels(); ++tap) {
    const float dx = kernels_.positions(x, y, 2 * tap);
    const float dy = kernels_.positions(x, y, 2 * tap + 1);
    const int level = grid.Level(tap);
    const auto on_level = [&](int pixel, float from_pixel) {
      return std::ldexp(static_cast<float>(pixel) + from_pixel + 0.5f, -level) - 0.5f;
    };
    const double seen = level == 0
                            ? SampleBilinear<float>(sampled_.view(), x, y, dx, dy, grid).value
                            : SampleLevel(pyramid_[level], on_level(x, dx), on_level(y, dy)).value;
    TapReading one;
    one.x = static_cast<float>(x) + dx;
    one.y = static_cast<float>(y) + dy;
    one.level = level;
    one.weight = kernels_.weights(x, y, tap);
    one.value = low_ + seen * (static_cast<double>(high_) - low_);
    const bool drawn = level > 0 && architecture_.residual;
    one.contribution = one.weight * (one.value - (drawn ? reading.target : reading.reference));
    reading.sum += one.contribution;
    reading.taps.push_back(one);
  }
  return reading;
}

figures::PixelKernel KernelOf(const PixelReading& reading) {
  figures::PixelKernel kernel{reading.x, reading.y, {}};
  for (const TapReading& tap : reading.taps) {
    kernel.samples.push_back({tap.x, tap.y, static_cast<float>(tap.weight)});
  }
  return kernel;
}

std::string ReadingText(const PixelReading& reading) {
  std::vector<TextRow> rows = {{"tap", "x", "y", "weight", "target", "contribution"}};
  double weights = 0.0;
  for (std::size_t i = 0; i < reading.taps.size(); ++i) {
    const TapReading& tap = reading.taps[i];
    weights += tap.weight;
    rows.push_back({std::to_string(i), FixedText(tap.x, 2), FixedText(tap.y, 2),
                    WeightText(tap.weight), DigitsText(tap.value),
                    WithSign(DigitsText(tap.contribution, 5))});
  }
  rows.push_back({"sum", "", "", WeightText(weights), "", WithSign(DigitsText(reading.sum, 5))});
  return "pixel " + std::to_string(reading.x) + "," + std::to_string(reading.y) + ": target " +
         DigitsText(reading.target) + "\n" + AlignedTable(rows) + "result: target " +
         DigitsText(reading.target) + " with contributions " +
         WithSign(DigitsText(reading.sum, 5)) + " is " + DigitsText(reading.target + reading.sum) +
         "; dkn upsample gives " + DigitsText(reading.result) + "\n";
}

}  // namespace dkn::report
