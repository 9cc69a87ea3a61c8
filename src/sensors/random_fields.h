#ifndef DKN_SRC_SENSORS_RANDOM_FIELDS_H_
#define DKN_SRC_SENSORS_RANDOM_FIELDS_H_

#include <cstdint>

#include "dkn/image.h"

// Noise as images, the same bits on every machine: whole numbers from a hash, and arithmetic that
// rounds one way only; no function of the C library.
namespace dkn::sensors {

// A seed for each of several independent uses of one.
std::uint64_t SubSeed(std::uint64_t seed, std::uint64_t use);

// One channel of independent values with mean 0 and variance 1. Sums of 12 uniform values, bent to
// a Gaussian by Teichroew's polynomial (Abramowitz and Stegun, Handbook of Mathematical Functions,
// 1964, Section 26.8).
Image WhiteNoise(int width, int height, std::uint64_t seed);

// One channel of values with mean 0 and variance 1, each the scaled sum of window x window
// independent ones around it: neighbours resemble each other as far as windows overlap, at the
// border as inside. An even window counts as the next odd one; of 1, the same as WhiteNoise.
// Throws Error unless 1 <= window <= 127.
Image SmoothNoise(int width, int height, int window, std::uint64_t seed);

// Uniform over [0, 1), independent from pixel to pixel.
Image UniformNoise(int width, int height, std::uint64_t seed);

// What limits are multiplied by, so that borders of holes are ragged: 1 with a deviation of a
// quarter, from a value of a field; within [0.25, 1.75].
inline float Ragged(float value) {
  return 1.0f + 0.25f * (value < -3.0f ? -3.0f : value > 3.0f ? 3.0f : value);
}

// The share of a Gaussian of mean 0 and variance 1 that is less than x: Abramowitz and Stegun
// 26.2.18, off by 2.5e-4 at most.
inline float NormalShare(float x) {
  const float a = x < 0.0f ? -x : x;
  const float sum = 1.0f + a * (0.196854f + a * (0.115194f + a * (0.000344f + a * 0.019527f)));
  const float tail = 0.5f / (sum * sum * sum * sum);
  return x < 0.0f ? tail : 1.0f - tail;
}

}  // namespace dkn::sensors

#endif  // DKN_SRC_SENSORS_RANDOM_FIELDS_H_
