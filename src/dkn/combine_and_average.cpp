#include "src/dkn/combine_and_average.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "src/core/parallel_for.h"
#include "src/dkn/architecture.h"
#include "src/dkn/plain_kernel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/dkn/combine_and_average.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each instruction set.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "src/dkn/sample_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

// Where the pixels of a tile stand, from its first.
struct TileShape {
  HWY_ALIGN std::int32_t column[kPhases];
  HWY_ALIGN std::int32_t row[kPhases];
};

// Phases of a 4 x 4 block.
constexpr TileShape kBlock = {{0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3},
                              {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3}};

// What the heads of one stream give for a tile: channel * 16 + pixel.
struct TileHeads {
  const float* weights;  // null: the stream gives none
  const float* offsets;
};

// A tile of one stream or two.
struct Tile {
  TileHeads streams[2];
  int stream_count;
  int x;  // its first pixel
  int y;
  const TileShape* shape;
};

// Weights of up to kMaxKernelSize^2 taps for one vector.
struct TapWeights {
  HWY_INLINE Floats At(int tap) const {
    const F f;
    return hn::Load(f, values + static_cast<std::size_t>(tap) * hn::Lanes(f));
  }
  // Row by row, which rounds less: an error of the mean counts once for each tap.
  HWY_INLINE Floats Sum(int kernel_size) const {
    const F f;
    auto sum = hn::Zero(f);
    for (int row = 0; row < kernel_size; ++row) {
      auto row_sum = hn::Zero(f);
      for (int column = 0; column < kernel_size; ++column) {
        row_sum = hn::Add(row_sum, At(row * kernel_size + column));
      }
      sum = hn::Add(sum, row_sum);
    }
    return sum;
  }
  HWY_ALIGN float values[kMaxKernelSize * kMaxKernelSize * kPhases];
};

// The product over the streams of value(stream, channel).
HWY_INLINE Floats Product(const Tile& tile, const float* TileHeads::*head, std::size_t at) {
  const F f;
  auto product = hn::Set(f, 1.0f);
  bool first = true;
  for (int s = 0; s < tile.stream_count; ++s) {
    const float* values = tile.streams[s].*head;
    if (values != nullptr) {
      const auto value = hn::LoadU(f, values + at);
      product = first ? value : hn::Mul(product, value);
      first = false;
    }
  }
  return product;
}

// The product of the streams' sigmoids, with one division.
HWY_INLINE void SigmoidWeights(const Tile& tile, int taps, std::size_t lane, float* out) {
  const F f;
  const auto one = hn::Set(f, 1.0f);
  const auto limit = hn::Set(f, kMaxLogit);
  for (int tap = 0; tap < taps; ++tap) {
    const std::size_t at = static_cast<std::size_t>(tap) * kPhases + lane;
    auto inverse = one;
    for (int s = 0; s < tile.stream_count; ++s) {
      if (tile.streams[s].weights != nullptr) {
        const auto x = hn::Clamp(hn::LoadU(f, tile.streams[s].weights + at), hn::Neg(limit), limit);
        inverse = hn::Mul(inverse, hn::Add(one, hn::Exp(f, hn::Neg(x))));
      }
    }
    hn::Store(hn::Div(one, inverse), f, out + static_cast<std::size_t>(tap) * hn::Lanes(f));
  }
}

// The product of the streams' softmaxes over the taps.
HWY_INLINE void SoftmaxWeights(const Tile& tile, int taps, std::size_t lane, float* out) {
  const F f;
  const std::size_t lanes = hn::Lanes(f);
  for (std::size_t tap = 0; tap < static_cast<std::size_t>(taps); ++tap) {
    hn::Store(hn::Set(f, 1.0f), f, out + tap * lanes);
  }
  for (int s = 0; s < tile.stream_count; ++s) {
    if (tile.streams[s].weights == nullptr) {
      continue;
    }
    const float* logits = tile.streams[s].weights + lane;
    auto largest = hn::LoadU(f, logits);
    for (std::size_t tap = 1; tap < static_cast<std::size_t>(taps); ++tap) {
      largest = hn::Max(largest, hn::LoadU(f, logits + tap * kPhases));
    }
    auto sum = hn::Zero(f);
    for (std::size_t tap = 0; tap < static_cast<std::size_t>(taps); ++tap) {
      const auto below = hn::Sub(hn::LoadU(f, logits + tap * kPhases), largest);
      const auto e = hn::Exp(f, hn::Max(below, hn::Set(f, -kMaxLogit)));
      sum = hn::Add(sum, e);
      hn::Store(hn::Mul(hn::Load(f, out + tap * lanes), e), f, out + tap * lanes);
    }
    const auto scale = hn::Div(hn::Set(f, 1.0f), sum);
    for (std::size_t tap = 0; tap < static_cast<std::size_t>(taps); ++tap) {
      hn::Store(hn::Mul(hn::Load(f, out + tap * lanes), scale), f, out + tap * lanes);
    }
  }
}

