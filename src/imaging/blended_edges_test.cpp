#include "src/imaging/blended_edges.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "dkn/resample.h"

namespace dkn {
namespace {

// Discs of several depths before a slanted wall.
Image Discs(int size) {
  Image depth(size, size);
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      depth(x, y) = 4.0f + 0.5f * static_cast<float>(x) / static_cast<float>(size);
      for (int i = 0; i < 4; ++i) {
        const double dx = x - size * (0.3 + 0.4 * (i % 2));
        const double dy = y - size * (0.28 + 0.41 * (i / 2));
        if (std::hypot(dx, dy) < size * (0.11 + 0.02 * i)) {
          depth(x, y) = 1.5f + 0.4f * static_cast<float>(i);
        }
      }
    }
  }
  return depth;
}

TEST(BlendedEdges, AveragesLeaveValuesBetweenBothSidesAndPointsDoNot) {
  const Image depth = Discs(640);
  for (const int ratio : {4, 8, 12}) {
    const auto share = [&](Resampler resampler) {
      return BlendedEdges(Resize(depth, 640 / ratio, 640 / ratio, resampler));
    };
    EXPECT_LT(share(Resampler::kNearest), 0.1f) << ratio;
    EXPECT_GT(share(Resampler::kBox), 0.75f) << ratio;
    EXPECT_GT(share(Resampler::kBicubic), 0.85f) << ratio;
    EXPECT_GT(share(Resampler::kBilinear), 0.85f) << ratio;
    EXPECT_GT(share(Resampler::kLanczos), 0.85f) << ratio;
  }
}

TEST(BlendedEdges, HolesAndOutliersAreLeftOut) {
  Image picked = Resize(Discs(640), 160, 160, Resampler::kNearest);
  const float share = BlendedEdges(picked);
  for (std::size_t i = 0; i < picked.size(); i += 211) {
    picked.data()[i] = i % 2 == 0 ? std::numeric_limits<float>::quiet_NaN()
                                  : std::numeric_limits<float>::infinity();
  }
  picked(80, 80) = 1e6f;
  EXPECT_NEAR(BlendedEdges(picked), share, 0.02f);
}

TEST(BlendedEdges, WithoutEdgesItIsOne) {
  EXPECT_EQ(BlendedEdges(Image(1, 1)), 1.0f);
  EXPECT_EQ(BlendedEdges(Image(40, 30)), 1.0f);
  Image nothing(40, 30);
  for (std::size_t i = 0; i < nothing.size(); ++i) {
    nothing.data()[i] = std::numeric_limits<float>::quiet_NaN();
  }
  EXPECT_EQ(BlendedEdges(nothing), 1.0f);
}

}  // namespace
}  // namespace dkn
