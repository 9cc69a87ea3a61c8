// Bilinear samples of a vector of pixels, by Highway: included once for each instruction set by
// fast_kernel.cpp.
#if defined(DKN_SRC_DKN_SAMPLE_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef DKN_SRC_DKN_SAMPLE_LANES_INL_H_
#undef DKN_SRC_DKN_SAMPLE_LANES_INL_H_
#else
#define DKN_SRC_DKN_SAMPLE_LANES_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>

#include "dkn/image.h"
#include "src/dkn/architecture.h"
#include "src/dkn/plain_kernel.h"

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// The kernel filters groups of 16 pixels; a vector holds all of them, or fewer where it is shorter.
using F = hn::CappedTag<float, kPhases>;
using I = hn::RebindToSigned<F>;
using Floats = hn::Vec<F>;
using Ints = hn::Vec<I>;

// Where a vector of pixels stands: the group's first pixel and each lane's place from there.
struct Place {
  int first_x;
  int first_y;
  Ints column;
  Ints row;
};

// SamplingGrid::Position for a vector.
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

// The target at whole offsets (tx, ty) from each lane's pixel. kInterior says that no pixel that
// the window reaches lies outside the image.
template <bool kInterior>
HWY_INLINE Floats Read(const ConstView& target, const SamplingGrid<float>& grid, const Place& place,
                       Ints tx, Ints ty) {
  const F f;
  const I i;
  // From the group's first pixel, so that 32 bits suffice (FastKernel::kMaxRowStride).
  auto x = hn::Add(place.column, tx);
  auto y = hn::Add(place.row, ty);
  auto valid = hn::FirstN(i, kPhases);
  if constexpr (!kInterior) {
    const auto inside_x =
        hn::Clamp(x, hn::Set(i, -place.first_x), hn::Set(i, target.width - 1 - place.first_x));
    const auto inside_y =
        hn::Clamp(y, hn::Set(i, -place.first_y), hn::Set(i, target.height - 1 - place.first_y));
    if (!grid.replicate_border) {
      valid = hn::And(hn::Eq(x, inside_x), hn::Eq(y, inside_y));
    }
    x = inside_x;
    y = inside_y;
  }
  const auto stride = hn::Set(i, static_cast<std::int32_t>(target.row_stride));
  const float* base = target.Row(place.first_y) + place.first_x;
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

#if HWY_TARGET <= HWY_AVX2
// Two values side by side at each of the whole offsets (tx, ty), as one gather of twice the width
// takes them: in half the time.
HWY_INLINE void ReadPairs(const ConstView& target, const Place& place, Ints tx, Ints ty,
                          Floats& left, Floats& right) {
  const F f;
  const I i;
  const hn::Repartition<double, F> pairs;
  const hn::RebindToSigned<decltype(pairs)> wide;
  const hn::Half<I> half;
  const auto stride = hn::Set(i, static_cast<std::int32_t>(target.row_stride));
  const auto index = hn::Add(hn::Mul(hn::Add(place.row, ty), stride), hn::Add(place.column, tx));
  const auto offset = hn::ShiftLeft<2>(index);
  const auto* base = reinterpret_cast<const double*>(target.Row(place.first_y) + place.first_x);
  const auto lower = hn::BitCast(
      f, hn::GatherOffset(pairs, base, hn::PromoteTo(wide, hn::LowerHalf(half, offset))));
  const auto upper = hn::BitCast(
      f, hn::GatherOffset(pairs, base, hn::PromoteTo(wide, hn::UpperHalf(half, offset))));
  left = hn::ConcatEven(f, upper, lower);
  right = hn::ConcatOdd(f, upper, lower);
}
#endif

// SampleBilinear for a vector.
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
  Floats v00, v01, v10, v11;
#if HWY_TARGET <= HWY_AVX2
  if (kInterior && grid.clamp_window) {
    ReadPairs(target, place, left, top, v00, v01);
    ReadPairs(target, place, left, bottom, v10, v11);
  } else  // NOLINT: the other branch is the only one elsewhere
#endif
  {
    v00 = Read<kInterior>(target, grid, place, left, top);
    v01 = Read<kInterior>(target, grid, place, right, top);
    v10 = Read<kInterior>(target, grid, place, left, bottom);
    v11 = Read<kInterior>(target, grid, place, right, bottom);
  }
  const auto upper = hn::MulAdd(fx, hn::Sub(v01, v00), v00);
  const auto lower = hn::MulAdd(fx, hn::Sub(v11, v10), v10);
  return hn::MulAdd(fy, hn::Sub(lower, upper), upper);
}

