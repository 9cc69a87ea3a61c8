#ifndef DKN_SRC_FILTERS_GRID_SYSTEM_H_
#define DKN_SRC_FILTERS_GRID_SYSTEM_H_

#include <array>

#include "dkn/image.h"
#include "dkn/progress.h"
#include "src/core/parallel_for.h"

// The sparse linear systems of filters that weigh what is measured against differences of
// neighbours.
namespace dkn {

// Where the other end of a pixel's edges lies: the first two are those of 4 neighbours, all of 8.
struct EdgeDirection {
  int dx;
  int dy;
};
inline constexpr std::array<EdgeDirection, 4> kEdges = {{{1, 0}, {0, 1}, {1, 1}, {-1, 1}}};

// Whether pixel (x, y) has an edge in that direction.
inline bool HasEdge(EdgeDirection edge, int x, int y, int width, int height) {
  return x + edge.dx >= 0 && x + edge.dx < width && y + edge.dy < height;
}

// An image whose channel e holds edge_weight(x, y, x', y') of the edge kEdges[e] from (x, y) to
// (x', y'), and 0 where there is none. It is called by several threads.
template <typename EdgeWeight>
Image WeighEdges(int width, int height, int neighbours, const EdgeWeight& edge_weight) {
  Image weights(width, height, neighbours / 2);
  ParallelFor(0, height, [&](int y) {
    for (int e = 0; e < neighbours / 2; ++e) {
      for (int x = 0; x < width; ++x) {
        if (HasEdge(kEdges[e], x, y, width, height)) {
          weights(x, y, e) = edge_weight(x, y, x + kEdges[e].dx, y + kEdges[e].dy);
        }
      }
    }
  });
  return weights;
}

// What conjugate gradients begin with and when they end.
struct SolverLimits {
  double tolerance = 1e-5;  // of the residual, against the right side
  int iterations = 1000;
};

// Solves, for each channel,
//   minimise sum_p data_weight_p (u_p - data_p)^2 + sum_{edges pq} w_pq (u_p - u_q)^2
// by conjugate gradients with a cycle of multigrid. `u` is what they begin with, and holds
// the solution. Each pixel is drawn to that beginning by kAnchor more, so that there is a solution
// where neither data nor edges decide. Memory is linear in the pixels. Throws Error unless sizes
// fit, and for more than 2^27 pixels.
//
// With `steps`, of which channel c * edges + e holds what channel c should rise by along edge e,
// terms of edges are w_pq (u_q - u_p - step_pq)^2.
//
// The progress of a channel is how many of the orders of magnitude that its residual is to fall by
// it has fallen.
inline constexpr double kAnchor = 1e-10;
void SolveGrid(ConstView data, ConstView data_weight, const Image& edge_weights,
               const SolverLimits& limits, View u, const Progress& progress = {},
               ConstView steps = {});

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_GRID_SYSTEM_H_
