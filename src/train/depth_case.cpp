#include "src/train/depth_case.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dkn/error.h"
#include "src/core/hash.h"
#include "src/imaging/holes.h"
#include "src/imaging/noise.h"
#include "src/imaging/punch_holes.h"
#include "src/imaging/value_range.h"
#include "src/pipeline/measurement.h"
#include "src/sensors/degradations.h"
#include "src/train/random.h"

namespace dkn::train {
namespace {

constexpr double kMaxRatio = 64.0;
constexpr int kMinSide = 4;  // samples

// Two numbers, or one that stands for both.
Interval ParseInterval(JsonMembers& members, const char* key, double low, double high,
                       Interval absent) {
  const Json* json = members.Find(key);
  if (json == nullptr) {
    return absent;
  }
  const auto valid = [&](const Json& value) {
    return value.is_number() && value.get<double>() >= low && value.get<double>() <= high;
  };
  const bool one = valid(*json);
  members.Check(one || (json->is_array() && json->size() == 2 && valid((*json)[0]) &&
                        valid((*json)[1]) && (*json)[0] <= (*json)[1]),
                key,
                "a number or [LOW, HIGH] from " + Json(low).dump() + " to " + Json(high).dump());
  return one ? Interval{json->get<double>(), json->get<double>()}
             : Interval{(*json)[0].get<double>(), (*json)[1].get<double>()};
}

std::vector<Resampler> ParseResamplers(JsonMembers& members) {
  if (members.Find("resamplers") == nullptr) {
    return DepthCase().resamplers;
  }
  std::vector<Resampler> resamplers;
  for (const Json& name : members.Array("resamplers")) {
    members.Check(name.is_string(), "resamplers", "a list of names");
    resamplers.push_back(ParseResampler(name.get<std::string>()));
  }
  return resamplers;
}

std::vector<sensors::Sensor> ParseSensors(JsonMembers& members) {
  std::vector<sensors::Sensor> result;
  if (members.Find("sensors") != nullptr) {
    for (const Json& name : members.Array("sensors")) {
      members.Check(name.is_string(), "sensors", "a list of names");
      result.push_back(sensors::ParseSensor(name.get<std::string>()));
    }
  }
  return result;
}

DepthCase ParseCase(const Json& json, const std::string& path) {
  JsonMembers members(json, path);
  DepthCase result;
  result.name = members.Text("name");
  result.share = members.Positive("share", result.share);
  result.ratio = ParseInterval(members, "ratio", 1.0, kMaxRatio, result.ratio);
  result.whole_ratio = members.Boolean("whole_ratio", result.whole_ratio);
  result.stretch = members.Number("stretch", 0.0, 1.0, result.stretch);
  result.resamplers = ParseResamplers(members);
  result.sensors = ParseSensors(members);
  result.relative_noise = ParseInterval(members, "relative_noise", 0.0, 1.0, {});
  result.sensor_noise = ParseInterval(members, "sensor_noise", 0.0, 100.0, {});
  result.holes = ParseInterval(members, "holes", 0.0, 0.9, {});
  result.kept = ParseInterval(members, "kept", 0.001, 1.0, result.kept);
  result.outliers = ParseInterval(members, "outliers", 0.0, 0.5, {});
  result.guide_shift = ParseInterval(members, "guide_shift", 0.0, 16.0, {});
  result.disparity = members.Number("disparity", 0.0, 1.0, result.disparity);
  result.own_range = members.Number("own_range", 0.0, 1.0, result.own_range);
  members.CheckAllTaken();
  return result;
}

double Draw(const Interval& interval, SplitMix& random) {
  const double place = random.Unit();
  if (interval.low > 0.0) {
    return interval.low * std::pow(interval.high / interval.low, place);
  }
  return interval.low + (interval.high - interval.low) * place;
}

struct Ratio {
  double x;
  double y;
};

Ratio DrawRatio(const DepthCase& depth_case, SplitMix& random) {
  double ratio = Draw(depth_case.ratio, random);
  if (depth_case.whole_ratio) {
    ratio = std::exp2(std::round(std::log2(ratio)));
  }
  const double stretch = random.Unit() < depth_case.stretch ? Draw({0.75, 1.33}, random) : 1.0;
  return {std::max(1.0, ratio * stretch), std::max(1.0, ratio / stretch)};
}

// Noise of a deviation that grows with the square of the depth, in metres.
void AddSensorNoise(View depth, double strength, std::uint64_t seed) {
  Image normal(depth.width, depth.height);
  AddGaussianNoise(normal, 1.0, seed);
  for (int y = 0; y < depth.height; ++y) {
    for (int x = 0; x < depth.width; ++x) {
      const float z = depth(x, y);
      if (!std::isfinite(z)) {
        continue;
      }
      depth(x, y) = std::max(
          0.05f, z + static_cast<float>(strength) * 0.0015f * (1.4f * z * z + 1.0f) * normal(x, y));
    }
  }
}

void Invert(Image& depth) {
  std::for_each(depth.data(), depth.data() + depth.size(), [](float& z) { z = 1.0f / z; });
}

// The truth and what is seen of it, and how.
struct Scene {
  const Image& truth;  // depth in metres, or its inverse
  const Image& guide;
  bool disparity;
  ValueRange range;  // of the truth
  double focal;
};

// What a sensor of the list makes of a shrunk truth, in metres.
Image MeasureBySensor(const Image& low, const Scene& scene, const DepthCase& depth_case,
                      SplitMix& random) {
  const auto sensor = depth_case.sensors[random.Below(static_cast<int>(depth_case.sensors.size()))];
  const double focal = scene.focal * low.width() / scene.guide.width();
  return sensors::Measure(low, Resize(scene.guide, low.width(), low.height(), Resampler::kBox),
                          sensors::OptionsOf(sensor, focal), random.Next());
}

// The truth as the case measures it: shrunk, with noise and holes.
Image Measure(const Scene& scene, const DepthCase& depth_case, SplitMix& random) {
  const Image& truth = scene.truth;
  const ValueRange range = scene.range;
  const Ratio ratio = DrawRatio(depth_case, random);
  const auto side = [](int size, double by) {
    return std::clamp(static_cast<int>(std::lround(size / by)), std::min(kMinSide, size), size);
  };
  const Resampler resampler =
      depth_case.resamplers[random.Below(static_cast<int>(depth_case.resamplers.size()))];
  Image low = Resize(truth, side(truth.width(), ratio.x), side(truth.height(), ratio.y), resampler);
  const std::uint64_t seed = random.Next();
  const double strength = Draw(depth_case.sensor_noise, random);
  const bool physical = strength > 0.0 || !depth_case.sensors.empty();
  if (physical && scene.disparity) {
    Invert(low);
  }
  if (!depth_case.sensors.empty()) {
    low = MeasureBySensor(low, scene, depth_case, random);
  }
  if (strength > 0.0) {
    AddSensorNoise(low, strength, seed);
  }
  if (physical && scene.disparity) {
    Invert(low);
  }
  const float extent = range.high - range.low;
  if (const double deviation = Draw(depth_case.relative_noise, random); deviation > 0.0) {
    AddGaussianNoise(low, deviation * deviation * extent * extent, Hash(seed + 1));
  }
  const double outliers = Draw(depth_case.outliers, random);
  const double kept = Draw(depth_case.kept, random);
  for (std::size_t i = 0; i < low.size(); ++i) {
    if (outliers > 0.0 && random.Unit() < outliers) {
      low.data()[i] = range.low + extent * static_cast<float>(random.Unit());
    }
    if (kept < 1.0 && random.Unit() >= kept) {
      low.data()[i] = kHole;
    }
  }
  if (!HasValues(low)) {
    low.data()[low.size() / 2] = 0.5f * (range.low + range.high);
  }
  if (const double holes = Draw(depth_case.holes, random); holes > 0.0) {
    Image punched = Image::Clone(low);
    PunchHoles(punched, holes, Hash(seed + 2));
    if (HasValues(punched)) {
      low = std::move(punched);
    }
  }
  return low;
}

Image DepthOf(const RgbdPair& pair, double metres_per_step, bool disparity) {
  Image depth(pair.width, pair.height);
  std::transform(pair.depth.begin(), pair.depth.end(), depth.data(), [&](std::uint16_t steps) {
    return std::max(0.05f, static_cast<float>(metres_per_step * steps));
  });
  if (disparity) {
    Invert(depth);
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

// The colours as they lie up to so many pixels beside what they belong to, in x and in y.
void ShiftColours(double most, SplitMix& random, std::vector<std::uint8_t>& rgb, int width,
                  int height) {
  const double dx = most * (2.0 * random.Unit() - 1.0);
  const double dy = most * (2.0 * random.Unit() - 1.0);
  Image colours(width, height, 3);
  std::copy(rgb.begin(), rgb.end(), colours.data());
  const Image shifted = sensors::ShiftGuide(colours, dx, dy);
  std::transform(shifted.data(), shifted.data() + shifted.size(), rgb.begin(),
                 [](float value) { return static_cast<std::uint8_t>(std::lround(value)); });
}

ValueRange RangeOf(const RgbdPair& pair, double metres_per_step, bool disparity) {
  const auto [low, high] = std::minmax_element(pair.depth.begin(), pair.depth.end());
  const float near = std::max(0.05f, static_cast<float>(metres_per_step * *low));
  const float far = std::max(0.05f, static_cast<float>(metres_per_step * *high));
  return disparity ? ValueRange{1.0f / far, 1.0f / near} : ValueRange{near, far};
}

}  // namespace

std::vector<DepthCase> ParseDepthCases(const Json& json, const std::string& path) {
  if (!json.is_array() || json.empty()) {
    throw Error(path + " is not a list of cases");
  }
  std::vector<DepthCase> cases;
  for (const Json& item : json) {
    cases.push_back(ParseCase(item, path + "[" + std::to_string(cases.size()) + "]"));
  }
  return cases;
}

const DepthCase& ChooseCase(const std::vector<DepthCase>& cases, std::uint64_t seed) {
  double sum = 0.0;
  for (const DepthCase& depth_case : cases) {
    sum += depth_case.share;
  }
  double place = sum * SplitMix(seed, 1).Unit();
  for (const DepthCase& depth_case : cases) {
    place -= depth_case.share;
    if (place < 0.0) {
      return depth_case;
    }
  }
  return cases.back();
}

TrainingImage MeasurePair(const RgbdPair& pair, const RgbdPair& range_pair,
                          const DepthCase& depth_case, const DepthUnits& units,
                          std::uint64_t seed) {
  const double metres_per_step = units.metres_per_step;
  SplitMix random(seed, 0);
  const bool disparity = random.Unit() < depth_case.disparity;
  const bool own_range = random.Unit() < depth_case.own_range;
  TrainingImage image;
  image.width = pair.width;
  image.height = pair.height;
  image.guide = pair.rgb;
  image.truth = DepthOf(pair, metres_per_step, disparity);
  ValueRange range = RangeOf(own_range ? pair : range_pair, metres_per_step, disparity);
  range.high = std::max(range.high, range.low * 1.001f);  // a constant has no scale

  if (const double shift = Draw(depth_case.guide_shift, random); shift > 0.0) {
    ShiftColours(shift, random, image.guide, image.width, image.height);
  }
  Image guide(pair.width, pair.height, 3);
  std::transform(image.guide.begin(), image.guide.end(), guide.data(),
                 [](std::uint8_t value) { return static_cast<float>(value) / 255.0f; });
  const Measurement measurement = FillMeasurement(
      guide, Measure({image.truth, guide, disparity, range, units.focal}, depth_case, random));
  if (own_range) {  // noise widens it
    const ValueRange measured = FiniteRange(measurement.values);
    range = {std::min(range.low, measured.low), std::max(range.high, measured.high)};
  }
  const double ratio_x = static_cast<double>(pair.width) / measurement.values.width();
  const double ratio_y = static_cast<double>(pair.height) / measurement.values.height();
  image.input = Resize(measurement.values, pair.width, pair.height, Resampler::kBicubic);
  image.measured = MaskOf(measurement, pair.width, pair.height);
  image.log_ratio = static_cast<float>(0.5 * std::log2(ratio_x * ratio_y));
  Normalize(image.input, range, image.input);
  Normalize(image.truth, range, image.truth);
  image.range = static_cast<float>((range.high - range.low) / metres_per_step);
  image.unfiltered = CostOfDoingNothing(image);
  return image;
}

}  // namespace dkn::train
