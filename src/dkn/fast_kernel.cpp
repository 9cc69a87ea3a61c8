#include "src/dkn/fast_kernel.h"

#include <omp.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

#include "dkn/error.h"
#include "src/core/parallel_for.h"
#include "src/dkn/architecture.h"
#include "src/dkn/plain_kernel.h"
#include "src/net/machine.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/dkn/fast_kernel.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each instruction set.
#include <hwy/highway.h>

#include "src/dkn/sample_lanes-inl.h"
#include "src/dkn/weight_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

// Phases of a 4 x 4 block.
constexpr GroupShape kBlock = {{0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3},
                               {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3}};

// What is summed up over the taps for KernelReport. Samples count from the pixel's own value.
struct ReportSums {
  HWY_INLINE void Add(Floats weight, Floats difference, Floats measured) {
    const auto magnitude = hn::Abs(weight);
    const auto weighted = hn::Mul(magnitude, difference);
    total = hn::Add(total, magnitude);
    on_measured = hn::MulAdd(magnitude, measured, on_measured);
    first = hn::Add(first, weighted);
    second = hn::MulAdd(weighted, difference, second);
  }
  HWY_INLINE void Store(float* support, float* spread) const {
    const F f;
    const auto sum = hn::Max(total, hn::Set(f, std::numeric_limits<float>::min()));
    const auto mean = hn::Div(first, sum);
    const auto variance = hn::NegMulAdd(mean, mean, hn::Div(second, sum));
    hn::Store(hn::Min(hn::Div(on_measured, sum), hn::Set(f, 1.0f)), f, support);
    hn::Store(hn::Sqrt(hn::Max(variance, hn::Zero(f))), f, spread);
  }
  // No defaults: their initialisers would not be compiled for the instruction set.
  Floats total;
  Floats on_measured;
  Floats first;
  Floats second;
};

// The results of a group; support and spread are set with kReport alone.
struct GroupResults {
  HWY_ALIGN float values[kPhases];
  HWY_ALIGN float support[kPhases];
  HWY_ALIGN float spread[kPhases];
};

// Activated weights of all taps; those of coarser levels are sigmoids always.
HWY_NOINLINE void ActivateWeights(const PixelGroup& group, const Architecture& architecture,
                                  const SamplingGrid<float>& grid, std::size_t lane, float* out) {
  const int taps = grid.fine_taps;
  switch (architecture.weight_activation) {
    case WeightActivation::kSigmoid:
      SigmoidWeights(group, 0, taps, lane, out);
      break;
    case WeightActivation::kSoftmax:
      SoftmaxWeights(group, taps, lane, out);
      break;
    case WeightActivation::kLinear:
      LinearWeights(group, taps, lane, out);
      break;
  }
  SigmoidWeights(group, taps, TapCount(architecture), lane, out);
}

// Where a tap of a coarser level lies for a vector of pixels (SamplingGrid::LevelPosition).
HWY_NOINLINE LevelPlace PlaceOnLevel(const PixelGroup& group, const SampledTarget& target,
                                     const SamplingGrid<float>& grid, int tap, std::size_t lane) {
  const F f;
  const I i;
  const int level = grid.Level(tap);
  const float scale = 1.0f / static_cast<float>(1 << level);
  const auto limit = hn::Set(f, grid.max_coarse_offset);
  const auto place = [&](int pixel, const std::int32_t* from, int index, int channel) HWY_ATTR {
    const std::size_t at = static_cast<std::size_t>(channel) * kPhases + lane;
    const auto offset =
        hn::Min(hn::Max(Product(group, &GroupHeads::offsets, at), hn::Neg(limit)), limit);
    const int within = pixel & ((1 << level) - 1);
    const float grid_place = static_cast<float>(index) -
                             0.5f * static_cast<float>(grid.coarse_size - 1) - 0.5f +
                             scale * (static_cast<float>(within) + 0.5f);
    const auto column = hn::ConvertTo(f, hn::Load(i, from + lane));
    return hn::Add(hn::MulAdd(column, hn::Set(f, scale), hn::Set(f, grid_place)), offset);
  };
  const int x = target.x + group.x;
  const int y = target.y + group.y;
  return {x >> level, y >> level, place(x, group.shape->column, grid.Column(tap), 2 * tap),
          place(y, group.shape->row, grid.Row(tap), 2 * tap + 1)};
}