HWY_INLINE void LinearWeights(const Tile& tile, int taps, std::size_t lane, float* out) {
  const F f;
  for (std::size_t tap = 0; tap < static_cast<std::size_t>(taps); ++tap) {
    hn::Store(Product(tile, &TileHeads::weights, tap * kPhases + lane), f,
              out + tap * hn::Lanes(f));
  }
}

// What is summed up for KernelReport, over the taps; samples from the pixel's own value.
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

// A tile's results; support and spread with kReport alone.
struct TileResults {
  HWY_ALIGN float values[kPhases];
  HWY_ALIGN float support[kPhases];
  HWY_ALIGN float spread[kPhases];
};

// Filters a tile: one result for each of its pixels.
template <bool kInterior, bool kReport>
HWY_INLINE void FilterTile(const Tile& tile, const ConstView& target, const ConstView& mask,
                           const SamplingGrid<float>& grid, const Architecture& architecture,
                           TileResults& results) {
  const F f;
  const I i;
  const int taps = grid.kernel_size * grid.kernel_size;
  const bool residual = architecture.residual;
  const bool offsets = architecture.offsets_from != Source::kNone;
  TapWeights weights;
  for (std::size_t lane = 0; lane < kPhases; lane += hn::Lanes(f)) {
    switch (architecture.weight_activation) {
      case WeightActivation::kSigmoid:
        SigmoidWeights(tile, taps, lane, weights.values);
        break;
      case WeightActivation::kSoftmax:
        SoftmaxWeights(tile, taps, lane, weights.values);
        break;
      case WeightActivation::kLinear:
        LinearWeights(tile, taps, lane, weights.values);
        break;
    }
    const Place place{tile.x, tile.y, hn::Load(i, tile.shape->column + lane),
                      hn::Load(i, tile.shape->row + lane)};
    const auto weight_sum = weights.Sum(grid.kernel_size);
    const bool zero_mean = residual && architecture.mean_subtraction;
    const auto mean =
        zero_mean ? hn::Mul(weight_sum, hn::Set(f, 1.0f / static_cast<float>(taps))) : hn::Zero(f);
    auto average = hn::Zero(f);
    [[maybe_unused]] ReportSums sums{average, average, average, average};
    for (int tap = 0; tap < taps; ++tap) {
      const auto position = [&](int index, int channel) HWY_ATTR {
        const std::size_t at = static_cast<std::size_t>(channel) * kPhases + lane;
        return Position(grid, index, Product(tile, &TileHeads::offsets, at));
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
    if constexpr (kReport) {
      sums.Store(results.support + lane, results.spread + lane);
    }
    if (!residual) {
      average = hn::Div(average, weight_sum);
    }
    hn::Store(average, f, results.values + lane);
  }
}

// FilterTile, and its results to the tile's first `count` pixels.
template <bool kReport>
HWY_INLINE void FilterTileTo(const Tile& tile, int count, const ConstView& target,
                             const SamplingGrid<float>& grid, const Architecture& architecture,
                             const View& out, const KernelReport& report) {
  TileResults results;
  const int reach = grid.radius + 2;  // the pixel after the last that a position may have
  const int last_x = tile.x + tile.shape->column[kPhases - 1];
  const int last_y = tile.y + tile.shape->row[kPhases - 1];
  if (tile.x >= reach && tile.y >= reach && last_x + reach < target.width &&
      last_y + reach < target.height) {
    FilterTile<true, kReport>(tile, target, report.mask, grid, architecture, results);
  } else {
    FilterTile<false, kReport>(tile, target, report.mask, grid, architecture, results);
  }
  for (int i = 0; i < count; ++i) {
    const int x = tile.x + tile.shape->column[i];
    const int y = tile.y + tile.shape->row[i];
    out.Row(y)[x] = results.values[i] + (architecture.residual ? target.Row(y)[x] : 0.0f);
    if constexpr (kReport) {
      report.support.Row(y)[x] = results.support[i];
      report.spread.Row(y)[x] = results.spread[i];
    }
  }
}

const float* HeadAt(const float* tile, int channel) {
  return channel < 0 ? nullptr : tile + static_cast<std::ptrdiff_t>(channel) * kPhases;
}

template <bool kReport>
void FilterBlocks(const Heads& heads, const ConstView& target, const Architecture& architecture,
                  const BlockStrip& strip, const View& out, const KernelReport& report) {
  const SamplingGrid<float> grid(architecture);
  Tile tile{{}, static_cast<int>(heads.size()), 0, strip.row * kResampling, &kBlock};
  for (std::ptrdiff_t block = strip.begin; block < strip.end; ++block) {
    tile.x = (strip.first + static_cast<int>(block)) * kResampling;
    for (std::size_t s = 0; s < heads.size(); ++s) {
      const float* values = heads[s].data + block * heads[s].channels * kPhases;
      tile.streams[s] = {HeadAt(values, heads[s].weights), HeadAt(values, heads[s].offsets)};
    }
    FilterTileTo<kReport>(tile, kPhases, target, grid, architecture, out, report);
  }
}

void FilterBlockStrip(const Heads& heads, const ConstView& target, const Architecture& architecture,
                      const BlockStrip& strip, const View& out, const KernelReport& report) {
  if (report.wanted()) {
    FilterBlocks<true>(heads, target, architecture, strip, out, report);
  } else {
    FilterBlocks<false>(heads, target, architecture, strip, out, report);
  }
}

// Values of `count` pixels, channels innermost, as a tile holds them.
HWY_INLINE void Transpose(const float* pixels, int count, int channels, float* tile) {
  for (int i = 0; i < count; ++i) {
    for (int c = 0; c < channels; ++c) {
      tile[c * kPhases + i] = pixels[static_cast<std::ptrdiff_t>(i) * channels + c];
    }
  }
}

template <bool kReport>
void FilterRow(const Heads& heads, const ConstView& target, const Architecture& architecture,
               const Lattice& lattice, int row, const View& out, const KernelReport& report) {
  const SamplingGrid<float> grid(architecture);
  const int count = (target.width - lattice.x + lattice.step - 1) / lattice.step;
  HWY_ALIGN float values[2][3 * kMaxKernelSize * kMaxKernelSize * kPhases];
  TileShape shape{};
  Tile tile{{}, static_cast<int>(heads.size()), 0, lattice.y + lattice.step * row, &shape};
  for (int first = 0; first < count; first += kPhases) {
    const int pixels = std::min(kPhases, count - first);
    for (int i = 0; i < kPhases; ++i) {
      shape.column[i] = lattice.step * std::min(i, pixels - 1);
    }
    tile.x = lattice.x + lattice.step * first;
    for (std::size_t s = 0; s < heads.size(); ++s) {
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(row) * count + first;
      Transpose(heads[s].data + at * heads[s].channels, pixels, heads[s].channels, values[s]);
      tile.streams[s] = {HeadAt(values[s], heads[s].weights), HeadAt(values[s], heads[s].offsets)};
    }
    FilterTileTo<kReport>(tile, pixels, target, grid, architecture, out, report);
  }
}

void FilterLatticeRow(const Heads& heads, const ConstView& target, const Architecture& architecture,
                      const Lattice& lattice, int row, const View& out,
                      const KernelReport& report) {
  if (report.wanted()) {
    FilterRow<true>(heads, target, architecture, lattice, row, out, report);
  } else {
    FilterRow<false>(heads, target, architecture, lattice, row, out, report);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dkn {

HWY_EXPORT(FilterBlockStrip);
HWY_EXPORT(FilterLatticeRow);

void CombineAndAverageBlocks(const Heads& heads, ConstView target, const Architecture& architecture,
                             const BlockStrip& strip, View out, const KernelReport& report) {
  HWY_DYNAMIC_DISPATCH(FilterBlockStrip)(heads, target, architecture, strip, out, report);
}

void CombineAndAverageLattice(const Heads& heads, ConstView target,
                              const Architecture& architecture, const Lattice& lattice, View out,
                              const KernelReport& report) {
  const auto filter = HWY_DYNAMIC_DISPATCH(FilterLatticeRow);
  const int rows = (target.height - lattice.y + lattice.step - 1) / lattice.step;
  ParallelFor(0, rows,
              [&](int row) { filter(heads, target, architecture, lattice, row, out, report); });
}

}  // namespace dkn
#endif  // HWY_ONCE
