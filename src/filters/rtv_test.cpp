#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind RtvKind();

namespace {

// (x, y) of the image convolved with a normalised Gaussian of 2 radius + 1 pixels, zeros beyond it.
double GaussianAt(ConstView image, int x, int y, double sigma, int radius) {
  double sum = 0.0;
  double weights = 0.0;
  for (int dy = -radius; dy <= radius; ++dy) {
    for (int dx = -radius; dx <= radius; ++dx) {
      const double weight = std::exp(-0.5 * (dx * dx + dy * dy) / (sigma * sigma));
      const int i = x + dx;
      const int j = y + dy;
      weights += weight;
      if (i >= 0 && j >= 0 && i < image.width && j < image.height) {
        sum += weight * image(i, j);
      }
    }
  }
  return sum / weights;
}

Image Step(ConstView target, ConstView mask, ConstView last, double lambda, double sigma,
           int radius) {
  DenseSystem system(target);
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      system.AddData(x, y, mask.empty() ? 1.0f : mask(x, y), target(x, y));
      const double gx = x + 1 < target.width ? last(x + 1, y) - last(x, y) : 0.0;
      const double gy = y + 1 < target.height ? last(x, y + 1) - last(x, y) : 0.0;
      for (const auto& [i, j] : {std::pair{x + 1, y}, {x, y + 1}}) {
        if (i < target.width && j < target.height) {
          const double inherent = std::abs(GaussianAt(last, i, j, sigma, radius) -
                                           GaussianAt(last, x, y, sigma, radius));
          system.AddEdge(
              x, y, i, j,
              0.5 * lambda / std::max(inherent, 1e-3) / std::max(std::hypot(gx, gy), 0.02));
        }
      }
    }
  }
  return system.Solve();
}

TEST(RtvTest, AgreesWithItsDefinition) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 6}, {10, 8}}) {
    const Image target = RandomImage(width, height, 1, 1);
    Image mask = RandomMask(width, height, 2);
    mask(0, 0) = 0.5f;
    for (const ConstView measured : {ConstView(), ConstView(mask)}) {
      const Image first = Step(target, measured, target, 0.1, 2.0, 5);
      const Image second = Step(target, measured, first, 0.1, 1.0, 3);
      FilterSettings settings = {{"lambda", 0.1}, {"sigma", 2.0}, {"tolerance", 1e-12}};
      settings["iterations"] = 1;
      ExpectNear(ApplyFilter(RtvKind(), settings, {target, target, measured}), first, 1e-5f);
      settings["iterations"] = 2;
      ExpectNear(ApplyFilter(RtvKind(), settings, {target, target, measured}), second, 5e-5f);
    }
  }
}

// Stripes of two pixels go, and the step between two regions of stripes stays.
TEST(RtvTest, RemovesTextureAndKeepsEdges) {
  Image target(48, 24);
  for (int y = 0; y < 24; ++y) {
    for (int x = 0; x < 48; ++x) {
      target(x, y) = (x < 24 ? 0.2f : 0.8f) + (x % 2 == 0 ? 0.05f : -0.05f);
    }
  }
  const Image result = ApplyFilter(RtvKind(), {}, {target, target});
  EXPECT_NEAR(result(10, 12), result(11, 12), 0.01f);
  EXPECT_GT(result(24, 12) - result(23, 12), 0.3f);
}

}  // namespace
}  // namespace dkn
