#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind SdfKind();

namespace {

struct Edge {
  int x, y, i, j;
};

std::vector<Edge> Edges(ConstView image, bool diagonals) {
  std::vector<Edge> edges;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (const auto& [dx, dy] : {std::pair{1, 0}, {0, 1}, {1, 1}, {-1, 1}}) {
        const int i = x + dx;
        const int j = y + dy;
        if ((diagonals || dx * dy == 0) && i >= 0 && i < image.width && j < image.height) {
          edges.push_back({x, y, i, j});
        }
      }
    }
  }
  return edges;
}

// exp(-bandwidth * d) + 1e-5 of each edge, d stretched to [0, 1] over the image.
std::vector<double> Similarity(ConstView image, const std::vector<Edge>& edges, double bandwidth) {
  std::vector<double> d;
  for (const auto& [x, y, i, j] : edges) {
    d.push_back(ColorDistance(image, x, y, i, j));
  }
  const auto [low, high] = std::minmax_element(d.begin(), d.end());
  const double least = d.empty() ? 0.0 : *low;
  const double range = d.empty() ? 0.0 : *high - least;
  for (double& value : d) {
    value = std::exp(-bandwidth * (range > 0.0 ? (value - least) / range : value)) + 1e-5;
  }
  return d;
}

Image Reference(ConstView guide, ConstView target, ConstView mask, bool diagonals, int steps) {
  const auto edges = Edges(target, diagonals);
  const auto of_guide = Similarity(guide, edges, 4.0);
  std::vector<double> of_result(edges.size(), 1.0 + 1e-5);
  Image u;
  for (int step = 0; step < steps; ++step) {
    if (step > 0) {
      of_result = Similarity(u, edges, 3.0);
    }
    DenseSystem system(target);
    for (int y = 0; y < target.height; ++y) {
      for (int x = 0; x < target.width; ++x) {
        system.AddData(x, y, mask.empty() ? 1.0f : mask(x, y), target(x, y));
      }
    }
    for (std::size_t e = 0; e < edges.size(); ++e) {
      system.AddEdge(edges[e].x, edges[e].y, edges[e].i, edges[e].j,
                     2.0 * of_guide[e] * of_result[e]);
    }
    u = system.Solve();
  }
  return u;
}

// A guide of one channel; that of colours is compared with the authors' (tests/parity).
TEST(SdfTest, AgreesWithItsDefinition) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 5}, {10, 8}}) {
    const Image guide = RandomImage(width, height, 1, 1);
    const Image target = RandomImage(width, height, 1, 2);
    Image mask = RandomMask(width, height, 3);
    mask(0, 0) = 0.5f;
    for (const ConstView measured : {ConstView(), ConstView(mask)}) {
      for (const bool diagonals : {false, true}) {
        for (const int steps : {1, 2, 6}) {
          ExpectNear(ApplyFilter(SdfKind(),
                                 {{"lambda", 2.0},
                                  {"mu", 4.0},
                                  {"nu", 3.0},
                                  {"steps", steps},
                                  {"eight_neighbours", diagonals ? 1.0 : 0.0},
                                  {"tolerance", 1e-12}},
                                 {guide, target, measured}),
                     Reference(guide, target, measured, diagonals, steps), 1e-4f);
        }
      }
    }
  }
}

// More steps make flatter regions with sharper steps between: the result's own edges count.
TEST(SdfTest, SharpensItsOwnSteps) {
  Image target(40, 6);
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 40; ++x) {
      target(x, y) = 1.0f / (1.0f + std::exp((19.5f - static_cast<float>(x)) / 3.0f));
    }
  }
  const Image guide(40, 6);
  const auto steepest = [&](int steps) {
    const Image result =
        ApplyFilter(SdfKind(), {{"lambda", 20.0}, {"nu", 20.0}, {"steps", steps}}, {guide, target});
    float most = 0.0f;
    for (int x = 1; x < 40; ++x) {
      most = std::max(most, result(x, 3) - result(x - 1, 3));
    }
    return most;
  };
  EXPECT_GT(steepest(10), 1.8f * steepest(1));
}

}  // namespace
}  // namespace dkn
