#ifndef DKN_SRC_IMAGING_NOISE_H_
#define DKN_SRC_IMAGING_NOISE_H_

#include <cstdint>

#include "dkn/image.h"

namespace dkn {

// Adds independent Gaussian noise of mean 0 and the given variance to every value. The noise is a
// function of the seed and of the value's place (channel, row, column) alone.
void AddGaussianNoise(View image, double variance, std::uint64_t seed);

// The same with the variance of values that the image's range brings to [0, 1] (Section 4.2).
// Throws Error when no value is finite.
void AddRelativeNoise(View image, double variance, std::uint64_t seed);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_NOISE_H_
