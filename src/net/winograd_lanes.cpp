#include "src/net/winograd_lanes.h"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/net/winograd_lanes.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each instruction set.
#include <hwy/highway.h>

#include "src/net/panel_lanes-inl.h"

#ifndef DKN_SRC_NET_WINOGRAD_LANES_STRIDE_
#define DKN_SRC_NET_WINOGRAD_LANES_STRIDE_

namespace dkn {

// From one of the 36 matrices of tiles x channels to the next, in floats: not a multiple of a page,
// so that the same place in all of them does not fall into one set of a cache.
inline std::ptrdiff_t WinogradStride(int channels, int tiles) {
  return static_cast<std::ptrdiff_t>(channels) * tiles + 16;
}

}  // namespace dkn

#endif  // DKN_SRC_NET_WINOGRAD_LANES_STRIDE_

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

// Where a tile's results begin.
struct TilePlace {
  int x;
  int y;
};

TilePlace PlaceOf(const WinogradFrame& frame, int tile) {
  const int across = (frame.out_width + kWinogradResults - 1) / kWinogradResults;
  return {tile % across * kWinogradResults, tile / across * kWinogradResults};
}

// Three taps to their polynomial's values at the six points, each over what the interpolation
// divides by there: G.
HWY_INLINE void TransformTaps(const V (&from)[3], V (&to)[6]) {
  constexpr double kA2 = kWinogradSquareA;
  constexpr double kB2 = kWinogradSquareB;
  static_assert(kA2 * kB2 == 1.0, "the transforms leave the product out");
  const D d;
  const V at_a = hn::Set(d, static_cast<float>(1.0 / (2.0 * kA2 * (kA2 - kB2))));
  const V at_b = hn::Set(d, static_cast<float>(1.0 / (2.0 * kB2 * (kB2 - kA2))));
  const V even_a = hn::MulAdd(hn::Set(d, static_cast<float>(kA2)), from[2], from[0]);
  const V even_b = hn::MulAdd(hn::Set(d, static_cast<float>(kB2)), from[2], from[0]);
  const V odd_a = hn::Mul(hn::Set(d, static_cast<float>(std::sqrt(kA2))), from[1]);
  const V odd_b = hn::Mul(hn::Set(d, static_cast<float>(std::sqrt(kB2))), from[1]);
  to[0] = from[0];
  to[1] = hn::Mul(at_a, hn::Add(even_a, odd_a));
  to[2] = hn::Mul(at_a, hn::Sub(even_a, odd_a));
  to[3] = hn::Mul(at_b, hn::Add(even_b, odd_b));
  to[4] = hn::Mul(at_b, hn::Sub(even_b, odd_b));
  to[5] = from[2];
}

// The weights of one panel of output channels.
void PanelWeights(const float* weights, int in, int out, int panel, float* packed) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(in) * out;  // of products
  float* to = packed + static_cast<std::ptrdiff_t>(panel) * in * kPanelChannels;
  for (int channel = 0; channel < in; ++channel) {
    for (int first = 0; first < kPanelChannels; first += lanes, to += lanes) {
      HWY_ALIGN float taps[9][kPanelChannels];
      for (int i = 0; i < lanes; ++i) {
        const std::ptrdiff_t from = panel * kPanelChannels + first + i;
        for (int tap = 0; tap < 9; ++tap) {
          taps[tap][i] = weights[(from * in + channel) * 9 + tap];
        }
      }
      V columns[kWinogradTile][3];  // [place along x][row]
      for (int row = 0; row < 3; ++row) {
        const V values[3] = {hn::Load(d, taps[3 * row]), hn::Load(d, taps[3 * row + 1]),
                             hn::Load(d, taps[3 * row + 2])};
        V transformed[kWinogradTile];
        TransformTaps(values, transformed);
        for (int j = 0; j < kWinogradTile; ++j) {
          columns[j][row] = transformed[j];
        }
      }
      for (int j = 0; j < kWinogradTile; ++j) {
        V transformed[kWinogradTile];
        TransformTaps(columns[j], transformed);
        for (int i = 0; i < kWinogradTile; ++i) {
          hn::StoreU(transformed[i], d, to + (i * kWinogradTile + j) * stride);
        }
      }
    }
  }
}

