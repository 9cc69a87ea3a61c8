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

// The kernel filters tiles of 16 pixels; a vector holds all of them, or fewer where it is shorter.
using F = hn::CappedTag<float, kPhases>;
using I = hn::RebindToSigned<F>;
using Floats = hn::Vec<F>;
using Ints = hn::Vec<I>;

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

// Where a vector of pixels stands: the tile's first pixel and each lane's place from there.
struct Place {
  int tile_x;
  int tile_y;
  Ints column;
  Ints row;
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
  // From the tile's first pixel, so that 32 bits suffice for any image.
  auto x = hn::Add(place.column, tx);
  auto y = hn::Add(place.row, ty);
  auto valid = hn::FirstN(i, kPhases);
  if constexpr (!kInterior) {
    const auto inside_x =
        hn::Clamp(x, hn::Set(i, -place.tile_x), hn::Set(i, target.width - 1 - place.tile_x));
    const auto inside_y =
        hn::Clamp(y, hn::Set(i, -place.tile_y), hn::Set(i, target.height - 1 - place.tile_y));
    if (!grid.replicate_border) {
      valid = hn::And(hn::Eq(x, inside_x), hn::Eq(y, inside_y));
    }
    x = inside_x;
    y = inside_y;
  }
  const auto stride = hn::Set(i, static_cast<std::int32_t>(target.row_stride));
  const float* base = target.Row(place.tile_y) + place.tile_x;
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

// Filters a tile: one result for each of its pixels.
template <bool kInterior>
HWY_INLINE void FilterTile(const Tile& tile, const ConstView& target,
                           const SamplingGrid<float>& grid, const Architecture& architecture,
                           float* results) {
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
    for (int tap = 0; tap < taps; ++tap) {
      const auto position = [&](int index, int channel) HWY_ATTR {
        const std::size_t at = static_cast<std::size_t>(channel) * kPhases + lane;
        return Position(grid, index, Product(tile, &TileHeads::offsets, at));
      };
      const int column = grid.Column(tap);
      const int row = grid.Row(tap);
      const auto sample =
          offsets ? SampleLanes<kInterior>(target, grid, place, position(column, 2 * tap),
                                           position(row, 2 * tap + 1))
                  : SampleFixed<kInterior>(target, grid, place, grid.Position(column, 0.0f),
                                           grid.Position(row, 0.0f));
      average = hn::MulAdd(hn::Sub(weights.At(tap), mean), sample, average);
    }
    if (!residual) {
      average = hn::Div(average, weight_sum);
    }
    hn::Store(average, f, results + lane);
  }
}

// FilterTile, and its results to the tile's first `count` pixels.
HWY_INLINE void FilterTileTo(const Tile& tile, int count, const ConstView& target,
                             const SamplingGrid<float>& grid, const Architecture& architecture,
                             const View& out) {
  HWY_ALIGN float results[kPhases];
  const int reach = grid.radius + 2;  // the pixel after the last that a position may have
  const int last_x = tile.x + tile.shape->column[kPhases - 1];
  const int last_y = tile.y + tile.shape->row[kPhases - 1];
  if (tile.x >= reach && tile.y >= reach && last_x + reach < target.width &&
      last_y + reach < target.height) {
    FilterTile<true>(tile, target, grid, architecture, results);
  } else {
    FilterTile<false>(tile, target, grid, architecture, results);
  }
  for (int i = 0; i < count; ++i) {
    const int x = tile.x + tile.shape->column[i];
    const int y = tile.y + tile.shape->row[i];
    out.Row(y)[x] = results[i] + (architecture.residual ? target.Row(y)[x] : 0.0f);
  }
}

const float* HeadAt(const float* tile, int channel) {
  return channel < 0 ? nullptr : tile + static_cast<std::ptrdiff_t>(channel) * kPhases;
}

void FilterBlockRow(const Heads& heads, const ConstView& target, const Architecture& architecture,
                    int block_row, const View& out) {
  const SamplingGrid<float> grid(architecture);
  const int blocks = target.width / kResampling;
  Tile tile{{}, static_cast<int>(heads.size()), 0, block_row * kResampling, &kBlock};
  for (int block = 0; block < blocks; ++block) {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(block_row) * blocks + block;
    tile.x = block * kResampling;
    for (std::size_t s = 0; s < heads.size(); ++s) {
      const float* values = heads[s].data + at * heads[s].channels * kPhases;
      tile.streams[s] = {HeadAt(values, heads[s].weights), HeadAt(values, heads[s].offsets)};
    }
    FilterTileTo(tile, kPhases, target, grid, architecture, out);
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

void FilterLatticeRow(const Heads& heads, const ConstView& target, const Architecture& architecture,
                      const Lattice& lattice, int row, const View& out) {
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
    FilterTileTo(tile, pixels, target, grid, architecture, out);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dkn {

HWY_EXPORT(FilterBlockRow);
HWY_EXPORT(FilterLatticeRow);

void CombineAndAverageBlocks(const Heads& heads, ConstView target, const Architecture& architecture,
                             View out) {
  const auto filter = HWY_DYNAMIC_DISPATCH(FilterBlockRow);
  ParallelFor(0, target.height / kResampling,
              [&](int block_row) { filter(heads, target, architecture, block_row, out); });
}

void CombineAndAverageLattice(const Heads& heads, ConstView target,
                              const Architecture& architecture, const Lattice& lattice, View out) {
  const auto filter = HWY_DYNAMIC_DISPATCH(FilterLatticeRow);
  const int rows = (target.height - lattice.y + lattice.step - 1) / lattice.step;
  ParallelFor(0, rows, [&](int row) { filter(heads, target, architecture, lattice, row, out); });
}

}  // namespace dkn
#endif  // HWY_ONCE
