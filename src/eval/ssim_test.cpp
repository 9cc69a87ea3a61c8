#include "src/eval/ssim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "dkn/error.h"
#include "src/core/test_images.h"

namespace dkn::eval {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

Image Constant(int width, int height, float value) {
  Image image(width, height);
  std::fill_n(image.data(), image.size(), value);
  return image;
}

TEST(Ssim, OfConstantsComparesTheirMeansAlone) {
  // c1 = (0.01 * 100)^2 = 1, no variance: (2 * 10 * 20 + 1) / (10^2 + 20^2 + 1).
  EXPECT_NEAR(Ssim({Constant(13, 11, 10.0f), Constant(13, 11, 20.0f)}, 100.0), 401.0 / 501.0,
              1e-12);
}

TEST(Ssim, IsOneForEqualImagesAndNegativeForInverseOnes) {
  const Image truth = RandomImage(20, 15, 3, 4.0f, 6.0f, 1);
  EXPECT_NEAR(Ssim({truth, truth}, 2.0), 1.0, 1e-12);
  Image inverse = Image::Clone(truth);
  for (std::size_t i = 0; i < inverse.size(); ++i) {
    inverse.data()[i] = 10.0f - inverse.data()[i];
  }
  EXPECT_LT(Ssim({inverse, truth}, 2.0), -0.5);
}

TEST(Ssim, LeavesOutWindowsThatHoldAnUnknownValue) {
  for (const float unknown :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    // Two windows; the left one is bad, for its first column, until it holds an unknown value.
    const Image truth = RandomImage(12, 11, 1, 2);
    Image result = Image::Clone(truth);
    for (int y = 0; y < 11; ++y) {
      result(0, y) = 50.0f;
    }
    Image with_hole = Image::Clone(truth);
    with_hole(0, 10) = unknown;
    EXPECT_LT(Ssim({result, truth}, 1.0), 0.9);
    EXPECT_NEAR(Ssim({result, with_hole}, 1.0), 1.0, 1e-12);
    with_hole(11, 0) = unknown;
    EXPECT_THAT(
        [&] {
          Ssim({result, with_hole}, 1.0);
        },
        ThrowsMessage<Error>(HasSubstr("no window of SSIM, 11 x 11")));
  }
}

TEST(Ssim, RefusesImagesSmallerThanAWindow) {
  EXPECT_THAT(
      [] {
        Ssim({Image(10, 30), Image(10, 30)}, 1.0);
      },
      ThrowsMessage<Error>(HasSubstr("10 x 30 is too small")));
  EXPECT_THAT(
      [] {
        Ssim({Image(30, 10), Image(30, 10)}, 1.0);
      },
      ThrowsMessage<Error>(HasSubstr("30 x 10 is too small")));
  EXPECT_NO_THROW(Ssim({Image(11, 11), Image(11, 11)}, 1.0));
}

}  // namespace
}  // namespace dkn::eval
