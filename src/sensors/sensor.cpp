#include "src/sensors/sensor.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/core/named_values.h"
#include "src/core/size_text.h"
#include "src/imaging/holes.h"
#include "src/sensors/models.h"
#include "src/sensors/random_fields.h"

namespace dkn::sensors {
namespace {

constexpr NamedValue<Sensor> kSensors[] = {{"structured_light", Sensor::kStructuredLight},
                                           {"time_of_flight", Sensor::kTimeOfFlight},
                                           {"stereo", Sensor::kStereo},
                                           {"spinning_lidar", Sensor::kSpinningLidar},
                                           {"solid_state_lidar", Sensor::kSolidStateLidar}};

void CheckScene(ConstView depth, ConstView guide) {
  if (depth.empty() || depth.channels != 1) {
    throw Error("depth has " + std::to_string(depth.channels) + " channels of " +
                SizeText(depth.width, depth.height) + ", expected 1 and at least 1 pixel");
  }
  CheckGuide(depth, guide);
  for (int y = 0; y < depth.height; ++y) {
    const float* row = depth.Row(y);
    if (!std::all_of(row, row + depth.width,
                     [](float z) { return std::isfinite(z) && z > 0.0f; })) {
      throw Error("depth in row " + std::to_string(y) +
                  " is not finite or not more than 0; a sensor measures exact depth without holes");
    }
  }
}

void Check(bool good, const char* what) {
  if (!good) {
    throw Error(std::string("sensor options: ") + what);
  }
}

void CheckOptions(const SensorOptions& options) {
  const double numbers[] = {
      options.min_range,   options.min_signal,     options.speckle,       options.baseline,
      options.min_cosine,  options.disparity_step, options.lateral_noise, options.disparity_noise,
      options.edge_loss,   options.shiny,          options.fattening,     options.min_texture,
      options.noise_floor, options.shot_noise,     options.ambient,       options.blur,
      options.flying_kept, options.place_noise,    options.range_noise};
  Check(std::all_of(std::begin(numbers), std::end(numbers),
                    [](double number) { return number >= 0.0 && number <= 1e4; }),
        "a number is negative, not finite or more than 10000");
  Check(options.focal > 0.0 && std::isfinite(options.focal), "the focal length is not more than 0");
  Check(options.max_range > options.min_range && std::isfinite(options.max_range),
        "max_range is not more than min_range");
  const bool eyes = options.sensor == Sensor::kStructuredLight || options.sensor == Sensor::kStereo;
  Check(!eyes || options.baseline > 0.0, "the baseline is not more than 0");
  Check(!eyes || (options.window >= 1 && options.window <= 63), "the window is not 1 to 63 pixels");
  Check(options.fattening <= 64.0, "fattening is more than 64 pixels");
  const bool lidar =
      options.sensor == Sensor::kSpinningLidar || options.sensor == Sensor::kSolidStateLidar;
  Check(!lidar || (options.line_step >= 1e-5 && options.line_step <= 0.25 &&
                   options.point_step >= 1e-5 && options.point_step <= 0.25),
        "a lidar's step is not 1e-5 to 0.25 radians");
}

Image MeasureBy(const RgbdView& scene, const SensorOptions& options, std::uint64_t seed) {
  switch (options.sensor) {
    case Sensor::kStructuredLight:
      return MeasureStructuredLight(scene, options, seed);
    case Sensor::kTimeOfFlight:
      return MeasureTimeOfFlight(scene, options, seed);
    case Sensor::kStereo:
      return MeasureStereo(scene, options, seed);
    case Sensor::kSpinningLidar:
    case Sensor::kSolidStateLidar:
      return MeasureLidar(scene, options, seed);
  }
  throw Error("a sensor that there is not");
}

}  // namespace

Sensor ParseSensor(const std::string& name) {
  return ParseNamed(kSensors, name, "sensor");
}

std::string ToString(Sensor sensor) {
  return NameOf(kSensors, sensor);
}

std::vector<Sensor> AllSensors() {
  std::vector<Sensor> sensors;
  for (const NamedValue<Sensor>& named : kSensors) {
    sensors.push_back(named.value);
  }
  return sensors;
}

std::string SensorNames() {
  std::string names;
  for (const NamedValue<Sensor>& named : kSensors) {
    names += (names.empty() ? "" : ", ") + std::string(named.name);
  }
  return names;
}

SensorOptions WithShare(SensorOptions lidar, double share) {
  CheckOptions(lidar);
  Check(lidar.sensor == Sensor::kSpinningLidar || lidar.sensor == Sensor::kSolidStateLidar,
        "only a lidar's points have a share of the pixels");
  Check(share > 0.0 && share <= 1.0, "the share of the pixels is not in (0, 1]");
  const double now = 1.0 / (lidar.focal * lidar.focal * lidar.line_step * lidar.point_step);
  const double scale = std::sqrt(now / share);
  lidar.line_step *= scale;
  lidar.point_step *= scale;
  CheckOptions(lidar);
  return lidar;
}

Image Measure(ConstView depth, ConstView guide, const SensorOptions& options, std::uint64_t seed) {
  CheckScene(depth, guide);
  CheckOptions(options);
  Image measured = MeasureBy({depth, guide}, options, SubSeed(seed, 0));
  const Image speckle = UniformNoise(depth.width, depth.height, SubSeed(seed, 1));
  const auto low = static_cast<float>(options.min_range);
  const auto high = static_cast<float>(options.max_range);
  const auto share = static_cast<float>(options.speckle);
  for (std::size_t i = 0; i < measured.size(); ++i) {
    float& z = measured.data()[i];
    if (!(z >= low && z <= high && z > 0.0f) || speckle.data()[i] < share) {
      z = kHole;
    }
  }
  return measured;
}

}  // namespace dkn::sensors
