#ifndef DKN_SRC_DKN_PLAIN_KERNEL_GRADIENT_H_
#define DKN_SRC_DKN_PLAIN_KERNEL_GRADIENT_H_

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "dkn/image.h"
#include "src/core/parallel_for.h"
#include "src/dkn/plain_kernel.h"

// The derivatives of the plain kernel, for training.
namespace dkn {

// The adjoint of SampleBilinear: adds `value` to the four pixels that it reads, by the factors that
// it reads them with.
template <typename T>
void AddBilinear(const BasicView<T>& target, int x, int y, T dx, T dy, T value,
                 const SamplingGrid<T>& grid) {
  const int left = static_cast<int>(std::floor(dx));
  const int top = static_cast<int>(std::floor(dy));
  const T fx = dx - T(left);
  const T fy = dy - T(top);
  for (const int j : {0, 1}) {
    for (const int i : {0, 1}) {
      int px = x + left + i;
      int py = y + top + j;
      if (!grid.clamp_window && std::max(std::abs(left + i), std::abs(top + j)) > grid.radius) {
        continue;
      }
      if (grid.replicate_border) {
        px = std::clamp(px, 0, target.width - 1);
        py = std::clamp(py, 0, target.height - 1);
      } else if (px < 0 || px >= target.width || py < 0 || py >= target.height) {
        continue;
      }
      target(px, py) += value * (i == 1 ? fx : T(1) - fx) * (j == 1 ? fy : T(1) - fy);
    }
  }
}

// The derivatives of WeightedAverage: from those of a loss by its output to those by weights and
// offsets. Where the position leaves its limits the offset's derivative is 0.
template <typename T>
void WeightedAverageGradient(const std::type_identity_t<TargetPyramid<T>>& target,
                             const BasicView<const T>& weights, const BasicView<const T>& offsets,
                             const SamplingGrid<T>& grid, const BasicView<const T>& out_gradient,
                             const BasicView<T>& weights_gradient,
                             const BasicView<T>& offsets_gradient, const Lattice& lattice = {}) {
  ParallelFor(0, out_gradient.height, [&](int y) {
    for (int tap = 0; tap < weights.channels; ++tap) {
      for (int x = 0; x < out_gradient.width; ++x) {
        const SampledValue<T> sample =
            SampleTap(target, grid, tap, lattice.x + lattice.step * x, lattice.y + lattice.step * y,
                      offsets(x, y, 2 * tap), offsets(x, y, 2 * tap + 1));
        const T gradient = out_gradient(x, y);
        const T weighted = gradient * weights(x, y, tap);
        weights_gradient(x, y, tap) = gradient * sample.value;
        offsets_gradient(x, y, 2 * tap) = weighted * sample.dx;
        offsets_gradient(x, y, 2 * tap + 1) = weighted * sample.dy;
      }
    }
  });
}

// The derivatives of WeightedAverage by the target, for grids of one level: adds them to
// `target_gradient`. On one thread, as results share the target's pixels.
template <typename T>
void WeightedAverageTargetGradient(const BasicView<const T>& weights,
                                   const BasicView<const T>& offsets, const SamplingGrid<T>& grid,
                                   const BasicView<const T>& out_gradient,
                                   const BasicView<T>& target_gradient,
                                   const Lattice& lattice = {}) {
  for (int tap = 0; tap < weights.channels; ++tap) {
    for (int y = 0; y < out_gradient.height; ++y) {
      for (int x = 0; x < out_gradient.width; ++x) {
        const T dx = grid.Position(grid.Column(tap), offsets(x, y, 2 * tap));
        const T dy = grid.Position(grid.Row(tap), offsets(x, y, 2 * tap + 1));
        AddBilinear(target_gradient, lattice.x + lattice.step * x, lattice.y + lattice.step * y, dx,
                    dy, weights(x, y, tap) * out_gradient(x, y), grid);
      }
    }
  }
}

}  // namespace dkn

#endif  // DKN_SRC_DKN_PLAIN_KERNEL_GRADIENT_H_