// SampleLanes at a place that all lanes share; one read where it is a whole pixel.
template <bool kInterior>
HWY_INLINE Floats SampleFixed(const ConstView& target, const SamplingGrid<float>& grid,
                              const Place& place, float dx, float dy) {
  const F f;
  const I i;
  const int x = static_cast<int>(dx);
  const int y = static_cast<int>(dy);
  if (dx == static_cast<float>(x) && dy == static_cast<float>(y)) {
    return Read<kInterior>(target, grid, place, hn::Set(i, x), hn::Set(i, y));
  }
  return SampleLanes<kInterior>(target, grid, place, hn::Set(f, dx), hn::Set(f, dy));
}

// A tap's place on a coarser level, counted from one of the level's pixels.
struct LevelPlace {
  int first_x;
  int first_y;
  Floats x;
  Floats y;
};

// SampleLevel for a vector: what a level has there, or its nearest pixel.
HWY_NOINLINE Floats SampleLevelLanes(const ConstView& level, const LevelPlace& place) {
  const F f;
  const I i;
  const auto limited = [&](Floats at, int first, int size) HWY_ATTR {
    return hn::Min(hn::Max(at, hn::Set(f, static_cast<float>(-1 - first))),
                   hn::Set(f, static_cast<float>(size - first)));
  };
  const auto x = limited(place.x, place.first_x, level.width);
  const auto y = limited(place.y, place.first_y, level.height);
  const auto floor_x = hn::Floor(x);
  const auto floor_y = hn::Floor(y);
  const auto fx = hn::Sub(x, floor_x);
  const auto fy = hn::Sub(y, floor_y);
  const auto inside = [&](Ints at, int first, int size) HWY_ATTR {
    return hn::Clamp(at, hn::Set(i, -first), hn::Set(i, size - 1 - first));
  };
  const auto one = hn::Set(i, 1);
  const auto left = hn::ConvertTo(i, floor_x);
  const auto top = hn::ConvertTo(i, floor_y);
  const auto column0 = inside(left, place.first_x, level.width);
  const auto column1 = inside(hn::Add(left, one), place.first_x, level.width);
  const auto stride = hn::Set(i, static_cast<std::int32_t>(level.row_stride));
  const auto row0 = hn::Mul(inside(top, place.first_y, level.height), stride);
  const auto row1 = hn::Mul(inside(hn::Add(top, one), place.first_y, level.height), stride);
  const float* base = level.Row(place.first_y) + place.first_x;
  const auto v00 = hn::GatherIndex(f, base, hn::Add(row0, column0));
  const auto v01 = hn::GatherIndex(f, base, hn::Add(row0, column1));
  const auto v10 = hn::GatherIndex(f, base, hn::Add(row1, column0));
  const auto v11 = hn::GatherIndex(f, base, hn::Add(row1, column1));
  const auto upper = hn::MulAdd(fx, hn::Sub(v01, v00), v00);
  const auto lower = hn::MulAdd(fx, hn::Sub(v11, v10), v10);
  return hn::MulAdd(fy, hn::Sub(lower, upper), upper);
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#endif  // DKN_SRC_DKN_SAMPLE_LANES_INL_H_
