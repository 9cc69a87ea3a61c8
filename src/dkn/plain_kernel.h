#ifndef DKN_SRC_DKN_PLAIN_KERNEL_H_
#define DKN_SRC_DKN_PLAIN_KERNEL_H_

#include <algorithm>
#include <cmath>

#include "dkn/architecture.h"
#include "dkn/image.h"
#include "dkn/model.h"
#include "src/core/parallel_for.h"
#include "src/dkn/heads.h"

// The paper's kernel, plainly (Section 3.1). Target f, result f^, pixel p, taps q of a k x k grid:
//
//   weights, of logits a and b that guide and target give:
//     K_q  = sigmoid(a_q) sigmoid(b_q)
//     K_q := K_q - mean over q of K     with the residual
//     K_q := K_q / sum over q of K      without
//   offsets, a product of both streams as well:
//     D_q  = u_q v_q
//   s(q)   = q + D_q                                                  (4)  SamplingGrid::Position
//   f_s    = sum over t in R(s) of G(s, t) f_t                        (5)  SampleBilinear
//   G(s,t) = g(s_x, t_x) g(s_y, t_y),  g(a, b) = max(0, 1 - |a - b|)  (6)  SampleBilinear
//   f^_p   = f_p + sum over q of K_q f_s(q)    with the residual      (3)  FilterPlainly
//   f^_p   =       sum over q of K_q f_s(q)    without                (7)  WeightedAverage
//
// R(s) are the four pixels around s. What Architecture adds to this: other activations and sources,
// a window that limits s(q), and what is read beyond the image's border. T is float for inference
// and training, double for checking gradients. The fast kernel, src/dkn/fast_kernel.cpp, is
// tested against these functions on every instruction set.
namespace dkn {

// Weight logits are limited to +-kMaxLogit, for a softmax to that much below the largest: a sigmoid
// is 0 or 1 to within float long before, and a product of two of them still has an inverse.
inline constexpr float kMaxLogit = 40.0f;

template <typename T>
T Sigmoid(T logit) {
  return T(1) / (T(1) + std::exp(-std::clamp(logit, T(-kMaxLogit), T(kMaxLogit))));
}

// The logits that one stream gives for one pixel become its factors of the weights.
template <typename T>
void Activate(WeightActivation activation, int taps, T* values) {
  if (activation == WeightActivation::kSigmoid) {
    std::transform(values, values + taps, values, Sigmoid<T>);
  } else if (activation == WeightActivation::kSoftmax) {
    const T largest = *std::max_element(values, values + taps);
    T sum = 0;
    for (int tap = 0; tap < taps; ++tap) {
      values[tap] = std::exp(std::max(values[tap] - largest, T(-kMaxLogit)));
      sum += values[tap];
    }
    for (int tap = 0; tap < taps; ++tap) {
      values[tap] /= sum;
    }
  }
}

// The streams' product becomes the weights of one pixel: less their mean over the taps (residual,
// mean_subtraction), or divided by their sum (no residual).
template <typename T>
void Normalize(const Architecture& architecture, int taps, T* weights) {
  double sum = 0.0;
  for (int tap = 0; tap < taps; ++tap) {
    sum += weights[tap];
  }
  for (int tap = 0; tap < taps; ++tap) {
    if (!architecture.residual) {
      weights[tap] = static_cast<T>(weights[tap] / sum);
    } else if (architecture.mean_subtraction) {
      weights[tap] = static_cast<T>(weights[tap] - sum / taps);
    }
  }
}

// Where the taps of a kernel lie and what they read: Architecture's fields, ready for the inner
// loop.
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

  // Eq. (4) in one direction: the place that `index` and its learned offset give, in pixels from
  // the centre. It is limited to just outside the window, where a zero window reads 0 anyway, so
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

// The pixels (x + step * i, y + step * j), i, j >= 0. DKN gives one result for each stride
// (Table 1).
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

// Eq. (5) and (6): the target's value at (x + dx, y + dy), bilinear, under the grid's rules for the
// window around (x, y) and for the border. |dx| and |dy| are at most grid.radius + 1. The four
// factors G(s, t) of Eq. (6) are (1 - fx)(1 - fy), fx (1 - fy), (1 - fx) fy and fx fy.
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

// Eq. (7), which is the sum of Eq. (3): for each pixel p of `lattice`, out(p) is the sum over taps
// of weights(p, tap) times the target sampled at the tap's place.
//   target   1 channel
//   weights  k * k channels, for the pixels of the lattice, as many as `out` has
//   offsets  2 * k * k channels: 2 * tap is the x offset, 2 * tap + 1 the y offset, in pixels
// Training runs forward by it too.
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

// Eq. (3) with the residual, else Eq. (7), for the pixels of `lattice`.
template <typename T>
void FilterPlainly(const BasicView<const T>& target, const BasicView<const T>& weights,
                   const BasicView<const T>& offsets, const Architecture& architecture,
                   const BasicView<T>& out, const Lattice& lattice = {}) {
  WeightedAverage<T>(target, weights, offsets, SamplingGrid<T>(architecture), out, lattice);
  for (int y = 0; architecture.residual && y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      out(x, y) += target(lattice.x + lattice.step * x, lattice.y + lattice.step * y);
    }
  }
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

// What the streams' heads give for an image, combined: k * k weights and 2 * k * k offsets for each
// pixel, as WeightedAverage takes them.
struct WeightsAndOffsets {
  Image weights;
  Image offsets;
};

// Combines what the heads give for width x height pixels (of kBlocks: multiples of kResampling).
// Offsets are 0 where no stream gives any.
WeightsAndOffsets CombineHeads(const Heads& heads, HeadLayout layout, int width, int height,
                               const Architecture& architecture);

// The pixels of [left, right) x [top, bottom).
struct Area {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
};

// Stores the kernels of a lattice's pixels, where they lie in `area`, with offsets made positions
// by Eq. (4).
void StoreKernels(const WeightsAndOffsets& combined, const Lattice& lattice, const Area& area,
                  const Architecture& architecture, Kernels& kernels);

}  // namespace dkn

#endif  // DKN_SRC_DKN_PLAIN_KERNEL_H_
