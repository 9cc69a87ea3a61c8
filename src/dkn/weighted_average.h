#ifndef DKN_SRC_DKN_WEIGHTED_AVERAGE_H_
#define DKN_SRC_DKN_WEIGHTED_AVERAGE_H_

#include "src/core/parallel_for.h"
#include "src/dkn/sampling.h"

namespace dkn {

// Paper: Eq. (7), the sum of Eq. (3) without f_p. For each pixel p of `lattice`, out(p) is the sum
// over taps of weights(p, tap) times the target sampled at the tap's place.
//   target   1 channel
//   weights  k * k channels, for the pixels of the lattice, as many as `out` has
//   offsets  2 * k * k channels: 2 * tap is the x offset, 2 * tap + 1 the y offset, in pixels
// The plain version: the reference for the fused kernel, and the forward pass of training.
template <typename T>
void WeightedAverage(const BasicView<const T>& target, const BasicView<const T>& weights,
                     const BasicView<const T>& offsets, const SamplingGrid<T>& grid,
                     const BasicView<T>& out, const Lattice& lattice = {}) {
  ParallelFor(0, out.height, [&](int y) {
    for (int x = 0; x < out.width; ++x) {
      T sum = 0;
      for (int tap = 0; tap < weights.channels; ++tap) {
        const T dx = grid.Position(grid.Column(tap), offsets(x, y, 2 * tap));
        const T dy = grid.Position(grid.Row(tap), offsets(x, y, 2 * tap + 1));
        sum += weights(x, y, tap) * SampleBilinear(target, lattice.x + lattice.step * x,
                                                   lattice.y + lattice.step * y, dx, dy, grid)
                                        .value;
      }
      out(x, y) = sum;
    }
  });
}

// The derivatives of WeightedAverage: from those of a loss by its output to those by weights and
// offsets. Where the position leaves its limits the offset's derivative is 0.
template <typename T>
void WeightedAverageGradient(const BasicView<const T>& target, const BasicView<const T>& weights,
                             const BasicView<const T>& offsets, const SamplingGrid<T>& grid,
                             const BasicView<const T>& out_gradient,
                             const BasicView<T>& weights_gradient,
                             const BasicView<T>& offsets_gradient, const Lattice& lattice = {}) {
  ParallelFor(0, out_gradient.height, [&](int y) {
    for (int tap = 0; tap < weights.channels; ++tap) {
      const int column = grid.Column(tap);
      const int row = grid.Row(tap);
      for (int x = 0; x < out_gradient.width; ++x) {
        const T offset_x = offsets(x, y, 2 * tap);
        const T offset_y = offsets(x, y, 2 * tap + 1);
        const SampledValue<T> sample =
            SampleBilinear(target, lattice.x + lattice.step * x, lattice.y + lattice.step * y,
                           grid.Position(column, offset_x), grid.Position(row, offset_y), grid);
        const T gradient = out_gradient(x, y);
        const T weighted = gradient * weights(x, y, tap);
        weights_gradient(x, y, tap) = gradient * sample.value;
        offsets_gradient(x, y, 2 * tap) =
            weighted * sample.dx * grid.PositionSlope(column, offset_x);
        offsets_gradient(x, y, 2 * tap + 1) =
            weighted * sample.dy * grid.PositionSlope(row, offset_y);
      }
    }
  });
}

}  // namespace dkn

#endif  // DKN_SRC_DKN_WEIGHTED_AVERAGE_H_
