#ifndef DKN_SRC_CORE_RANDOM_IMAGE_H_
#define DKN_SRC_CORE_RANDOM_IMAGE_H_

#include <algorithm>
#include <random>

#include "dkn/image.h"

// What tests and benchmarks share.
namespace dkn {

// Values at random, uniform over [low, high).
inline Image RandomImage(int width, int height, int channels, float low, float high,
                         unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> values(low, high);
  Image image(width, height, channels);
  std::generate_n(image.data(), image.size(), [&] { return values(random); });
  return image;
}
inline Image RandomImage(int width, int height, int channels, unsigned seed) {
  return RandomImage(width, height, channels, 0.0f, 1.0f, seed);
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_RANDOM_IMAGE_H_