// Six values to six sums: B^T of the paper (Lavin and Gray 2016, Section 4.1), for our points.
HWY_INLINE void TransformInput(const V (&from)[6], V (&to)[6]) {
  const D d;
  const V a2 = hn::Set(d, static_cast<float>(kWinogradSquareA));
  const V b2 = hn::Set(d, static_cast<float>(kWinogradSquareB));
  const V sum = hn::Set(d, static_cast<float>(kWinogradSquareA + kWinogradSquareB));
  const V a = hn::Set(d, static_cast<float>(std::sqrt(kWinogradSquareA)));
  const V b = hn::Set(d, static_cast<float>(std::sqrt(kWinogradSquareB)));
  const V even_a = hn::NegMulAdd(b2, from[2], from[4]);
  const V odd_a = hn::Mul(a, hn::NegMulAdd(b2, from[1], from[3]));
  const V even_b = hn::NegMulAdd(a2, from[2], from[4]);
  const V odd_b = hn::Mul(b, hn::NegMulAdd(a2, from[1], from[3]));
  to[0] = hn::NegMulAdd(sum, from[2], hn::Add(from[0], from[4]));
  to[1] = hn::Add(even_a, odd_a);
  to[2] = hn::Sub(even_a, odd_a);
  to[3] = hn::Add(even_b, odd_b);
  to[4] = hn::Sub(even_b, odd_b);
  to[5] = hn::NegMulAdd(sum, from[3], hn::Add(from[1], from[5]));
}

// Six sums to four results: A^T.
HWY_INLINE void TransformOutput(const V (&from)[6], V (&to)[4]) {
  const D d;
  const V a2 = hn::Set(d, static_cast<float>(kWinogradSquareA));
  const V b2 = hn::Set(d, static_cast<float>(kWinogradSquareB));
  const V a = hn::Set(d, static_cast<float>(std::sqrt(kWinogradSquareA)));
  const V b = hn::Set(d, static_cast<float>(std::sqrt(kWinogradSquareB)));
  const V sum_a = hn::Add(from[1], from[2]);
  const V sum_b = hn::Add(from[3], from[4]);
  const V odd_a = hn::Mul(a, hn::Sub(from[1], from[2]));
  const V odd_b = hn::Mul(b, hn::Sub(from[3], from[4]));
  to[0] = hn::Add(from[0], hn::Add(sum_a, sum_b));
  to[1] = hn::Add(odd_a, odd_b);
  to[2] = hn::MulAdd(a2, sum_a, hn::Mul(b2, sum_b));
  to[3] = hn::MulAdd(a2, odd_a, hn::MulAdd(b2, odd_b, from[5]));
}

// Some channels of a tile, the transform of which goes to the 36 matrices.
void TileToProducts(const WinogradFrame& frame, TilePlace place, int channel, float* to,
                    std::ptrdiff_t stride) {
  const D d;
  const int left = place.x - frame.padding;
  const int top = place.y - frame.padding;
  V rows[kWinogradTile][kWinogradTile];  // [column][row], once along x
  for (int i = 0; i < kWinogradTile; ++i) {
    const int y = top + i;
    V values[kWinogradTile];
    if (y < 0 || y >= frame.height) {
      for (V& value : values) {
        value = hn::Zero(d);
      }
    } else {
      const float* const row =
          frame.source + static_cast<std::ptrdiff_t>(y) * frame.width * frame.in + channel;
      for (int j = 0; j < kWinogradTile; ++j) {
        const int x = left + j;
        values[j] = x < 0 || x >= frame.width
                        ? hn::Zero(d)
                        : hn::LoadU(d, row + static_cast<std::ptrdiff_t>(x) * frame.in);
      }
    }
    V sums[kWinogradTile];
    TransformInput(values, sums);
    for (int j = 0; j < kWinogradTile; ++j) {
      rows[j][i] = sums[j];
    }
  }
  for (int j = 0; j < kWinogradTile; ++j) {
    V sums[kWinogradTile];
    TransformInput(rows[j], sums);
    for (int i = 0; i < kWinogradTile; ++i) {
      hn::StoreU(sums[i], d, to + (i * kWinogradTile + j) * stride);
    }
  }
}

