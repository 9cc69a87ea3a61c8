#ifndef DKN_SRC_CORE_TEST_IMAGES_H_
#define DKN_SRC_CORE_TEST_IMAGES_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "dkn/image.h"

// What tests of images share.
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

// Equal sizes, and no two values further apart than `tolerance`.
inline void ExpectNear(ConstView a, ConstView b, float tolerance) {
  ASSERT_TRUE(SameSize(a, b));
  ASSERT_EQ(a.channels, b.channels);
  for (int c = 0; c < a.channels; ++c) {
    for (int y = 0; y < a.height; ++y) {
      for (int x = 0; x < a.width; ++x) {
        ASSERT_NEAR(a(x, y, c), b(x, y, c), tolerance)
            << "x " << x << " y " << y << " channel " << c;
      }
    }
  }
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_TEST_IMAGES_H_
