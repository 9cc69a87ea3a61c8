#include "src/imaging/noise.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dkn/error.h"
#include "src/core/hash.h"
#include "src/core/number_text.h"
#include "src/core/parallel_for.h"
#include "src/imaging/value_range.h"

namespace dkn {
namespace {

// (0, 1], from the upper 53 bits.
double Uniform(std::uint64_t bits) {
  return static_cast<double>((bits >> 11) + 1) * 0x1p-53;
}

// Of mean 0, by two numbers at random (Box and Muller 1958).
double Normal(double deviation, std::uint64_t first, std::uint64_t second) {
  const double radius = std::sqrt(-2.0 * std::log(Uniform(first)));
  const double angle = 2.0 * std::numbers::pi * Uniform(second);
  return deviation * radius * std::cos(angle);
}

// Poisson's law with this mean: by inversion where that is small, else by the normal law that it
// comes close to (skewness 0.13 at 64).
double PoissonCount(double mean, std::uint64_t first, std::uint64_t second) {
  constexpr double kLarge = 64.0;
  if (mean > kLarge) {
    return std::max(0.0, std::round(mean + Normal(std::sqrt(mean), first, second)));
  }
  const double chance = Uniform(first);
  double term = std::exp(-mean);
  double sum = term;
  int count = 0;
  while (chance > sum && term > 0.0) {
    ++count;
    term *= mean / count;
    sum += term;
  }
  return count;
}

// Adds Gaussian noise of the standard deviation that deviation(value) gives.
template <typename Deviation>
void AddNoise(View image, std::uint64_t seed, const Deviation& deviation) {
  for (int c = 0; c < image.channels; ++c) {
    ParallelFor(0, image.height, [&](int y) {
      const std::uint64_t row = Hash(Hash(Hash(seed) + c) + y);
      for (int x = 0; x < image.width; ++x) {
        float& value = image(x, y, c);
        value +=
            static_cast<float>(Normal(deviation(value), Hash(row + 2 * x), Hash(row + 2 * x + 1)));
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

void AddCameraNoise(View image, double electrons, double read_noise, std::uint64_t seed) {
  if (!(electrons > 0.0 && electrons < 1e9 && read_noise >= 0.0 && std::isfinite(read_noise))) {
    throw Error("camera noise of " + DigitsText(electrons) + " electrons and a read noise of " +
                DigitsText(read_noise) + ", expected positive numbers");
  }
  for (int c = 0; c < image.channels; ++c) {
    ParallelFor(0, image.height, [&](int y) {
      const std::uint64_t row = Hash(Hash(Hash(seed) + c) + y);
      for (int x = 0; x < image.width; ++x) {
        float& value = image(x, y, c);
        if (!std::isfinite(value)) {
          continue;
        }
        const double light = std::max(0.0, static_cast<double>(value)) * value;
        const std::uint64_t at = row + 4 * static_cast<std::uint64_t>(x);
        const double counted = PoissonCount(electrons * light, Hash(at), Hash(at + 1)) +
                               Normal(read_noise, Hash(at + 2), Hash(at + 3));
        value = static_cast<float>(std::sqrt(std::clamp(counted / electrons, 0.0, 1.0)));
      }
    });
  }
}

}  // namespace dkn
