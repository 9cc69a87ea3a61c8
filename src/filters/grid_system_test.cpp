#include "src/filters/grid_system.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "dkn/error.h"
#include "dkn/threads.h"
#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {
namespace {

constexpr SolverLimits kExact = {1e-12, 10000};

// The energy's terms, one by one, into a dense matrix.
Image Reference(ConstView data, ConstView data_weight, const Image& edges) {
  DenseSystem system(data);
  for (int y = 0; y < data.height; ++y) {
    for (int x = 0; x < data.width; ++x) {
      system.AddData(x, y, data_weight(x, y), data(x, y));
      for (int e = 0; e < edges.channels(); ++e) {
        const int i = x + kEdges[e].dx;
        const int j = y + kEdges[e].dy;
        if (i >= 0 && i < data.width && j < data.height) {
          system.AddEdge(x, y, i, j, edges(x, y, e));
        }
      }
    }
  }
  return system.Solve();
}

// Steps that are a picture's own differences give that picture, from one pixel that is measured.
TEST(GridSystemTest, IntegratesSteps) {
  const Image truth = RandomImage(9, 7, 2, 1);
  const Image edges = RandomImage(9, 7, 2, 0.5f, 1.0f, 2);
  Image steps(9, 7, 4);
  for (int c = 0; c < 2; ++c) {
    for (int e = 0; e < 2; ++e) {
      for (int y = 0; y < 7; ++y) {
        for (int x = 0; x < 9; ++x) {
          if (HasEdge(kEdges[e], x, y, 9, 7)) {
            steps(x, y, 2 * c + e) = truth(x + kEdges[e].dx, y + kEdges[e].dy, c) - truth(x, y, c);
          }
        }
      }
    }
  }
  Image weight(9, 7);
  weight(4, 3) = 1.0f;
  Image u(9, 7, 2);
  SolveGrid(truth, weight, edges, kExact, u, {}, steps);
  ExpectNear(u, truth, 1e-5f);
  EXPECT_THROW(SolveGrid(truth, weight, edges, kExact, u, {}, Image(9, 7, 2)), Error);
}

TEST(GridSystemTest, FindsTheLeastEnergy) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 6}, {7, 1}, {9, 8}}) {
    for (const int neighbours : {4, 8}) {
      const Image data = RandomImage(width, height, 1, 1);
      Image weight = RandomMask(width, height, 2);
      weight(0, 0) = 0.3f;
      const Image random = RandomImage(width, height, 1, 3);
      const Image edges = WeighEdges(width, height, neighbours, [&](int x, int y, int i, int j) {
        return 0.1f + random(x, y) * random(i, j);
      });
      Image u = RandomImage(width, height, 1, 4);
      SolveGrid(data, weight, edges, kExact, u);
      ExpectNear(u, Reference(data, weight, edges), 1e-5f);
    }
  }
}

TEST(GridSystemTest, WhatNothingDecidesStaysAsItWas) {
  const Image data = RandomImage(5, 4, 2, 1);
  Image u = RandomImage(5, 4, 2, 2);
  const Image before = Image::Clone(u);
  SolveGrid(data, Image(5, 4), Image(5, 4, 2), kExact, u);
  ExpectNear(u, before, 1e-6f);
}

TEST(GridSystemTest, ThreadsChangeNoBit) {
  const Image data = RandomImage(120, 90, 1, 1);
  const Image weight = RandomMask(120, 90, 2);
  const Image edges = WeighEdges(120, 90, 4, [](int x, int y, int, int) {
    return static_cast<float>((x * 7 + y * 3) % 5 + 1);
  });
  SetThreads(1);
  Image expected(120, 90);
  SolveGrid(data, weight, edges, {}, expected);
  SetThreads(3);
  Image u(120, 90);
  SolveGrid(data, weight, edges, {}, u);
  SetThreads(0);
  ExpectNear(u, expected, 0.0f);
}

TEST(GridSystemTest, RefusesSizesThatDiffer) {
  Image u(4, 4);
  EXPECT_THROW(SolveGrid(Image(4, 5), Image(4, 5), Image(4, 5, 2), {}, u), Error);
  EXPECT_THROW(SolveGrid(Image(4, 4), Image(4, 3), Image(4, 4, 2), {}, u), Error);
  EXPECT_THROW(SolveGrid(Image(4, 4), Image(4, 4), Image(5, 4, 2), {}, u), Error);
}

}  // namespace
}  // namespace dkn