// Adds what the taps of coarser levels give a vector of pixels whose own values are `center`: by
// one function for all that filter a group, which would have the compiler inline it into each.
template <bool kReport>
HWY_NOINLINE void AddCoarseTaps(const PixelGroup& group, const FastKernel::Job& job,
                                const SamplingGrid<float>& grid, std::size_t lane, Floats center,
                                Floats& average, Floats& weight_sum, ReportSums& sums) {
  const F f;
  const TapWeights weights{job.weights};
  const TargetPyramid<float>& pyramid = *job.target.pyramid;
  for (int tap = grid.fine_taps; tap < TapCount(job.architecture); ++tap) {
    const int level = grid.Level(tap);
    const LevelPlace place = PlaceOnLevel(group, job.target, grid, tap, lane);
    const auto weight = weights.At(tap);
    const auto sample = SampleLevelLanes(pyramid[level], place);
    const auto difference = hn::Sub(sample, center);
    average = hn::MulAdd(weight, grid.residual ? difference : sample, average);
    weight_sum = hn::Add(weight_sum, weight);
    if constexpr (kReport) {
      const ConstView& shares = pyramid.Shares(level);
      sums.Add(weight, difference,
               shares.empty() ? hn::Set(f, 1.0f) : SampleLevelLanes(shares, place));
    }
  }
}

// Filters a group: one result for each of its pixels.
template <bool kInterior, bool kReport>
HWY_INLINE void FilterGroup(const PixelGroup& group, const FastKernel::Job& job,
                            const SamplingGrid<float>& grid, GroupResults& results) {
  const F f;
  const I i;
  const Architecture& architecture = job.architecture;
  const ConstView& target = job.target.values;
  const ConstView& mask = job.report.mask;
  const int taps = grid.fine_taps;
  const bool residual = architecture.residual;
  const bool offsets = architecture.offsets_from != Source::kNone;
  const TapWeights weights{job.weights};
  for (std::size_t lane = 0; lane < kPhases; lane += hn::Lanes(f)) {
    ActivateWeights(group, architecture, grid, lane, weights.values);
    const Place place{group.x, group.y, hn::Load(i, group.shape->column + lane),
                      hn::Load(i, group.shape->row + lane)};
    auto weight_sum = weights.Sum(grid.kernel_size);
    const bool zero_mean = residual && architecture.mean_subtraction;
    const auto mean =
        zero_mean ? hn::Mul(weight_sum, hn::Set(f, 1.0f / static_cast<float>(taps))) : hn::Zero(f);
    auto average = hn::Zero(f);
    [[maybe_unused]] ReportSums sums{average, average, average, average};
    for (int tap = 0; tap < taps; ++tap) {
      const auto position = [&](int index, int channel) HWY_ATTR {
        const std::size_t at = static_cast<std::size_t>(channel) * kPhases + lane;
        return Position(grid, index, Product(group, &GroupHeads::offsets, at));
      };
      const int column = grid.Column(tap);
      const int row = grid.Row(tap);
      const auto sample_of = [&](const ConstView& image) HWY_ATTR {
        return offsets ? SampleLanes<kInterior>(image, grid, place, position(column, 2 * tap),
                                                position(row, 2 * tap + 1))
                       : SampleFixed<kInterior>(image, grid, place, grid.Position(column, 0.0f),
                                                grid.Position(row, 0.0f));
      };
      const auto sample = sample_of(target);
      average = hn::MulAdd(hn::Sub(weights.At(tap), mean), sample, average);
      if constexpr (kReport) {
        const auto center = SampleFixed<kInterior>(target, grid, place, 0.0f, 0.0f);
        sums.Add(weights.At(tap), hn::Sub(sample, center),
                 mask.empty() ? hn::Set(f, 1.0f) : sample_of(mask));
      }
    }
    if (grid.levels > 1) {
      AddCoarseTaps<kReport>(group, job, grid, lane,
                             SampleFixed<kInterior>(target, grid, place, 0.0f, 0.0f), average,
                             weight_sum, sums);
    }
    if constexpr (kReport) {
      sums.Store(results.support + lane, results.spread + lane);
    }
    if (!residual) {
      average = hn::Div(average, weight_sum);
    }
    hn::Store(average, f, results.values + lane);
  }
}

