#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "dkn/threads.h"
#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind RgfKind();

namespace {

// Of pixel i of an image mirrored about its border's pixels.
int Reflected(int i, int size) {
  while (i < 0 || i >= size) {
    i = size == 1 ? 0 : i < 0 ? -i : 2 * (size - 1) - i;
  }
  return i;
}

Image Step(ConstView target, ConstView mask, ConstView guidance, double space, double color) {
  const int radius = static_cast<int>(std::ceil(3.0 * space));
  Image out(target.width, target.height, target.channels);
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      for (int c = 0; c < target.channels; ++c) {
        double sum = 0.0;
        double weights = 0.0;
        for (int dy = -radius; dy <= radius; ++dy) {
          for (int dx = -radius; dx <= radius; ++dx) {
            const int i = Reflected(x + dx, target.width);
            const int j = Reflected(y + dy, target.height);
            const double weight =
                (mask.empty() ? 1.0f : mask(i, j)) *
                std::exp(-0.5 * (dx * dx + dy * dy) / (space * space) -
                         0.5 * ColorDistance(guidance, x, y, i, j) / (color * color));
            sum += weight * target(i, j, c);
            weights += weight;
          }
        }
        out(x, y, c) = static_cast<float>(sum / weights);
      }
    }
  }
  return out;
}

TEST(RgfTest, AgreesWithItsDefinition) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 6}, {13, 9}}) {
    for (const int channels : {1, 3}) {
      const Image guide(width, height);
      const Image target = RandomImage(width, height, channels, 2);
      Image mask = RandomMask(width, height, 3);
      mask(0, 0) = 0.5f;
      for (const ConstView measured : {ConstView(), ConstView(mask)}) {
        Image expected(width, height, channels);
        for (const int iterations : {0, 1, 2}) {
          expected = Step(target, measured, expected, 1.4, 0.3);
          ExpectNear(
              ApplyFilter(RgfKind(),
                          {{"sigma_space", 1.4}, {"sigma_color", 0.3}, {"iterations", iterations}},
                          {guide, target, measured}),
              expected, 2e-5f);
        }
      }
    }
  }
}

// Stripes of two pixels go, and the step between two regions of stripes stays.
TEST(RgfTest, RemovesTextureAndKeepsEdges) {
  Image target(48, 24);
  for (int y = 0; y < 24; ++y) {
    for (int x = 0; x < 48; ++x) {
      target(x, y) = (x < 24 ? 0.2f : 0.8f) + (x % 2 == 0 ? 0.05f : -0.05f);
    }
  }
  const Image result = ApplyFilter(RgfKind(), {{"iterations", 10}}, {target, target});
  EXPECT_NEAR(result(10, 12), 0.2f, 0.01f);
  EXPECT_NEAR(result(11, 12), 0.2f, 0.01f);
  EXPECT_GT(result(26, 12) - result(21, 12), 0.5f);
}

TEST(RgfTest, ThreadsChangeNoBit) {
  const Image target = RandomImage(50, 40, 3, 1);
  SetThreads(1);
  const Image expected = ApplyFilter(RgfKind(), {}, {target, target});
  SetThreads(3);
  const Image result = ApplyFilter(RgfKind(), {}, {target, target});
  SetThreads(0);
  ExpectNear(result, expected, 0.0f);
}

}  // namespace
}  // namespace dkn
