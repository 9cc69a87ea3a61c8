#include "src/eval/evaluate.h"

#include <chrono>
#include <utility>

#include "dkn/error.h"
#include "dkn/resample.h"
#include "src/core/size_text.h"
#include "src/eval/metrics.h"
#include "src/imaging/holes.h"

namespace dkn {
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

ValueRange RangeOf(const Normalization& normalization, const Trial& trial) {
  if (const auto* fixed = std::get_if<ValueRange>(&normalization)) {
    return *fixed;
  }
  return FiniteRange(std::get<Range>(normalization) == Range::kInput ? trial.input : trial.truth);
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
  trial.target = Resize(trial.input, truth.width, truth.height, protocol.up);
  trial.range = RangeOf(protocol.normalization, trial);
  return trial;
}

Image RunTrial(const JointFilter& filter, const Trial& trial) {
  Image result = Image::Clone(trial.target);
  if (trial.range.low < trial.range.high) {
    Normalize(result, trial.range, result);
    FilterOutput output;
    filter.Apply({trial.guide, result}, output);
    result = std::move(output.image);
    Denormalize(result, trial.range, result);
  }
  return result;
}

double FilterSeconds(const JointFilter& filter, const Trial& trial) {
  if (!(trial.range.low < trial.range.high)) {
    return 0.0;
  }
  Image target = Image::Clone(trial.target);
  Normalize(target, trial.range, target);
  FilterOutput output;
  filter.Apply({trial.guide, target}, output);
  const auto start = std::chrono::steady_clock::now();
  filter.Apply({trial.guide, target}, output);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double EvaluateImage(const JointFilter& filter, ConstView guide, ConstView truth,
                     const Protocol& protocol, std::uint64_t seed) {
  const Trial trial = MakeTrial({Image::Clone(guide), Image::Clone(truth), {}}, protocol, seed);
  return Rmse(RunTrial(filter, trial), trial.truth, protocol.border);
}

}  // namespace dkn
