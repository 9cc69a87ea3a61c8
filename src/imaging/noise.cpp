#include "src/imaging/noise.h"

#include <cmath>
#include <numbers>

#include "src/core/hash.h"
#include "src/core/parallel_for.h"
#include "src/imaging/value_range.h"

namespace dkn {
namespace {

// (0, 1], from the upper 53 bits.
double Uniform(std::uint64_t bits) {
  return static_cast<double>((bits >> 11) + 1) * 0x1p-53;
}

// Adds Gaussian noise of the standard deviation that deviation(value) gives.
template <typename Deviation>
void AddNoise(View image, std::uint64_t seed, const Deviation& deviation) {
  for (int c = 0; c < image.channels; ++c) {
    ParallelFor(0, image.height, [&](int y) {
      const std::uint64_t row = Hash(Hash(Hash(seed) + c) + y);
      for (int x = 0; x < image.width; ++x) {
        // Box and Muller 1958.
        const double radius = std::sqrt(-2.0 * std::log(Uniform(Hash(row + 2 * x))));
        const double angle = 2.0 * std::numbers::pi * Uniform(Hash(row + 2 * x + 1));
        float& value = image(x, y, c);
        value += static_cast<float>(deviation(value) * radius * std::cos(angle));
      }
    });
  }
}

}  // namespace

void AddGaussianNoise(View image, double variance, std::uint64_t seed) {
  AddNoise(image, seed, [deviation = std::sqrt(variance)](float) { return deviation; });
}

void AddRelativeNoise(View image, double variance, std::uint64_t seed) {
  const ValueRange range = FiniteRange(image);
  const double extent = static_cast<double>(range.high) - range.low;
  AddGaussianNoise(image, variance * extent * extent, seed);
}

void AddDepthNoise(View image, double strength, std::uint64_t seed) {
  AddNoise(image, seed, [strength](float value) {
    return std::isfinite(value) && value > 0.0f ? strength / value : 0.0;
  });
}

}  // namespace dkn
