#include "src/dkn/combine_and_average.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "src/core/parallel_for.h"
#include "src/dkn/architecture.h"
#include "src/dkn/kernel_field.h"
#include "src/dkn/sampling.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/dkn/combine_and_average.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each instruction set.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// One vector holds phases of one 4 x 4 block: 16 of them, or fewer where vectors are shorter.
using F = hn::CappedTag<float, kPhases>;
using I = hn::RebindToSigned<F>;
using Floats = hn::Vec<F>;
using Ints = hn::Vec<I>;

// Row and column of each phase inside its block.
HWY_ALIGN constexpr std::int32_t kPhaseRow[kPhases] = {0, 0, 0, 0, 1, 1, 1, 1,
                                                       2, 2, 2, 2, 3, 3, 3, 3};
HWY_ALIGN constexpr std::int32_t kPhaseColumn[kPhases] = {0, 1, 2, 3, 0, 1, 2, 3,
                                                          0, 1, 2, 3, 0, 1, 2, 3};

// Where a vector of pixels stands: the block's top left pixel and each lane's place from there.
struct Place {
  int block_x;
  int block_y;
  Ints column;
  Ints row;
};

// sigmoid(a) * sigmoid(b), with one division.
HWY_INLINE Floats SigmoidProduct(Floats a, Floats b) {
  const F f;
  const auto one = hn::Set(f, 1.0f);
  const auto limit = hn::Set(f, kMaxLogit);
  const auto exp_minus = [&](Floats x) HWY_ATTR {
    return hn::Exp(f, hn::Neg(hn::Clamp(x, hn::Neg(limit), limit)));
  };
  return hn::Div(one, hn::Mul(hn::Add(one, exp_minus(a)), hn::Add(one, exp_minus(b))));
}

// SamplingGrid::Position.
HWY_INLINE Floats Position(const SamplingGrid<float>& grid, int index, Floats offset) {
  const F f;
  if (grid.clamp_window) {
    const auto limit = hn::Set(f, grid.max_offset);
    offset = hn::Min(hn::Max(offset, hn::Neg(limit)), limit);
  }
  const auto limit = hn::Set(f, static_cast<float>(grid.radius + 1));
  const auto at =
      hn::MulAdd(hn::Set(f, grid.scale), hn::Add(hn::Set(f, static_cast<float>(index)), offset),
                 hn::Set(f, grid.origin));
  return hn::Min(hn::Max(at, hn::Neg(limit)), limit);
}

// The target at whole offsets (tx, ty) from each lane's pixel. kInterior: no pixel that the window
// reaches lies outside the image.
template <bool kInterior>
HWY_INLINE Floats Read(const ConstView& target, const SamplingGrid<float>& grid, const Place& place,
                       Ints tx, Ints ty) {
  const F f;
  const I i;
  // From the block's top left pixel, so that 32 bits suffice for any image.
  auto x = hn::Add(place.column, tx);
  auto y = hn::Add(place.row, ty);
  auto valid = hn::FirstN(i, kPhases);
  if constexpr (!kInterior) {
    const auto inside_x =
        hn::Clamp(x, hn::Set(i, -place.block_x), hn::Set(i, target.width - 1 - place.block_x));
    const auto inside_y =
        hn::Clamp(y, hn::Set(i, -place.block_y), hn::Set(i, target.height - 1 - place.block_y));
    if (!grid.replicate_border) {
      valid = hn::And(hn::Eq(x, inside_x), hn::Eq(y, inside_y));
    }
    x = inside_x;
    y = inside_y;
  }
  const auto stride = hn::Set(i, static_cast<std::int32_t>(target.row_stride));
  const float* base = target.Row(place.block_y) + place.block_x;
  const auto value = hn::GatherIndex(f, base, hn::Add(hn::Mul(y, stride), x));
  if (grid.clamp_window && (kInterior || grid.replicate_border)) {
    return value;
  }
  if (!grid.clamp_window) {
    const auto beyond = hn::Set(i, grid.radius + 1);
    valid = hn::And(valid, hn::And(hn::Lt(hn::Abs(tx), beyond), hn::Lt(hn::Abs(ty), beyond)));
  }
  return hn::IfThenElseZero(hn::RebindMask(f, valid), value);
}

// SampleBilinear.
template <bool kInterior>
HWY_INLINE Floats SampleLanes(const ConstView& target, const SamplingGrid<float>& grid,
                              const Place& place, Floats dx, Floats dy) {
  const I i;
  const auto floor_x = hn::Floor(dx);
  const auto floor_y = hn::Floor(dy);
  const auto fx = hn::Sub(dx, floor_x);
  const auto fy = hn::Sub(dy, floor_y);
  const auto left = hn::ConvertTo(i, floor_x);
  const auto top = hn::ConvertTo(i, floor_y);
  const auto right = hn::Add(left, hn::Set(i, 1));
  const auto bottom = hn::Add(top, hn::Set(i, 1));
  const auto v00 = Read<kInterior>(target, grid, place, left, top);
  const auto v01 = Read<kInterior>(target, grid, place, right, top);
  const auto v10 = Read<kInterior>(target, grid, place, left, bottom);
  const auto v11 = Read<kInterior>(target, grid, place, right, bottom);
  const auto upper = hn::MulAdd(fx, hn::Sub(v01, v00), v00);
  const auto lower = hn::MulAdd(fx, hn::Sub(v11, v10), v10);
  return hn::MulAdd(fy, hn::Sub(lower, upper), upper);
}

