#ifndef DKN_SRC_FILTERS_FGS_LANES_H_
#define DKN_SRC_FILTERS_FGS_LANES_H_

#include <cstddef>

#include "dkn/image.h"

namespace dkn {

// What the fast global smoother does to each pixel, several at a time.

// exp(scale * |I_p - I_q|) of each pixel of row y and its right neighbour, and the one below; 1
// where there is no such neighbour.
void WeighRow(ConstView guide, int y, float scale, float* right, float* below);

// So many lines of an image, rows or columns, are smoothed at once.
inline constexpr int kLanes = 32;

// Place i of lane l lies at [i * step + l].
struct LaneValues {
  float* data;
  std::ptrdiff_t step;
};
struct LaneWeights {
  const float* data;
  std::ptrdiff_t step;
};

// Solves for each lane the tridiagonal system (1 + lambda A) u = f, A the Laplacian of `weights`,
// of which place i has that between values i and i + 1 (the last one is not read), by the Thomas
// algorithm. `values` hold f and then u; `upper` is room for kLanes * length.
void SolveLanes(const LaneWeights& weights, int length, float lambda, const LaneValues& values,
                float* upper);

// The same, a value after the other: the reference.
void SolveLanesPlainly(const LaneWeights& weights, int length, float lambda,
                       const LaneValues& values, float* upper);

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_FGS_LANES_H_