// FilterGroup, and its results to the group's first `count` pixels.
template <bool kReport>
HWY_INLINE void FilterGroupTo(const PixelGroup& group, int count, const FastKernel::Job& job,
                              const SamplingGrid<float>& grid) {
  GroupResults results;
  const ConstView& target = job.target.values;
  const int reach = grid.radius + 2;  // the pixel after the last that a position may have
  const int last_x = group.x + group.shape->column[kPhases - 1];
  const int last_y = group.y + group.shape->row[kPhases - 1];
  if (group.x >= reach && group.y >= reach && last_x + reach < target.width &&
      last_y + reach < target.height) {
    FilterGroup<true, kReport>(group, job, grid, results);
  } else {
    FilterGroup<false, kReport>(group, job, grid, results);
  }
  for (int i = 0; i < count; ++i) {
    const int x = group.x + group.shape->column[i];
    const int y = group.y + group.shape->row[i];
    job.out.Row(y)[x] = results.values[i] + (job.architecture.residual ? target.Row(y)[x] : 0.0f);
    if constexpr (kReport) {
      job.report.support.Row(y)[x] = results.support[i];
      job.report.spread.Row(y)[x] = results.spread[i];
    }
  }
}

const float* HeadAt(const float* values, int channel) {
  return channel < 0 ? nullptr : values + static_cast<std::ptrdiff_t>(channel) * kPhases;
}

template <bool kReport>
void FilterBlocks(const FastKernel::Job& job, const BlockStrip& strip) {
  const Heads& heads = job.heads;
  const SamplingGrid<float> grid(job.architecture);
  PixelGroup group{{}, static_cast<int>(heads.size()), 0, strip.row * kResampling, &kBlock};
  for (std::ptrdiff_t block = strip.begin; block < strip.end; ++block) {
    group.x = (strip.first + static_cast<int>(block)) * kResampling;
    for (std::size_t s = 0; s < heads.size(); ++s) {
      const float* values = heads[s].data + block * heads[s].channels * kPhases;
      group.streams[s] = {HeadAt(values, heads[s].weights), HeadAt(values, heads[s].offsets)};
    }
    FilterGroupTo<kReport>(group, kPhases, job, grid);
  }
}

void FilterStrip(const FastKernel::Job& job, const BlockStrip& strip) {
  if (job.report.wanted()) {
    FilterBlocks<true>(job, strip);
  } else {
    FilterBlocks<false>(job, strip);
  }
}

// Values of `count` pixels, channels innermost, as a group holds them.
HWY_INLINE void Transpose(const float* pixels, int count, int channels, float* group) {
  for (int i = 0; i < count; ++i) {
    for (int c = 0; c < channels; ++c) {
      group[c * kPhases + i] = pixels[static_cast<std::ptrdiff_t>(i) * channels + c];
    }
  }
}

