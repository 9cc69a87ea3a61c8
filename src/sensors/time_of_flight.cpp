#include <algorithm>
#include <cmath>
#include <cstddef>

#include "src/imaging/holes.h"
#include "src/sensors/models.h"
#include "src/sensors/random_fields.h"

namespace dkn::sensors {
namespace {

// Of a white wall, whose signal at 1 m is the unit of shot noise.
constexpr float kWhite = 0.8f;

// Of the way from one side of an edge to the other: what is further from both belongs to neither.
constexpr float kApart = 0.1f;

// exp(-a), off by 5e-4 at most; the C library's need not be the same everywhere.
double ExponentialOfMinus(double a) {
  double power = 1.0 / (1.0 + a / 1024.0);
  for (int i = 0; i < 10; ++i) {
    power *= power;
  }
  return power;
}

class TimeOfFlight {
 public:
  TimeOfFlight(const RgbdView& scene, const SensorOptions& options, std::uint64_t seed)
      : depth_(scene.depth),
        options_(options),
        surface_(Examine(scene.depth, scene.guide, options.focal)),
        noise_(WhiteNoise(depth_.width, depth_.height, SubSeed(seed, 0))),
        kept_(UniformNoise(depth_.width, depth_.height, SubSeed(seed, 1))) {
    beside_ = options.blur > 0.0
                  ? static_cast<float>(ExponentialOfMinus(0.5 / (options.blur * options.blur)))
                  : 0.0f;
  }

  float At(int x, int y) const {
    float z = depth_(x, y);
    float signal = surface_.Signal(x, y, z);
    if (surface_.edge[static_cast<std::size_t>(y) * depth_.width + x] != 0 &&
        !See(x, y, &z, &signal)) {
      return kHole;
    }
    if (signal < static_cast<float>(options_.min_signal)) {
      return kHole;
    }
    return z + noise_(x, y) * Deviation(signal / kWhite);
  }

 private:
  // Lange and Seitz 2001: the deviation of distance is proportional to sqrt(own + ambient light) /
  // own light.
  float Deviation(float signal) const {
    const float inverse = 1.0f / signal;
    const auto floor = static_cast<float>(options_.noise_floor);
    const auto shot = static_cast<float>(options_.shot_noise);
    const auto ambient = static_cast<float>(options_.ambient);
    return std::sqrt(floor * floor + shot * shot * inverse * (1.0f + ambient * inverse));
  }

  // What an edge pixel sees: the mean of nine depths, weighted by their light. False where the
  // device takes away what belongs to neither side.
  bool See(int x, int y, float* z, float* signal) const {
    float light = 0.0f;
    float weights = 0.0f;
    float sum = 0.0f;
    float near = *z;
    float far = *z;
    for (int j = std::max(y - 1, 0); j <= std::min(y + 1, depth_.height - 1); ++j) {
      for (int i = std::max(x - 1, 0); i <= std::min(x + 1, depth_.width - 1); ++i) {
        const float weight = (i == x ? 1.0f : beside_) * (j == y ? 1.0f : beside_);
        const float there = depth_(i, j);
        const float returned = weight * surface_.Signal(i, j, there);
        weights += weight;
        light += returned;
        sum += returned * there;
        near = std::min(near, there);
        far = std::max(far, there);
      }
    }
    *z = sum / light;
    *signal = light / weights;
    const bool flying = *z - near > kApart * (far - near) && far - *z > kApart * (far - near);
    return !flying || kept_(x, y) < options_.flying_kept;
  }

  ConstView depth_;
  const SensorOptions& options_;
  Surface surface_;
  Image noise_;
  Image kept_;
  float beside_ = 0.0f;  // weight of the pixels beside and above; the pixel's own is 1
};

}  // namespace

Image MeasureTimeOfFlight(const RgbdView& scene, const SensorOptions& options, std::uint64_t seed) {
  return MeasureEach(scene, TimeOfFlight(scene, options, seed));
}

}  // namespace dkn::sensors
