#include "src/sensors/depth_case.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "src/core/hash.h"
#include "src/imaging/holes.h"
#include "src/imaging/noise.h"
#include "src/imaging/punch_holes.h"
#include "src/sensors/degradations.h"
#include "src/sensors/surface.h"

namespace dkn::sensors {
namespace {

constexpr double kMaxRatio = 64.0;
constexpr int kMinSide = 4;  // samples

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

std::vector<Sensor> ParseSensors(JsonMembers& members) {
  std::vector<Sensor> result;
  if (members.Find("sensors") != nullptr) {
    for (const Json& name : members.Array("sensors")) {
      members.Check(name.is_string(), "sensors", "a list of names");
      result.push_back(ParseSensor(name.get<std::string>()));
    }
  }
  return result;
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

// Makes holes of what is not seen from `focal_aside / z` pixels of disparity to the right, or else
// to the left.
void HideFromAside(const Image& truth, double focal_aside, bool right, Image& measured) {
  Image seen = Image::Clone(truth);
  for (int y = 0; y < truth.height() && !right; ++y) {  // Occluded looks to the right
    std::reverse(seen.Row(y), seen.Row(y) + seen.width());
  }
  const std::vector<std::uint8_t> hidden = Occluded(seen, focal_aside);
  const std::uint8_t* next = hidden.data();
  for (int y = 0; y < truth.height(); ++y) {
    for (int x = 0; x < truth.width(); ++x) {
      if (*next++ != 0) {
        measured(right ? x : truth.width() - 1 - x, y) = kHole;
      }
    }
  }
}

// What is measured of the truth, with its errors moved by a part of a pixel: where most of what an
// error would come from is a hole, there is one.
Image Registered(const Image& measured, const Image& truth, SplitMix& random) {
  Image errors(truth.width(), truth.height());
  Image weights(truth.width(), truth.height());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const bool hole = std::isnan(measured.data()[i]);
    weights.data()[i] = hole ? 0.0f : 1.0f;
    errors.data()[i] = hole ? 0.0f : measured.data()[i] - truth.data()[i];
  }
  const double dx = random.Unit();
  const double dy = random.Unit();
  Image result = ShiftImage(errors, dx, dy);
  weights = ShiftImage(weights, dx, dy);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const float weight = weights.data()[i];
    float& value = result.data()[i];
    value = weight < 0.5f ? kHole : truth.data()[i] + value / weight;
  }
  return result;
}

// What a sensor of the list makes of a shrunk truth, in metres.
Image MeasureBySensor(const Image& low, const DepthScene& scene, const DepthCase& depth_case,
                      SplitMix& random) {
  const auto sensor = depth_case.sensors[random.Below(static_cast<int>(depth_case.sensors.size()))];
  const double focal = scene.focal * low.width() / scene.guide.width;
  Image measured = Measure(low, Resize(scene.guide, low.width(), low.height(), Resampler::kBox),
                           OptionsOf(sensor, focal), random.Next());
  if (depth_case.aside.high > 0.0) {
    const double aside = Draw(depth_case.aside, random);
    HideFromAside(low, focal * aside, random.Unit() < 0.5, measured);
  }
  if (depth_case.registered > 0.0 && random.Unit() < depth_case.registered) {
    measured = Registered(measured, low, random);
  }
  return measured;
}

// Noise of disparities, which grows with the distance, whatever the depth's unit.
void AddRieglerNoise(const DepthScene& scene, double strength, std::uint64_t seed, Image& low) {
  constexpr float kFarthest = 70.0f;
  constexpr float kNearest = 218.0f;
  const ValueRange disparities = scene.disparity
                                     ? scene.range
                                     : ValueRange{1.0f / std::max(scene.range.high, 1e-6f),
                                                  1.0f / std::max(scene.range.low, 1e-6f)};
  const float scale = (kNearest - kFarthest) / std::max(disparities.high - disparities.low, 1e-12f);
  if (!scene.disparity) {
    Invert(low);
  }
  const auto each = [&](const auto& change) {
    std::for_each(low.data(), low.data() + low.size(), change);
  };
  each([&](float& value) { value = kFarthest + scale * (value - disparities.low); });
  AddDepthNoise(low, strength, seed);
  each([&](float& value) { value = disparities.low + (value - kFarthest) / scale; });
  if (!scene.disparity) {
    Invert(low);
  }
}

// What is done to depth in metres.
void AddPhysicalNoise(const DepthScene& scene, const DepthCase& depth_case, std::uint64_t seed,
                      SplitMix& random, Image& low) {
  const double strength = Draw(depth_case.sensor_noise, random);
  const bool invert = scene.disparity && (strength > 0.0 || !depth_case.sensors.empty());
  if (invert) {
    Invert(low);
  }
  if (!depth_case.sensors.empty()) {
    low = MeasureBySensor(low, scene, depth_case, random);
  }
  if (strength > 0.0) {
    AddSensorNoise(low, strength, seed);
  }
  if (invert) {
    Invert(low);
  }
}

}  // namespace

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

