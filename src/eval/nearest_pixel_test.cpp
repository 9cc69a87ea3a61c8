#include "src/eval/nearest_pixel.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>

namespace dkn::eval {
namespace {

// Tries every pixel, column by column.
PixelPosition NearestOfAll(const std::vector<std::uint8_t>& mask, int width, int height, int x,
                           int y) {
  PixelPosition best;
  int best_distance = -1;
  for (int u = 0; u < width; ++u) {
    for (int v = 0; v < height; ++v) {
      const int distance = (u - x) * (u - x) + (v - y) * (v - y);
      if (mask[static_cast<std::size_t>(v * width + u)] != 0 &&
          (best_distance < 0 || distance < best_distance)) {
        best = {u, v};
        best_distance = distance;
      }
    }
  }
  return best;
}

TEST(NearestPixels, AgreesWithTryingAllTiesIncluded) {
  std::mt19937 random(1);
  for (const auto& [width, height] : {std::pair(1, 1), {1, 17}, {19, 1}, {23, 16}, {16, 31}}) {
    for (const double share : {0.0, 0.01, 0.1, 0.5, 1.0}) {
      std::vector<std::uint8_t> mask(static_cast<std::size_t>(width * height));
      for (std::uint8_t& value : mask) {
        value = std::bernoulli_distribution(share)(random) ? 1 : 0;
      }
      mask[random() % mask.size()] = 1;
      const std::vector<PixelPosition> nearest = NearestPixels(mask, width, height);
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          ASSERT_EQ(nearest[static_cast<std::size_t>(y * width + x)],
                    NearestOfAll(mask, width, height, x, y))
              << width << " x " << height << ", share " << share << ", pixel " << x << " " << y;
        }
      }
    }
  }
}

TEST(NearestPixels, PrefersTheLeftColumnThenTheUpperRow) {
  // . a .    The middle is as far from a, b, c and d; b lies in the leftmost column.
  // b . c
  // . d .
  EXPECT_EQ(NearestPixels({0, 1, 0, 1, 0, 1, 0, 1, 0}, 3, 3)[4], (PixelPosition{0, 1}));
  EXPECT_EQ(NearestPixels({0, 1, 0, 0, 0, 1, 0, 1, 0}, 3, 3)[4], (PixelPosition{1, 0}));
}

TEST(NearestPixels, IsExactOverLongDistances) {
  // The square of the last column does not fit 32 bits.
  constexpr int kWidth = 80002;
  std::vector<std::uint8_t> mask(kWidth);
  mask.front() = mask.back() = 1;
  const std::vector<PixelPosition> nearest = NearestPixels(mask, kWidth, 1);
  EXPECT_EQ(nearest[40000].x, 0);
  EXPECT_EQ(nearest[40001].x, kWidth - 1);
}

}  // namespace
}  // namespace dkn::eval