template <bool kReport>
void FilterRow(const FastKernel::Job& job, const Lattice& lattice, int row) {
  const Heads& heads = job.heads;
  const SamplingGrid<float> grid(job.architecture);
  const int count = (job.target.values.width - lattice.x + lattice.step - 1) / lattice.step;
  GroupShape shape{};
  PixelGroup group{{}, static_cast<int>(heads.size()), 0, lattice.y + lattice.step * row, &shape};
  for (int first = 0; first < count; first += kPhases) {
    const int pixels = std::min(kPhases, count - first);
    for (int i = 0; i < kPhases; ++i) {
      shape.column[i] = lattice.step * std::min(i, pixels - 1);
    }
    group.x = lattice.x + lattice.step * first;
    float* values = job.group_heads;
    for (std::size_t s = 0; s < heads.size(); ++s) {
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(row) * count + first;
      Transpose(heads[s].data + at * heads[s].channels, pixels, heads[s].channels, values);
      group.streams[s] = {HeadAt(values, heads[s].weights), HeadAt(values, heads[s].offsets)};
      values += static_cast<std::ptrdiff_t>(heads[s].channels) * kPhases;
    }
    FilterGroupTo<kReport>(group, pixels, job, grid);
  }
}

void FilterLatticeRow(const FastKernel::Job& job, const Lattice& lattice, int row) {
  if (job.report.wanted()) {
    FilterRow<true>(job, lattice, row);
  } else {
    FilterRow<false>(job, lattice, row);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dkn {
namespace {

HWY_EXPORT(FilterStrip);
HWY_EXPORT(FilterLatticeRow);

// The weights of a group of pixels are so many values.
int WeightValues(const Architecture& architecture) {
  return TapCount(architecture) * kPhases;
}

// The same with what the heads of two streams give for it: weights and offsets.
int MemoryValues(const Architecture& architecture) {
  return (1 + 2 * 3) * WeightValues(architecture);
}

// The farthest that a sample lies from the first pixel of its group: what the largest window lets a
// position reach, and the pixel after it, from the last row of a block.
constexpr std::ptrdiff_t kMaxRowsAway = (kMaxWindow - 1) / 2 + 2 + kResampling - 1;
static_assert(kMaxRowsAway * FastKernel::kMaxRowStride * sizeof(float) < (1u << 31) - (1u << 20),
              "offsets of samples, in bytes, are of 32 bits; columns take the rest");

}  // namespace

FastKernel::FastKernel(const Architecture& architecture)
    : architecture_(architecture), memory_(MemoryValues(architecture), omp_get_max_threads()) {
  KeepToInstructionSet();
}

std::size_t FastKernel::MemoryBytes(const Architecture& architecture) {
  return sizeof(float) * static_cast<std::size_t>(MemoryValues(architecture)) *
         static_cast<std::size_t>(omp_get_max_threads());
}

bool FastKernel::WithinReach(ConstView image) {
  return std::abs(image.row_stride) <= kMaxRowStride;
}

FastKernel::Job FastKernel::MakeJob(const Heads& heads, const SampledTarget& target, View out,
                                    const KernelReport& report) {
  for (const ConstView& image : {target.values, report.mask}) {
    if (!WithinReach(image)) {
      throw Error("the rows of an image to sample begin " + std::to_string(image.row_stride) +
                  " values apart, expected at most " + std::to_string(kMaxRowStride));
    }
  }
  float* const memory = memory_.Row(omp_get_thread_num());
  return {architecture_, heads, target, out, report, memory, memory + WeightValues(architecture_)};
}

void FastKernel::FilterBlocks(const Heads& heads, const SampledTarget& target,
                              const BlockStrip& strip, View out, const KernelReport& report) {
  HWY_DYNAMIC_DISPATCH(FilterStrip)(MakeJob(heads, target, out, report), strip);
}

void FastKernel::FilterLattice(const Heads& heads, const SampledTarget& target,
                               const Lattice& lattice, View out, const KernelReport& report) {
  const auto filter = HWY_DYNAMIC_DISPATCH(FilterLatticeRow);
  const int rows = (target.values.height - lattice.y + lattice.step - 1) / lattice.step;
  ParallelFor(0, rows, [&](int row) { filter(MakeJob(heads, target, out, report), lattice, row); });
}

}  // namespace dkn
#endif  // HWY_ONCE
