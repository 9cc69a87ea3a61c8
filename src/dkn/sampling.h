#ifndef DKN_SRC_DKN_SAMPLING_H_
#define DKN_SRC_DKN_SAMPLING_H_

#include <algorithm>
#include <cmath>

#include "dkn/architecture.h"
#include "dkn/image.h"

namespace dkn {

// Where the taps of a kernel lie and what they read: Architecture's fields, ready for the inner
// loop. T is float for inference and training, double for checking gradients.
template <typename T>
struct SamplingGrid {
  explicit SamplingGrid(const Architecture& a)
      : kernel_size(a.kernel_size),
        radius((a.window - 1) / 2),
        clamp_window(a.window_rule == WindowRule::kClamp),
        replicate_border(a.border_rule == BorderRule::kReplicate),
        row_major(a.tap_order == TapOrder::kRowMajor),
        scale(a.grid_scale),
        origin(a.grid_origin ? *a.grid_origin : -a.grid_scale * T(a.kernel_size - 1) / T(2)),
        max_offset(T(a.window - a.kernel_size) / T(2)) {}

  int Column(int tap) const { return row_major ? tap % kernel_size : tap / kernel_size; }
  int Row(int tap) const { return row_major ? tap / kernel_size : tap % kernel_size; }

  // Paper: Eq. (4), in one direction: the place that `index` and its learned offset give, in pixels
  // from the centre. Limited to just outside the window, where a zero window reads 0 anyway, so
  // that any offset, NaN too, is safe.
  T Position(int index, T offset) const {
    if (clamp_window) {
      offset = std::min(std::max(-max_offset, offset), max_offset);
    }
    const T limit = T(radius + 1);
    return std::min(std::max(-limit, scale * (T(index) + offset) + origin), limit);
  }
  // Position's derivative by the offset.
  T PositionSlope(int index, T offset) const {
    if (clamp_window && !(std::abs(offset) <= max_offset)) {
      return T(0);
    }
    return std::abs(scale * (T(index) + offset) + origin) <= T(radius + 1) ? scale : T(0);
  }

  int kernel_size;
  int radius;  // of the window: (d - 1) / 2
  bool clamp_window;
  bool replicate_border;
  bool row_major;
  T scale;
  T origin;
  T max_offset;
};

// The pixels (x + step * i, y + step * j), i, j >= 0: DKN gives one result for each stride (Table
// 1).
struct Lattice {
  int x = 0;
  int y = 0;
  int step = 1;
};

// A sampled value and its derivatives by the position.
template <typename T>
struct SampledValue {
  T value;
  T dx;
  T dy;
};

// Paper: Eq. (5) and (6). The target's value at (x + dx, y + dy), bilinear, under the grid's rules
// for the window around (x, y) and for the border. |dx| and |dy| are at most grid.radius + 1.
template <typename T>
SampledValue<T> SampleBilinear(const BasicView<const T>& target, int x, int y, T dx, T dy,
                               const SamplingGrid<T>& grid) {
  // Their floors: a conversion is faster than std::floor where the processor has no rounding.
  const int left = static_cast<int>(dx) - (dx < T(static_cast<int>(dx)) ? 1 : 0);
  const int top = static_cast<int>(dy) - (dy < T(static_cast<int>(dy)) ? 1 : 0);
  const T fx = dx - T(left);
  const T fy = dy - T(top);
  const auto read = [&](int tx, int ty) {
    if (!grid.clamp_window && std::max(std::abs(tx), std::abs(ty)) > grid.radius) {
      return T(0);
    }
    int px = x + tx;
    int py = y + ty;
    if (grid.replicate_border) {
      px = std::clamp(px, 0, target.width - 1);
      py = std::clamp(py, 0, target.height - 1);
    } else if (px < 0 || px >= target.width || py < 0 || py >= target.height) {
      return T(0);
    }
    return target(px, py);
  };
  T v00, v01, v10, v11;
  const bool inside =
      x + left >= 0 && x + left + 1 < target.width && y + top >= 0 && y + top + 1 < target.height;
  if (inside && grid.clamp_window) {
    const T* upper = target.Row(y + top) + x + left;
    const T* lower = upper + target.row_stride;
    v00 = upper[0];
    v01 = upper[1];
    v10 = lower[0];
    v11 = lower[1];
  } else {
    v00 = read(left, top);
    v01 = read(left + 1, top);
    v10 = read(left, top + 1);
    v11 = read(left + 1, top + 1);
  }
  const T upper = v00 + fx * (v01 - v00);
  const T lower = v10 + fx * (v11 - v10);
  return {upper + fy * (lower - upper), (v01 - v00) + fy * ((v11 - v10) - (v01 - v00)),
          lower - upper};
}

}  // namespace dkn

#endif  // DKN_SRC_DKN_SAMPLING_H_
