#ifndef DKN_SRC_DKN_PLAIN_KERNEL_H_
#define DKN_SRC_DKN_PLAIN_KERNEL_H_

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "dkn/architecture.h"
#include "dkn/image.h"
#include "dkn/model.h"
#include "src/core/parallel_for.h"
#include "src/dkn/architecture.h"
#include "src/dkn/heads.h"
#include "src/dkn/target_pyramid.h"

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
// a window that limits s(q), what is read beyond the image's border, and taps c that read coarser
// levels of the target, where (4) to (6) hold in the pixels of the level. Their weights are joined
// to the sum of Eq. (7); with the residual they draw the pixel towards what they read,
//   f^_p   = f_p + sum over q of K_q f_s(q) + sum over c of K_c (f_s(c) - f_p),
// and no mean is subtracted from them. T is float for inference
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

// The logits that one stream gives for one pixel become its factors of the weights; those of
// coarser levels always by sigmoids.
template <typename T>
void Activate(const Architecture& architecture, T* values) {
  const int taps = FineTapCount(architecture);
  if (architecture.weight_activation == WeightActivation::kSigmoid) {
    std::transform(values, values + taps, values, Sigmoid<T>);
  } else if (architecture.weight_activation == WeightActivation::kSoftmax) {
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
  std::transform(values + taps, values + TapCount(architecture), values + taps, Sigmoid<T>);
}

// The streams' product becomes the weights of one pixel: less their mean over the taps of the
// target itself (residual, mean_subtraction), or divided by their sum over all (no residual).
template <typename T>
void Normalize(const Architecture& architecture, T* weights) {
  const int taps = architecture.residual ? FineTapCount(architecture) : TapCount(architecture);
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
        max_offset(T(a.window - a.kernel_size) / T(2)),
        levels(a.levels),
        fine_taps(a.kernel_size * a.kernel_size),
        coarse_size(a.coarse_kernel_size),
        max_coarse_offset(T(a.window - a.coarse_kernel_size) / T(2)),
        residual(a.residual) {}

  // The taps of the target itself come first, then those of each coarser level.
  int Level(int tap) const {
    return tap < fine_taps ? 0 : 1 + (tap - fine_taps) / (coarse_size * coarse_size);
  }
  int Column(int tap) const {
    if (tap >= fine_taps) {
      return (tap - fine_taps) % coarse_size;
    }
    return row_major ? tap % kernel_size : tap / kernel_size;
  }
  int Row(int tap) const {
    if (tap >= fine_taps) {
      return (tap - fine_taps) / coarse_size % coarse_size;
    }
    return row_major ? tap / kernel_size : tap % kernel_size;
  }

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

  // Eq. (4) for a coarser level: the place in the level's pixels for column or row `pixel` of the
  // target. And its derivative by the offset.
  T LevelPosition(int level, int index, int pixel, T offset) const {
    const T centre = (T(pixel) + T(0.5)) / T(1 << level) - T(0.5);
    return centre + T(index) - T(coarse_size - 1) / T(2) +
           std::min(std::max(-max_coarse_offset, offset), max_coarse_offset);
  }
  T LevelPositionSlope(T offset) const {
    return std::abs(offset) <= max_coarse_offset ? T(1) : T(0);
  }

  // Where a tap of any level reads, in pixels of the target from column or row `pixel`.
  T FromPixel(int tap, int index, int pixel, T offset) const {
    const int level = Level(tap);
    return level == 0 ? Position(index, offset)
                      : (LevelPosition(level, index, pixel, offset) + T(0.5)) * T(1 << level) -
                            T(0.5) - T(pixel);
  }

  int kernel_size;
  int radius;  // of the window: (d - 1) / 2
  bool clamp_window;
  bool replicate_border;
  bool row_major;
  T scale;
  T origin;
  T max_offset;
  int levels;
  int fine_taps;
  int coarse_size;
  T max_coarse_offset;
  bool residual;
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

// Eq. (5) of the four pixels around a place (v00, v01 above; v10, v11 below), which lies fx to the
// right of the left ones and fy below the upper ones.
template <typename T>
SampledValue<T> Blend(T v00, T v01, T v10, T v11, T fx, T fy) {
  const T upper = v00 + fx * (v01 - v00);
  const T lower = v10 + fx * (v11 - v10);
  return {upper + fy * (lower - upper), (v01 - v00) + fy * ((v11 - v10) - (v01 - v00)),
          lower - upper};
}

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
  return Blend(v00, v01, v10, v11, fx, fy);
}

// Eq. (5) and (6) at the place (x, y) of a level, beyond whose border its nearest pixel is read.
template <typename T>
SampledValue<T> SampleLevel(const BasicView<const T>& level, T x, T y) {
  // A place farther out reads the same, and one that is NaN the first pixel.
  x = std::min(std::max(T(-1), x), T(level.width));
  y = std::min(std::max(T(-1), y), T(level.height));
  const int left = static_cast<int>(std::floor(x));
  const int top = static_cast<int>(std::floor(y));
  const T fx = x - T(left);
  const T fy = y - T(top);
  const auto column = [&](int i) { return std::clamp(i, 0, level.width - 1); };
  const T* upper_row = level.Row(std::clamp(top, 0, level.height - 1));
  const T* lower_row = level.Row(std::clamp(top + 1, 0, level.height - 1));
  const T v00 = upper_row[column(left)];
  const T v01 = upper_row[column(left + 1)];
  const T v10 = lower_row[column(left)];
  const T v11 = lower_row[column(left + 1)];
  return Blend(v00, v01, v10, v11, fx, fy);
}

// What a tap reads for the pixel (x, y), with the residual on a coarser level from the pixel's own
// value; the derivatives are those by its offsets.
template <typename T>
SampledValue<T> SampleTap(const TargetPyramid<T>& target, const SamplingGrid<T>& grid, int tap,
                          int x, int y, T offset_x, T offset_y) {
  const int level = grid.Level(tap);
  const int column = grid.Column(tap);
  const int row = grid.Row(tap);
  SampledValue<T> sample;
  if (level == 0) {
    sample = SampleBilinear(target.target(), x, y, grid.Position(column, offset_x),
                            grid.Position(row, offset_y), grid);
    sample.dx *= grid.PositionSlope(column, offset_x);
    sample.dy *= grid.PositionSlope(row, offset_y);
  } else {
    sample = SampleLevel(target[level], grid.LevelPosition(level, column, x, offset_x),
                         grid.LevelPosition(level, row, y, offset_y));
    sample.dx *= grid.LevelPositionSlope(offset_x);
    sample.dy *= grid.LevelPositionSlope(offset_y);
    sample.value -= grid.residual ? target.target()(x, y) : T(0);
  }
  return sample;
}

// Eq. (7), which is the sum of Eq. (3): for each pixel p of `lattice`, out(p) is the sum over taps
// of weights(p, tap) times what SampleTap reads.
//   target   1 channel, and as many levels as the grid
//   weights  a channel for each tap, for the pixels of the lattice, as many as `out` has
//   offsets  2 channels for each: 2 * tap is the x offset, 2 * tap + 1 the y offset, in pixels of
//            the tap's level
// Training runs forward by it too.
template <typename T>
void WeightedAverage(const std::type_identity_t<TargetPyramid<T>>& target,
                     const BasicView<const T>& weights, const BasicView<const T>& offsets,
                     const SamplingGrid<T>& grid, const BasicView<T>& out,
                     const Lattice& lattice = {}) {
  ParallelFor(0, out.height, [&](int y) {
    for (int x = 0; x < out.width; ++x) {
      T sum = 0;
      for (int tap = 0; tap < weights.channels; ++tap) {
        sum += weights(x, y, tap) * SampleTap(target, grid, tap, lattice.x + lattice.step * x,
                                              lattice.y + lattice.step * y, offsets(x, y, 2 * tap),
                                              offsets(x, y, 2 * tap + 1))
                                        .value;
      }
      out(x, y) = sum;
    }
  });
}

// Eq. (3) with the residual, else Eq. (7), for the pixels of `lattice`.
template <typename T>
void FilterPlainly(const std::type_identity_t<TargetPyramid<T>>& target,
                   const BasicView<const T>& weights, const BasicView<const T>& offsets,
                   const Architecture& architecture, const BasicView<T>& out,
                   const Lattice& lattice = {}) {
  WeightedAverage<T>(target, weights, offsets, SamplingGrid<T>(architecture), out, lattice);
  for (int y = 0; architecture.residual && y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      out(x, y) += target.target()(lattice.x + lattice.step * x, lattice.y + lattice.step * y);
    }
  }
}

// What the streams' heads give for an image, combined: a weight and two offsets for each tap of
// each pixel, as WeightedAverage takes them.
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
