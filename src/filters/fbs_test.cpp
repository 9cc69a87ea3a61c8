#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind FbsKind();

namespace {

using Cell = std::array<int, 5>;

Cell CellOf(ConstView guide, int x, int y, double space, double luma, double chroma) {
  const double r = 255.0 * guide(x, y, 0);
  const double g = 255.0 * guide(x, y, 1);
  const double b = 255.0 * guide(x, y, 2);
  return {static_cast<int>(x / space), static_cast<int>(y / space),
          static_cast<int>((0.299 * r + 0.587 * g + 0.114 * b) / luma),
          static_cast<int>((128.0 - 0.168736 * r - 0.331264 * g + 0.5 * b) / chroma),
          static_cast<int>((128.0 + 0.5 * r - 0.418688 * g - 0.081312 * b) / chroma)};
}

// The solver's definition, with dense matrices and an exact solution.
Image Reference(ConstView guide, ConstView target, ConstView confidence, double space, double luma,
                double chroma, double lambda) {
  std::map<Cell, std::size_t> vertex;
  for (int y = 0; y < guide.height; ++y) {
    for (int x = 0; x < guide.width; ++x) {
      vertex.emplace(CellOf(guide, x, y, space, luma, chroma), vertex.size());
    }
  }
  const std::size_t n = vertex.size();
  std::vector<std::vector<double>> blur(n, std::vector<double>(n));
  for (const auto& [cell, v] : vertex) {
    blur[v][v] = 10.0;
    for (std::size_t d = 0; d < 5; ++d) {
      for (const int side : {-1, 1}) {
        Cell other = cell;
        other[d] += side;
        if (const auto found = vertex.find(other); found != vertex.end()) {
          blur[v][found->second] = 1.0;
        }
      }
    }
  }
  std::vector<double> pixels(n), weight(n), right(n), scale(n, 1.0), sums(n);
  for (int y = 0; y < guide.height; ++y) {
    for (int x = 0; x < guide.width; ++x) {
      const std::size_t v = vertex.at(CellOf(guide, x, y, space, luma, chroma));
      pixels[v] += 1.0;
      weight[v] += confidence(x, y);
      right[v] += static_cast<double>(confidence(x, y)) * target(x, y);
    }
  }
  const auto blurred = [&](std::size_t v) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      sum += blur[v][i] * scale[i];
    }
    return sum;
  };
  for (int i = 0; i < 10; ++i) {
    for (std::size_t v = 0; v < n; ++v) {
      sums[v] = std::sqrt(scale[v] * pixels[v] / blurred(v));
    }
    scale = sums;
  }
  std::vector<std::vector<double>> matrix(n, std::vector<double>(n));
  for (std::size_t v = 0; v < n; ++v) {
    for (std::size_t i = 0; i < n; ++i) {
      matrix[v][i] = -lambda * scale[v] * blur[v][i] * scale[i];
    }
    matrix[v][v] += lambda * scale[v] * blurred(v) + weight[v];
  }
  SolveDensely(matrix, right);
  Image out(guide.width, guide.height);
  for (int y = 0; y < guide.height; ++y) {
    for (int x = 0; x < guide.width; ++x) {
      out(x, y) = static_cast<float>(right[vertex.at(CellOf(guide, x, y, space, luma, chroma))]);
    }
  }
  return out;
}

TEST(FbsTest, AgreesWithItsDefinition) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 6}, {12, 9}}) {
    const Image guide = RandomImage(width, height, 3, 1);
    const Image target = RandomImage(width, height, 1, 2);
    const Image confidence = RandomImage(width, height, 1, 3);
    ExpectNear(ApplyFilter(FbsKind(),
                           {{"sigma_space", 3},
                            {"sigma_luma", 40},
                            {"sigma_chroma", 60},
                            {"lambda", 4},
                            {"iterations", 1000}},
                           {guide, target, confidence}),
               Reference(guide, target, confidence, 3, 40, 60, 4), 1e-4f);
  }
}

// Where a sample is far its neighbourhood is trusted less: the pixel beside it decides a vertex.
TEST(FbsTest, TrustsTheTargetNearSamples) {
  const Image guide(8, 8, 3);
  Image target(8, 8);
  target(2, 2) = target(2, 1) = target(1, 2) = target(1, 1) = 1.0f;  // around the sample
  const Image values(2, 2);
  const MeasuredSamples samples{values, {}, 1.5f, 1.5f, 4.0f, 4.0f};
  const FilterSettings settings = {{"sigma_space", 4}, {"lambda", 0}};
  const Image result = ApplyFilter(FbsKind(), settings, {guide, target, {}, samples});
  // The mean over the 4 x 4 pixels would be a quarter.
  EXPECT_GT(result(0, 0), 0.5f);
}

}  // namespace
}  // namespace dkn