// Some channels of a tile's results from the 36 matrices.
void ProductsToTile(const WinogradFrame& frame, TilePlace place, int channel, const float* from,
                    std::ptrdiff_t stride) {
  const D d;
  V rows[kWinogradResults][kWinogradTile];  // once along x
  for (int i = 0; i < kWinogradTile; ++i) {
    V values[kWinogradTile];
    for (int j = 0; j < kWinogradTile; ++j) {
      values[j] = hn::LoadU(d, from + (i * kWinogradTile + j) * stride);
    }
    V results[kWinogradResults];
    TransformOutput(values, results);
    for (int j = 0; j < kWinogradResults; ++j) {
      rows[j][i] = results[j];
    }
  }
  const V bias = hn::LoadU(d, frame.bias + channel);
  const int width = std::min(kWinogradResults, frame.out_width - place.x);
  const int height = std::min(kWinogradResults, frame.out_height - place.y);
  for (int j = 0; j < width; ++j) {
    V results[kWinogradResults];
    TransformOutput(rows[j], results);
    float* to = frame.destination +
                (static_cast<std::ptrdiff_t>(place.y) * frame.out_width + place.x + j) * frame.out +
                channel;
    for (int i = 0; i < height; ++i) {
      V result = hn::Add(results[i], bias);
      if (frame.add) {
        result = hn::Add(result, hn::LoadU(d, to));
      }
      if (frame.relu) {
        result = hn::Max(result, hn::Zero(d));
      }
      hn::StoreU(result, d, to);
      to += static_cast<std::ptrdiff_t>(frame.out_width) * frame.out;
    }
  }
}

void Tiles(const WinogradFrame& frame, int begin, int end, float* scratch) {
  const int tiles = end - begin;
  const int lanes = static_cast<int>(hn::Lanes(D()));
  const std::ptrdiff_t in_stride = WinogradStride(frame.in, tiles);
  const std::ptrdiff_t out_stride = WinogradStride(frame.out, tiles);
  float* const values = scratch;
  float* const sums = scratch + kWinogradProducts * in_stride;
  for (int tile = 0; tile < tiles; ++tile) {
    const TilePlace place = PlaceOf(frame, begin + tile);
    float* const to = values + static_cast<std::ptrdiff_t>(tile) * frame.in;
    for (int channel = 0; channel < frame.in; channel += lanes) {
      TileToProducts(frame, place, channel, to + channel, in_stride);
    }
  }
  const int panels = frame.out / kPanelChannels;
  const float* panel = frame.weights;
  for (int product = 0; product < kWinogradProducts; ++product) {
    for (int i = 0; i < panels; ++i) {
      Multiply(values + product * in_stride, tiles, frame.in, panel,
               sums + product * out_stride + static_cast<std::ptrdiff_t>(i) * kPanelChannels,
               frame.out);
      panel += static_cast<std::ptrdiff_t>(frame.in) * kPanelChannels;
    }
  }
  for (int tile = 0; tile < tiles; ++tile) {
    const TilePlace place = PlaceOf(frame, begin + tile);
    const float* const from = sums + static_cast<std::ptrdiff_t>(tile) * frame.out;
    for (int channel = 0; channel < frame.out; channel += lanes) {
      ProductsToTile(frame, place, channel, from + channel, out_stride);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace dkn {

HWY_EXPORT(PanelWeights);
HWY_EXPORT(Tiles);

void WinogradPanelWeights(const float* weights, int in, int out, int panel, float* packed) {
  HWY_DYNAMIC_DISPATCH(PanelWeights)(weights, in, out, panel, packed);
}

std::size_t WinogradScratch(int in, int out, int tiles) {
  return static_cast<std::size_t>(kWinogradProducts *
                                  (WinogradStride(in, tiles) + WinogradStride(out, tiles)));
}

void WinogradTiles(const WinogradFrame& frame, int begin, int end, float* scratch) {
  HWY_DYNAMIC_DISPATCH(Tiles)(frame, begin, end, scratch);
}

}  // namespace dkn

#endif  // HWY_ONCE
