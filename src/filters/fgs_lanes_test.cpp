#include "src/filters/fgs_lanes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "src/core/test_images.h"

namespace dkn {
namespace {

// Lanes lie as they do in an image that is wider than they are. Floats lose digits where lambda is
// large.
TEST(FgsLanesTest, SolvesAsThePlainLoopDoes) {
  constexpr int kStep = kLanes + 5;
  for (const int length : {1, 2, 3, 50}) {
    for (const float lambda : {0.0f, 10.0f, 1e4f}) {
      const Image weights = RandomImage(kStep, length, 1, 1);
      Image fast = RandomImage(kStep, length, 1, 2);
      Image plain = Image::Clone(fast);
      std::vector<float> upper(static_cast<std::size_t>(length) * kLanes);
      SolveLanes({weights.data(), kStep}, length, lambda, {fast.data(), kStep}, upper.data());
      SolveLanesPlainly({weights.data(), kStep}, length, lambda, {plain.data(), kStep},
                        upper.data());
      ExpectNear(fast, plain, 1e-4f);
    }
  }
}

TEST(FgsLanesTest, WeighsNeighboursByTheirDifference) {
  for (const int width : {1, 2, 17, 64}) {
    for (const int channels : {1, 3}) {
      const Image guide = RandomImage(width, 2, channels, 3);
      const auto weight = [&](int x, int y, int next_x, int next_y) {
        double square = 0.0;
        for (int c = 0; c < channels; ++c) {
          square += std::pow(double{guide(next_x, next_y, c)} - guide(x, y, c), 2);
        }
        return std::exp(-5.0 * std::sqrt(square));
      };
      std::vector<float> right(static_cast<std::size_t>(width));
      std::vector<float> below(right.size());
      WeighRow(guide, 0, -5.0f, right.data(), below.data());
      for (int x = 0; x < width; ++x) {
        EXPECT_NEAR(below[static_cast<std::size_t>(x)], weight(x, 0, x, 1), 1e-6);
        EXPECT_NEAR(right[static_cast<std::size_t>(x)],
                    x + 1 < width ? weight(x, 0, x + 1, 0) : 1.0, 1e-6);
      }
      WeighRow(guide, 1, -5.0f, right.data(), below.data());
      EXPECT_EQ(*std::min_element(below.begin(), below.end()), 1.0f);
    }
  }
}

}  // namespace
}  // namespace dkn
