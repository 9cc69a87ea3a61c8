#include "src/dkn/training_kernel.h"

#include <algorithm>
#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/dkn/training_kernel.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each instruction set.
#include <hwy/highway.h>

#ifndef DKN_SRC_DKN_TRAINING_KERNEL_JOB_
#define DKN_SRC_DKN_TRAINING_KERNEL_JOB_

namespace dkn {

// What both kernels read.
struct TrainingKernelJob {
  const TargetPyramid<float>& target;
  const ConstView& weights;
  const ConstView& offsets;
  const SamplingGrid<float>& grid;
  const Lattice& lattice;
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_TRAINING_KERNEL_JOB_

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using SampleTag = hn::ScalableTag<float>;
using SampleIndexTag = hn::RebindToSigned<SampleTag>;
using SampleVec = hn::Vec<SampleTag>;
using SampleIndices = hn::Vec<SampleIndexTag>;

// Along one axis: the pixels before and after a place, how far it lies after the first, and its
// derivative by the offset.
struct AxisPlace {
  SampleIndices before;
  SampleIndices after;
  SampleVec share;
  SampleVec slope;
};

HWY_INLINE SampleVec Limit(SampleVec value, float limit) {
  const SampleTag d;
  return hn::Min(hn::Max(value, hn::Set(d, -limit)), hn::Set(d, limit));
}

// The place `position` pixels from `pixel`, in a row or column of `length` pixels.
HWY_INLINE AxisPlace PlaceFrom(SampleIndices pixel, SampleVec position, int length,
                               SampleVec slope) {
  const SampleIndexTag i;
  const auto floor = hn::Floor(position);
  const auto before = hn::Add(pixel, hn::ConvertTo(i, floor));
  const auto last = hn::Set(i, length - 1);
  const auto inside = [&](SampleIndices index)
                          HWY_ATTR { return hn::Min(hn::Max(index, hn::Zero(i)), last); };
  return {inside(before), inside(hn::Add(before, hn::Set(i, 1))), hn::Sub(position, floor), slope};
}

// SamplingGrid's Position and PositionSlope, and the place of the target that they give.
HWY_INLINE AxisPlace FinePlace(const SamplingGrid<float>& grid, int index, SampleIndices pixel,
                               SampleVec offset, int length) {
  const SampleTag d;
  const auto position = [&](SampleVec moved) HWY_ATTR {
    return hn::MulAdd(hn::Set(d, grid.scale), hn::Add(hn::Set(d, static_cast<float>(index)), moved),
                      hn::Set(d, grid.origin));
  };
  const float limit = static_cast<float>(grid.radius + 1);
  const auto free = hn::And(hn::Le(hn::Abs(offset), hn::Set(d, grid.max_offset)),
                            hn::Le(hn::Abs(position(offset)), hn::Set(d, limit)));
  return PlaceFrom(pixel, Limit(position(Limit(offset, grid.max_offset)), limit), length,
                   hn::IfThenElseZero(free, hn::Set(d, grid.scale)));
}

// SamplingGrid's LevelPosition and LevelPositionSlope, and the place of the level, as SampleLevel
// has it.
HWY_INLINE AxisPlace CoarsePlace(const SamplingGrid<float>& grid, int level, int index,
                                 SampleIndices pixel, SampleVec offset, int length) {
  const SampleTag d;
  const float scale = 1.0f / static_cast<float>(1 << level);
  const float first = 0.5f * scale - 0.5f + static_cast<float>(index) -
                      0.5f * static_cast<float>(grid.coarse_size - 1);
  const auto centre = hn::MulAdd(hn::ConvertTo(d, pixel), hn::Set(d, scale), hn::Set(d, first));
  const auto position = hn::Add(centre, Limit(offset, grid.max_coarse_offset));
  const auto free = hn::Le(hn::Abs(offset), hn::Set(d, grid.max_coarse_offset));
  return PlaceFrom(
      hn::Zero(SampleIndexTag()),
      hn::Min(hn::Max(position, hn::Set(d, -1.0f)), hn::Set(d, static_cast<float>(length))), length,
      hn::IfThenElseZero(free, hn::Set(d, 1.0f)));
}

struct SampledLanes {
  SampleVec value;
  SampleVec dx;
  SampleVec dy;
};

// Blend of the four pixels around a place.
HWY_INLINE SampledLanes SampleAt(const ConstView& image, const AxisPlace& x, const AxisPlace& y) {
  const SampleTag d;
  const SampleIndexTag i;
  const auto stride = hn::Set(i, static_cast<std::int32_t>(image.row_stride));
  const auto upper = hn::Mul(y.before, stride);
  const auto lower = hn::Mul(y.after, stride);
  const auto v00 = hn::GatherIndex(d, image.data, hn::Add(upper, x.before));
  const auto v01 = hn::GatherIndex(d, image.data, hn::Add(upper, x.after));
  const auto v10 = hn::GatherIndex(d, image.data, hn::Add(lower, x.before));
  const auto v11 = hn::GatherIndex(d, image.data, hn::Add(lower, x.after));
  const auto along_upper = hn::Sub(v01, v00);
  const auto along_lower = hn::Sub(v11, v10);
  const auto on_upper = hn::MulAdd(x.share, along_upper, v00);
  const auto down = hn::Sub(hn::MulAdd(x.share, along_lower, v10), on_upper);
  return {hn::MulAdd(y.share, down, on_upper),
          hn::Mul(x.slope, hn::MulAdd(y.share, hn::Sub(along_lower, along_upper), along_upper)),
          hn::Mul(y.slope, down)};
}

// SampleTap for the pixels from (x, y) of the lattice on.
HWY_INLINE SampledLanes SampleTapLanes(const TrainingKernelJob& job, int tap, int level, int x,
                                       int y) {
  const SampleTag d;
  const SampleIndexTag i;
  const SamplingGrid<float>& grid = job.grid;
  const Lattice& lattice = job.lattice;
  const auto column =
      hn::Add(hn::Mul(hn::Iota(i, x), hn::Set(i, lattice.step)), hn::Set(i, lattice.x));
  const auto row = hn::Set(i, lattice.y + lattice.step * y);
  const auto offset_x = hn::LoadU(d, job.offsets.Row(y, 2 * tap) + x);
  const auto offset_y = hn::LoadU(d, job.offsets.Row(y, 2 * tap + 1) + x);
  const ConstView& image = job.target[level];
  if (level == 0) {
    return SampleAt(image, FinePlace(grid, grid.Column(tap), column, offset_x, image.width),
                    FinePlace(grid, grid.Row(tap), row, offset_y, image.height));
  }
  SampledLanes sample =
      SampleAt(image, CoarsePlace(grid, level, grid.Column(tap), column, offset_x, image.width),
               CoarsePlace(grid, level, grid.Row(tap), row, offset_y, image.height));
  if (grid.residual) {
    const ConstView& target = job.target.target();
    const auto own =
        hn::Add(hn::Mul(row, hn::Set(i, static_cast<std::int32_t>(target.row_stride))), column);
    sample.value = hn::Sub(sample.value, hn::GatherIndex(d, target.data, own));
  }
  return sample;
}

SampledValue<float> SamplePixel(const TrainingKernelJob& job, int tap, int x, int y) {
  return SampleTap(job.target, job.grid, tap, job.lattice.x + job.lattice.step * x,
                   job.lattice.y + job.lattice.step * y, job.offsets(x, y, 2 * tap),
                   job.offsets(x, y, 2 * tap + 1));
}

void AverageRow(const TrainingKernelJob& job, const View& out, int y) {
  const SampleTag d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  float* const sums = out.Row(y);
  std::fill_n(sums, out.width, 0.0f);
  for (int tap = 0; tap < job.weights.channels; ++tap) {
    const int level = job.grid.Level(tap);
    const float* const weights = job.weights.Row(y, tap);
    int x = 0;
    for (; x + lanes <= out.width; x += lanes) {
      const SampledLanes sample = SampleTapLanes(job, tap, level, x, y);
      hn::StoreU(hn::MulAdd(hn::LoadU(d, weights + x), sample.value, hn::LoadU(d, sums + x)), d,
                 sums + x);
    }
    for (; x < out.width; ++x) {
      sums[x] += weights[x] * SamplePixel(job, tap, x, y).value;
    }
  }
}

void GradientRow(const TrainingKernelJob& job, const ConstView& out_gradient,
                 const View& weights_gradient, const View& offsets_gradient, int y) {
  const SampleTag d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const float* const gradient = out_gradient.Row(y);
  for (int tap = 0; tap < job.weights.channels; ++tap) {
    const int level = job.grid.Level(tap);
    const float* const weights = job.weights.Row(y, tap);
    float* const by_weight = weights_gradient.Row(y, tap);
    float* const by_x = offsets_gradient.Row(y, 2 * tap);
    float* const by_y = offsets_gradient.Row(y, 2 * tap + 1);
    int x = 0;
    for (; x + lanes <= out_gradient.width; x += lanes) {
      const SampledLanes sample = SampleTapLanes(job, tap, level, x, y);
      const auto of_result = hn::LoadU(d, gradient + x);
      const auto weighted = hn::Mul(of_result, hn::LoadU(d, weights + x));
      hn::StoreU(hn::Mul(of_result, sample.value), d, by_weight + x);
      hn::StoreU(hn::Mul(weighted, sample.dx), d, by_x + x);
      hn::StoreU(hn::Mul(weighted, sample.dy), d, by_y + x);
    }
    for (; x < out_gradient.width; ++x) {
      const SampledValue<float> sample = SamplePixel(job, tap, x, y);
      const float weighted = gradient[x] * weights[x];
      by_weight[x] = gradient[x] * sample.value;
      by_x[x] = weighted * sample.dx;
      by_y[x] = weighted * sample.dy;
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include "src/core/parallel_for.h"
#include "src/net/machine.h"

namespace dkn {

HWY_EXPORT(AverageRow);
HWY_EXPORT(GradientRow);

bool HasTrainingKernel(const SamplingGrid<float>& grid) {
  return grid.clamp_window && grid.replicate_border;
}

void AverageForTraining(const TargetPyramid<float>& target, const ConstView& weights,
                        const ConstView& offsets, const SamplingGrid<float>& grid, const View& out,
                        const Lattice& lattice) {
  KeepToInstructionSet();
  const TrainingKernelJob job{target, weights, offsets, grid, lattice};
  ParallelFor(0, out.height, [&](int y) { HWY_DYNAMIC_DISPATCH(AverageRow)(job, out, y); });
}

void GradientForTraining(const TargetPyramid<float>& target, const ConstView& weights,
                         const ConstView& offsets, const SamplingGrid<float>& grid,
                         const ConstView& out_gradient, const View& weights_gradient,
                         const View& offsets_gradient, const Lattice& lattice) {
  KeepToInstructionSet();
  const TrainingKernelJob job{target, weights, offsets, grid, lattice};
  ParallelFor(0, out_gradient.height, [&](int y) {
    HWY_DYNAMIC_DISPATCH(GradientRow)(job, out_gradient, weights_gradient, offsets_gradient, y);
  });
}

}  // namespace dkn

#endif  // HWY_ONCE
