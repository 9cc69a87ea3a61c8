#include "src/synth/materials.h"

#include <algorithm>
#include <cmath>

namespace dkn {
namespace {

// Fully saturated colour of hue 0 (red) to 1 (red again), mixed with white and black.
Vec3 HueColor(double hue, double saturation, double value) {
  const auto channel = [&](double shift) {
    const double h = 6.0 * (hue + shift - std::floor(hue + shift));
    const double pure = std::clamp(std::abs(h - 3.0) - 1.0, 0.0, 1.0);
    return value * (1.0 - saturation + saturation * pure);
  };
  return {channel(0.0), channel(2.0 / 3.0), channel(1.0 / 3.0)};
}

Vec3 WoodColor(Random& random) {
  const double hue = random.Uniform(0.06, 0.10);
  const double saturation = random.Uniform(0.55, 0.75);
  return HueColor(hue, saturation, random.Uniform(0.25, 0.6));
}

}  // namespace

Vec3 RandomColor(Random& random, double max_saturation, double low_value, double high_value) {
  const double hue = random.Uniform(0.0, 1.0);
  const double saturation = random.Uniform(0.1 * max_saturation, max_saturation);
  return HueColor(hue, saturation, random.Uniform(low_value, high_value));
}

Material Wood(Random& random) {
  const Vec3 color = WoodColor(random);
  const double size = random.Uniform(0.09, 0.16);
  return {{Pattern::kPlanks, color, 0.4 * color, size, random.Bits()}, 0.05};
}

Material FloorMaterial(Random& random) {
  if (random.Chance(0.5)) {
    return Wood(random);
  }
  const Vec3 color = RandomColor(random, 0.25, 0.35, 0.7);
  const double size = random.Uniform(0.25, 0.45);
  if (random.Chance(0.6)) {
    return {{Pattern::kTiles, color, 0.45 * color, size, random.Bits()}, 0.12};
  }
  return {{Pattern::kChecks, color, 0.4 * color, 1.5 * size, random.Bits()}, 0.08};
}

Material WallMaterial(Random& random) {
  constexpr Pattern kPatterns[] = {Pattern::kStripes, Pattern::kDots, Pattern::kBricks,
                                   Pattern::kPlain};
  const Pattern pattern = kPatterns[random.Index(4)];
  const Vec3 color = RandomColor(random, 0.5, 0.5, 0.85);
  const double size =
      pattern == Pattern::kBricks ? random.Uniform(0.07, 0.11) : random.Uniform(0.12, 0.3);
  const double shade = random.Uniform(0.55, 0.9);
  return {{pattern, color, shade * color, size, random.Bits()}, 0.0};
}

Material ObjectMaterial(Random& random) {
  constexpr Pattern kPatterns[] = {Pattern::kPlain,  Pattern::kPlain, Pattern::kStripes,
                                   Pattern::kDots,   Pattern::kTiles, Pattern::kChecks,
                                   Pattern::kMarble, Pattern::kPlanks};
  const Pattern pattern = kPatterns[random.Index(8)];
  const Vec3 first = RandomColor(random, 0.85, 0.12, 0.8);
  const Vec3 second = RandomColor(random, 0.6, 0.1, 0.8);
  const double size = random.Uniform(0.05, 0.14);
  const double gloss = random.Chance(0.4) ? random.Uniform(0.1, 0.5) : 0.0;
  return {{pattern, first, second, size, random.Bits()}, gloss};
}

Material Paint(const Vec3& color, double gloss) {
  return {{Pattern::kPlain, color, color, 0.3, 7}, gloss};
}

}  // namespace dkn
