#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind ParkKind();

namespace {

constexpr int kRadius = 2;
const FilterSettings kSettings = {{"smoothness", 2.0},    {"nonlocal", 1.5},   {"sigma_color", 0.4},
                                  {"sigma_depth", 0.5},   {"saliency", 3.0},   {"radius", kRadius},
                                  {"sigma_space", 1.5},   {"anisotropy", 2.0}, {"tolerance", 1e-12},
                                  {"segment_weight", 1.0}};

struct Gradient {
  double x;
  double y;
};
Gradient GradientOf(ConstView image, int x, int y, int c) {
  return {0.5 * (image(std::min(x + 1, image.width - 1), y, c) - image(std::max(x - 1, 0), y, c)),
          0.5 * (image(x, std::min(y + 1, image.height - 1), c) - image(x, std::max(y - 1, 0), c))};
}

// The pixels of the window around (x, y), itself included.
std::vector<std::pair<int, int>> Window(int x, int y, int radius, ConstView image) {
  std::vector<std::pair<int, int>> pixels;
  for (int j = std::max(0, y - radius); j <= std::min(image.height - 1, y + radius); ++j) {
    for (int i = std::max(0, x - radius); i <= std::min(image.width - 1, x + radius); ++i) {
      pixels.emplace_back(i, j);
    }
  }
  return pixels;
}

double Saliency(ConstView guide, int x, int y) {
  double sum = 0.0;
  for (int c = 0; c < guide.channels; ++c) {
    const Gradient g = GradientOf(guide, x, y, c);
    sum += 3.0 * (g.x * g.x + g.y * g.y);
  }
  return sum;
}

double Smoothness(ConstView guide, ConstView depth, int x, int y, int i, int j) {
  return std::exp(-ColorDistance(guide, x, y, i, j) / (2.0 * 0.4 * 0.4) -
                  ColorDistance(depth, x, y, i, j) / (2.0 * 0.5 * 0.5)) /
         std::sqrt(1.0 + Saliency(guide, x, y) + Saliency(guide, i, j));
}

// exp(-d^2 / 2 sigma^2 - 2 E[(g . d)^2]) over the window around (x, y).
double Gaussian(ConstView guide, int x, int y, int dx, int dy) {
  const auto window = Window(x, y, kRadius, guide);
  double across = 0.0;
  for (const auto& [i, j] : window) {
    for (int c = 0; c < guide.channels; ++c) {
      const Gradient g = GradientOf(guide, i, j, c);
      across += std::pow(g.x * dx + g.y * dy, 2.0) / static_cast<double>(window.size());
    }
  }
  return std::exp(-(dx * dx + dy * dy) / (2.0 * 1.5 * 1.5) - 2.0 * across);
}

Image Reference(ConstView guide, ConstView target, ConstView mask) {
  DenseSystem system(target);
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      system.AddData(x, y, mask(x, y), target(x, y));
      const auto smoothness = [&](int i, int j) {
        return std::abs(i - x) <= 1 && std::abs(j - y) <= 1 && (i != x || j != y)
                   ? Smoothness(guide, target, x, y, i, j)
                   : 0.0;
      };
      const auto nonlocal = [&](int i, int j) {
        return i == x && j == y ? 0.0
                                : 0.5 * (Gaussian(guide, x, y, i - x, j - y) +
                                         Gaussian(guide, i, j, i - x, j - y));
      };
      double w = 0.0;
      double kappa = 0.0;
      for (const auto& [i, j] : Window(x, y, kRadius, target)) {
        w += smoothness(i, j);
        kappa += nonlocal(i, j);
      }
      for (const auto& [i, j] : Window(x, y, kRadius, target)) {
        if (i != x || j != y) {
          system.AddEdge(x, y, i, j, 2.0 * smoothness(i, j) / w + 1.5 * nonlocal(i, j) / kappa);
        }
      }
    }
  }
  return system.Solve();
}

TEST(ParkTest, AgreesWithItsDefinition) {
  for (const auto& [width, height] : {std::pair{2, 1}, {1, 7}, {9, 8}}) {
    for (const int channels : {1, 3}) {
      const Image guide = RandomImage(width, height, channels, 1);
      const Image target = RandomImage(width, height, 1, 2);
      Image mask = RandomMask(width, height, 3);
      mask(0, 0) = 0.5f;
      ExpectNear(ApplyFilter(ParkKind(), kSettings, {guide, target, mask}),
                 Reference(guide, target, mask), 2e-5f);
    }
  }
}

// A step of sparse samples lies where the guide has one; segments make it sharper.
TEST(ParkTest, FillsBetweenSamplesUpToTheGuidesEdges) {
  Image guide(32, 24);
  Image target(32, 24);
  for (int y = 0; y < 24; ++y) {
    std::fill_n(guide.Row(y) + 16, 16, 0.2f);
    for (int x = 0; x < 32; ++x) {
      target(x, y) = std::clamp((static_cast<float>(x) - 13.0f) / 5.0f, 0.0f, 1.0f);
    }
  }
  Image values(8, 6);
  for (int y = 0; y < 6; ++y) {
    std::fill_n(values.Row(y) + 4, 4, 1.0f);
  }
  const MeasuredSamples samples{values, {}, 1.5f, 1.5f, 4.0f, 4.0f};
  const auto contrast = [&](double segment_weight) {
    const Image result = ApplyFilter(
        ParkKind(), {{"smoothness", 0.3}, {"sigma_depth", 1.0}, {"segment_weight", segment_weight}},
        {guide, target, {}, samples});
    return result(16, 12) - result(15, 12);
  };
  EXPECT_GT(contrast(0.7), 0.5f);
  EXPECT_GT(contrast(0.1), contrast(1.0));
}

}  // namespace
}  // namespace dkn
