#ifndef DKN_SRC_CORE_TEST_IMAGES_H_
#define DKN_SRC_CORE_TEST_IMAGES_H_

#include <gtest/gtest.h>

#include "dkn/image.h"
#include "src/core/random_image.h"

// What tests of images share.
namespace dkn {

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
