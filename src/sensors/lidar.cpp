#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "src/core/hash.h"
#include "src/core/random.h"
#include "src/imaging/holes.h"
#include "src/sensors/models.h"
#include "src/sensors/random_fields.h"

namespace dkn::sensors {
namespace {

// Steps of the image's pixels: finer ones give a pixel the same value again.
constexpr double kFinest = 0.5;

// The tangent of a small angle: the series to the fifth power, off by 1e-6 of it at 0.25.
double SmallTangent(double angle) {
  const double square = angle * angle;
  return angle * (1.0 + square * (1.0 / 3.0 + square * (2.0 / 15.0)));
}

// tan(a + b) from tan(a) and tan(b).
double SumOfAngles(double a, double b) {
  return (a + b) / (1.0 - a * b);
}

class Lidar {
 public:
  Lidar(const RgbdView& scene, const SensorOptions& options, std::uint64_t seed)
      : depth_(scene.depth),
        options_(options),
        surface_(Examine(scene.depth, scene.guide, options.focal)),
        noise_(WhiteNoise(depth_.width, depth_.height, SubSeed(seed, 0))),
        places_(SubSeed(seed, 1)),
        measured_(MakeHoles(depth_.width, depth_.height)) {}

  Image Spin();
  Image Grid();

 private:
  // [-1, 1) times the share of a step that places are off.
  double Off() { return options_.place_noise * (2.0 * UnitInterval(Hash(places_++)) - 1.0); }
  double Phase() { return UnitInterval(Hash(places_++)); }

  // The return of the ray to the image's point (x, y), if it is inside.
  void Shoot(double x, double y) {
    if (!(x >= 0.0 && x < depth_.width && y >= 0.0 && y < depth_.height)) {
      return;
    }
    const int column = static_cast<int>(x);
    const int row = static_cast<int>(y);
    const float z = depth_(column, row);
    if (surface_.Signal(column, row, z) < static_cast<float>(options_.min_signal)) {
      return;
    }
    const double u = (x - 0.5 * depth_.width) / options_.focal;
    const double v = (y - 0.5 * depth_.height) / options_.focal;
    const double along = options_.range_noise / std::sqrt(1.0 + u * u + v * v);
    measured_(column, row) = z + noise_(column, row) * static_cast<float>(along);
  }

  ConstView depth_;
  const SensorOptions& options_;
  Surface surface_;
  Image noise_;
  std::uint64_t places_;
  Image measured_;
};

// Lines are cones about the upright axis: their slope against it is that of the ray's height over
// its distance from the axis.
Image Lidar::Spin() {
  const double line = std::max(SmallTangent(options_.line_step), kFinest / options_.focal);
  const double point = std::max(SmallTangent(options_.point_step), kFinest / options_.focal);
  const double half_width = 0.5 * depth_.width / options_.focal;
  const double half_height = 0.5 * depth_.height / options_.focal;
  double slope = SumOfAngles(-half_height, Phase() * line);
  for (; slope < half_height; slope = SumOfAngles(slope, line)) {
    double u = SumOfAngles(-half_width, Phase() * point);
    while (u < half_width) {
      const double side = SumOfAngles(u, Off() * point);
      const double height = SumOfAngles(slope, Off() * line) * std::sqrt(1.0 + side * side);
      Shoot(0.5 * depth_.width + options_.focal * side,
            0.5 * depth_.height + options_.focal * height);
      const double next = SumOfAngles(u, point);
      if (next <= u) {  // beyond a right angle
        break;
      }
      u = next;
    }
    if (SumOfAngles(slope, line) <= slope) {
      break;
    }
  }
  return std::move(measured_);
}

// The image of a flat chip: equal steps across the image.
Image Lidar::Grid() {
  const double down = std::max(options_.focal * SmallTangent(options_.line_step), kFinest);
  const double across = std::max(options_.focal * SmallTangent(options_.point_step), kFinest);
  const double top = Phase() * down;
  const double left = Phase() * across;
  for (double y = top; y < depth_.height; y += down) {
    for (double x = left; x < depth_.width; x += across) {
      const double there = x + Off() * across;
      Shoot(there, y + Off() * down);
    }
  }
  return std::move(measured_);
}

}  // namespace

Image MeasureLidar(const RgbdView& scene, const SensorOptions& options, std::uint64_t seed) {
  Lidar lidar(scene, options, seed);
  return options.sensor == Sensor::kSpinningLidar ? lidar.Spin() : lidar.Grid();
}

}  // namespace dkn::sensors