// One block: `guide` and `target_head` are its 48 * k * k values of the heads.
template <bool kInterior>
HWY_INLINE void FilterBlock(const float* guide, const float* target_head, const ConstView& target,
                            const SamplingGrid<float>& grid, bool residual, int block_x,
                            int block_y, const View& out) {
  const F f;
  const I i;
  const int taps = grid.kernel_size * grid.kernel_size;
  HWY_ALIGN float result[kPhases];
  for (std::size_t lane = 0; lane < kPhases; lane += hn::Lanes(f)) {
    const Place place{block_x, block_y, hn::Load(i, kPhaseColumn + lane),
                      hn::Load(i, kPhaseRow + lane)};
    auto weighted_sum = hn::Zero(f);
    auto weight_sum = hn::Zero(f);
    auto sample_sum = hn::Zero(f);
    for (int tap = 0; tap < taps; ++tap) {
      const auto product = [&](int channel) HWY_ATTR {
        const std::size_t at = static_cast<std::size_t>(channel) * kPhases + lane;
        return hn::Mul(hn::LoadU(f, guide + at), hn::LoadU(f, target_head + at));
      };
      const std::size_t at = static_cast<std::size_t>(tap) * kPhases + lane;
      const auto weight = SigmoidProduct(hn::LoadU(f, guide + at), hn::LoadU(f, target_head + at));
      const auto dx = Position(grid, grid.Column(tap), product(taps + 2 * tap));
      const auto dy = Position(grid, grid.Row(tap), product(taps + 2 * tap + 1));
      const auto sample = SampleLanes<kInterior>(target, grid, place, dx, dy);
      weighted_sum = hn::MulAdd(weight, sample, weighted_sum);
      weight_sum = hn::Add(weight_sum, weight);
      sample_sum = hn::Add(sample_sum, sample);
    }
    // sum (w - mean w) s = sum w s - mean w * sum s: one pass serves both kinds of weights.
    const auto mean = hn::Mul(weight_sum, hn::Set(f, 1.0f / static_cast<float>(taps)));
    const auto average = residual ? hn::NegMulAdd(mean, sample_sum, weighted_sum)
                                  : hn::Div(weighted_sum, weight_sum);
    hn::Store(average, f, result + lane);
  }
  for (int row = 0; row < kResampling; ++row) {
    const float* centre = target.Row(block_y + row) + block_x;
    float* to = out.Row(block_y + row) + block_x;
    for (int column = 0; column < kResampling; ++column) {
      to[column] = result[row * kResampling + column] + (residual ? centre[column] : 0.0f);
    }
  }
}

void FilterBlockRow(const float* guide_heads, const float* target_heads, const ConstView& target,
                    const Architecture& architecture, int block_row, const View& out) {
  const SamplingGrid<float> grid(architecture);
  const int blocks = target.width / kResampling;
  const std::ptrdiff_t size =
      static_cast<std::ptrdiff_t>(3) * kPhases * grid.kernel_size * grid.kernel_size;
  const int y = block_row * kResampling;
  const int reach = grid.radius + 2;  // the pixel after the last that a position may have
  const bool interior_row = y >= reach && y + kResampling + reach <= target.height;
  for (int block = 0; block < blocks; ++block) {
    const int x = block * kResampling;
    const std::ptrdiff_t at = (static_cast<std::ptrdiff_t>(block_row) * blocks + block) * size;
    const float* guide = guide_heads + at;
    const float* head = target_heads + at;
    const bool interior = interior_row && x >= reach && x + kResampling + reach <= target.width;
    if (interior) {
      FilterBlock<true>(guide, head, target, grid, architecture.residual, x, y, out);
    } else {
      FilterBlock<false>(guide, head, target, grid, architecture.residual, x, y, out);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dkn {

HWY_EXPORT(FilterBlockRow);

void CombineAndAverage(const float* guide_heads, const float* target_heads, ConstView target,
                       const Architecture& architecture, View out) {
  const auto filter = HWY_DYNAMIC_DISPATCH(FilterBlockRow);
  ParallelFor(0, target.height / kResampling, [&](int block_row) {
    filter(guide_heads, target_heads, target, architecture, block_row, out);
  });
}

}  // namespace dkn
#endif  // HWY_ONCE
