#include "src/train/training_case.h"

#include <algorithm>
#include <cmath>

#include "dkn/error.h"
#include "dkn/resample.h"
#include "src/core/split_mix.h"
#include "src/imaging/noise_level.h"
#include "src/imaging/value_range.h"
#include "src/pipeline/measurement.h"

namespace dkn::train {
namespace {

TrainingCase ParseTrainingCase(const Json& json, const std::string& path) {
  JsonMembers members(json, path);
  TrainingCase result;
  result.name = members.Text("name");
  result.share = members.Positive("share", result.share);
  if (members.Find("loss") != nullptr) {
    result.loss = ParseLoss(members, LossKind::kL1);
    members.Check(*result.loss != LossKind::kL1Perceptual, "loss", "l1 or l2");
  }
  if (const Json* picture = members.Find("picture")) {
    result.picture = ParsePictureCase(*picture, members.Name("picture"));
    members.CheckAllTaken();  // nothing of depth goes with it
    return result;
  }
  result.disparity = members.Number("disparity", 0.0, 1.0, result.disparity);
  result.own_range = members.Number("own_range", 0.0, 1.0, result.own_range);
  result.rooms = members.Number("rooms", 0.0, 1.0, result.rooms);
  result.depth = sensors::ParseDepthCase(members);
  members.CheckAllTaken();
  return result;
}

Image DepthOf(const RgbdPair& pair, double metres_per_step, bool disparity) {
  Image depth(pair.width, pair.height);
  std::transform(pair.depth.begin(), pair.depth.end(), depth.data(), [&](std::uint16_t steps) {
    return std::max(0.05f, static_cast<float>(metres_per_step * steps));
  });
  if (disparity) {
    std::for_each(depth.data(), depth.data() + depth.size(), [](float& z) { z = 1.0f / z; });
  }
  return depth;
}

// The pixels' differences, each with its weight.
template <typename Weight>
UnfilteredCost::Difference DifferenceOf(const TrainingImage& image, const Weight& weight) {
  double sum = 0.0;
  double l1 = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < image.input.size(); ++i) {
    const double difference = static_cast<double>(image.input.data()[i]) - image.truth.data()[i];
    sum += weight(i);
    l1 += weight(i) * std::abs(difference);
    squares += weight(i) * difference * difference;
  }
  return sum > 0.0 ? UnfilteredCost::Difference{l1 / sum, std::sqrt(squares / sum)}
                   : UnfilteredCost::Difference{};
}

UnfilteredCost CostOfDoingNothing(const TrainingImage& image) {
  UnfilteredCost cost;
  cost.all = DifferenceOf(image, [](std::size_t) { return 1.0; });
  cost.measured = cost.all;
  if (!image.measured.empty()) {
    const float* measured = image.measured.data();
    cost.measured = DifferenceOf(image, [&](std::size_t i) { return measured[i]; });
    cost.filled = DifferenceOf(image, [&](std::size_t i) { return 1.0 - measured[i]; });
  }
  return cost;
}

ValueRange RangeOf(const RgbdPair& pair, double metres_per_step, bool disparity) {
  const auto [low, high] = std::minmax_element(pair.depth.begin(), pair.depth.end());
  const float near = std::max(0.05f, static_cast<float>(metres_per_step * *low));
  const float far = std::max(0.05f, static_cast<float>(metres_per_step * *high));
  return disparity ? ValueRange{1.0f / far, 1.0f / near} : ValueRange{near, far};
}

}  // namespace

std::vector<TrainingCase> ParseTrainingCases(const Json& json, const std::string& path) {
  if (!json.is_array() || json.empty()) {
    throw Error(path + " is not a list of cases");
  }
  std::vector<TrainingCase> cases;
  for (const Json& item : json) {
    cases.push_back(ParseTrainingCase(item, path + "[" + std::to_string(cases.size()) + "]"));
  }
  return cases;
}

const TrainingCase& ChooseCase(const std::vector<TrainingCase>& cases, std::uint64_t seed) {
  double sum = 0.0;
  for (const TrainingCase& item : cases) {
    sum += item.share;
  }
  double place = sum * SplitMix(seed, 1).Unit();
  for (const TrainingCase& item : cases) {
    place -= item.share;
    if (place < 0.0) {
      return item;
    }
  }
  return cases.back();
}

TrainingImage MeasurePair(const RgbdPair& pair, const RgbdPair& range_pair,
                          const TrainingCase& training_case, const DepthUnits& units,
                          std::uint64_t seed) {
  if (training_case.picture) {
    TrainingImage image = MakePicture(pair, *training_case.picture, seed);
    image.unfiltered = CostOfDoingNothing(image);
    return image;
  }
  const double metres_per_step = units.metres_per_step;
  SplitMix random(seed, 0);
  const bool disparity = random.Unit() < training_case.disparity;
  const bool own_range = random.Unit() < training_case.own_range;
  TrainingImage image;
  image.width = pair.width;
  image.height = pair.height;
  image.guide = pair.rgb;
  image.truth = DepthOf(pair, metres_per_step, disparity);
  ValueRange range = RangeOf(own_range ? pair : range_pair, metres_per_step, disparity);
  range.high = std::max(range.high, range.low * 1.001f);  // a constant has no scale

  Image guide(pair.width, pair.height, 3);
  std::transform(pair.rgb.begin(), pair.rgb.end(), guide.data(),
                 [](std::uint8_t value) { return static_cast<float>(value) / 255.0f; });
  guide = sensors::ShiftedGuide(guide, training_case.depth, random);
  std::transform(guide.data(), guide.data() + guide.size(), image.guide.begin(), [](float value) {
    return static_cast<std::uint8_t>(std::lround(255.0f * value));
  });
  const Measurement measurement = FillMeasurement(
      guide, sensors::MeasureDepth({image.truth, guide, disparity, range, units.focal},
                                   training_case.depth, random));
  if (own_range) {  // noise widens it
    const ValueRange measured = FiniteRange(measurement.values);
    range = {std::min(range.low, measured.low), std::max(range.high, measured.high)};
  }
  const double ratio_x = static_cast<double>(pair.width) / measurement.values.width();
  const double ratio_y = static_cast<double>(pair.height) / measurement.values.height();
  image.input = Resize(measurement.values, pair.width, pair.height, Resampler::kBicubic);
  image.measured = MaskOf(measurement, pair.width, pair.height);
  image.facts.log_ratio = static_cast<float>(0.5 * std::log2(ratio_x * ratio_y));
  image.facts.noise =
      NoiseLevel(measurement.values, measurement.measured) / (range.high - range.low);
  image.facts.correlated_noise =
      CorrelatedNoise(measurement.values, measurement.measured, ratio_x, ratio_y) /
      (range.high - range.low);
  image.samples = Image(measurement.values.width(), measurement.values.height());
  Normalize(measurement.values, range, image.samples);
  Normalize(image.input, range, image.input);
  Normalize(image.truth, range, image.truth);
  image.range = static_cast<float>((range.high - range.low) / metres_per_step);
  image.unfiltered = CostOfDoingNothing(image);
  return image;
}

}  // namespace dkn::train