DepthCase ParseDepthCase(JsonMembers& members) {
  DepthCase result;
  result.ratio = ParseInterval(members, "ratio", 1.0, kMaxRatio, result.ratio);
  result.whole_ratio = members.Boolean("whole_ratio", result.whole_ratio);
  result.stretch = members.Number("stretch", 0.0, 1.0, result.stretch);
  result.resamplers = ParseResamplers(members);
  result.last_pixel = members.Boolean("last_pixel", result.last_pixel);
  members.Check(!result.last_pixel || result.whole_ratio ||
                    (result.ratio.low == result.ratio.high &&
                     result.ratio.low == std::floor(result.ratio.low)),
                "last_pixel", "false, where the ratio is not whole");
  result.sensors = ParseSensors(members);
  result.aside = ParseInterval(members, "aside", 0.0, 1.0, {});
  result.registered = members.Number("registered", 0.0, 1.0, result.registered);
  result.relative_noise = ParseInterval(members, "relative_noise", 0.0, 1.0, {});
  result.sensor_noise = ParseInterval(members, "sensor_noise", 0.0, 100.0, {});
  result.riegler_noise = ParseInterval(members, "riegler_noise", 0.0, 1e6, {});
  result.holes = ParseInterval(members, "holes", 0.0, 0.9, {});
  result.kept = ParseInterval(members, "kept", 0.001, 1.0, result.kept);
  result.outliers = ParseInterval(members, "outliers", 0.0, 0.5, {});
  result.wild_values = members.Integer("wild_values", 0, 1000, 0);
  result.guide_shift = ParseInterval(members, "guide_shift", 0.0, 16.0, {});
  return result;
}

double Draw(const Interval& interval, SplitMix& random) {
  const double place = random.Unit();
  if (interval.low > 0.0) {
    return interval.low * std::pow(interval.high / interval.low, place);
  }
  return interval.low + (interval.high - interval.low) * place;
}

Image MeasureDepth(const DepthScene& scene, const DepthCase& depth_case, SplitMix& random) {
  const ConstView truth = scene.truth;
  const ValueRange range = scene.range;
  const Ratio ratio = DrawRatio(depth_case, random);
  const auto side = [](int size, double by) {
    return std::clamp(static_cast<int>(std::lround(size / by)), std::min(kMinSide, size), size);
  };
  const Resampler resampler =
      depth_case.resamplers[random.Below(static_cast<int>(depth_case.resamplers.size()))];
  Image low = depth_case.last_pixel ? SubsampleLastPixel(truth, static_cast<int>(ratio.x))
                                    : Resize(truth, side(truth.width, ratio.x),
                                             side(truth.height, ratio.y), resampler);
  const std::uint64_t seed = random.Next();
  AddPhysicalNoise(scene, depth_case, seed, random, low);
  const float extent = range.high - range.low;
  if (const double deviation = Draw(depth_case.relative_noise, random); deviation > 0.0) {
    AddGaussianNoise(low, deviation * deviation * extent * extent, Hash(seed + 1));
  }
  if (depth_case.riegler_noise.high > 0.0) {
    AddRieglerNoise(scene, Draw(depth_case.riegler_noise, random), Hash(seed + 3), low);
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
  for (int i = 0; i < depth_case.wild_values; ++i) {
    const float wild = scene.disparity ? 1.0f / kWildDepth : kWildDepth;
    low.data()[random.Below(static_cast<int>(low.size()))] = wild;
  }
  return low;
}

Image ShiftedGuide(ConstView guide, const DepthCase& depth_case, SplitMix& random) {
  const double most = Draw(depth_case.guide_shift, random);
  if (most <= 0.0) {
    return Image::Clone(guide);
  }
  const double dx = most * (2.0 * random.Unit() - 1.0);
  const double dy = most * (2.0 * random.Unit() - 1.0);
  return ShiftImage(guide, dx, dy);
}

}  // namespace dkn::sensors
