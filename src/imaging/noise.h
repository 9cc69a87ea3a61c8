#ifndef DKN_SRC_IMAGING_NOISE_H_
#define DKN_SRC_IMAGING_NOISE_H_

#include <cstdint>

#include "dkn/image.h"

namespace dkn {

// Adds independent Gaussian noise of mean 0 and the given variance to every value. The noise is a
// function of the seed and of the value's place (channel, row, column) alone.
void AddGaussianNoise(View image, double variance, std::uint64_t seed);

// Adds Gaussian noise whose variance is that of values scaled to [0, 1] by the image's range
// (Section 4.2). Throws Error when no value is finite.
void AddRelativeNoise(View image, double variance, std::uint64_t seed);

// Adds Gaussian noise with a standard deviation of strength / value. Sensors whose error grows with
// depth have it where the values are disparities. Values that are not finite or not more than 0
// stay. Riegler et al. (A Deep Primal-Dual Network for Guided Depth Super-Resolution, BMVC 2016)
// train for the noisy Middlebury set with 651 on disparities of 70 to 218 (steps of 8 bits),
// neither rounded nor clipped afterwards.
void AddDepthNoise(View image, double strength, std::uint64_t seed);

// What a camera makes of a picture whose values are light to the power 1/2 (nearly sRGB's curve):
// electrons by Poisson's law, `electrons` of them on average for a value of 1, plus Gaussian
// read noise of that standard deviation in electrons, and back by the same curve into [0, 1],
// where light below 0 is black. A function of the seed and of the value's place alone. Values that
// are not finite stay. Throws Error unless 0 < electrons < 1e9 and read_noise >= 0.
void AddCameraNoise(View image, double electrons, double read_noise, std::uint64_t seed);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_NOISE_H_
