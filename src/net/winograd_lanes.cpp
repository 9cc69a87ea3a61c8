#include "src/net/winograd_lanes.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/net/winograd_lanes.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each instruction set.
#include <hwy/highway.h>

#include "src/net/winograd_transforms-inl.h"

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
  const int results = WinogradResults(frame.kernel);
  const int across = TilesAlong(frame.out_width, results);
  return {tile % across * results, tile / across * results};
}

// The weights of one panel of output channels.
template <int kKernel>
void PanelWeights(const float* weights, int in, int out, int panel, float* packed) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const std::ptrdiff_t stride = static_cast<std::ptrdiff_t>(in) * out;  // of products
  float* to = packed + static_cast<std::ptrdiff_t>(panel) * in * kPanelChannels;
  for (int channel = 0; channel < in; ++channel) {
    for (int first = 0; first < kPanelChannels; first += lanes, to += lanes) {
      HWY_ALIGN float taps[kKernel * kKernel][kPanelChannels];
      for (int i = 0; i < lanes; ++i) {
        const std::ptrdiff_t from = panel * kPanelChannels + first + i;
        for (int tap = 0; tap < kKernel * kKernel; ++tap) {
          taps[tap][i] = weights[(from * in + channel) * kKernel * kKernel + tap];
        }
      }
      V columns[kWinogradTile][kKernel];  // [place along x][row]
      for (int row = 0; row < kKernel; ++row) {
        V values[kKernel];
        for (int i = 0; i < kKernel; ++i) {
          values[i] = hn::Load(d, taps[kKernel * row + i]);
        }
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

// Some channels of a tile's results from the 36 matrices.
template <int kKernel>
void ProductsToTile(const WinogradFrame& frame, TilePlace place, int channel, const float* from,
                    std::ptrdiff_t stride) {
  constexpr int kResults = WinogradResults(kKernel);
  const D d;
  V rows[kResults][kWinogradTile];  // once along x
  for (int i = 0; i < kWinogradTile; ++i) {
    V values[kWinogradTile];
    for (int j = 0; j < kWinogradTile; ++j) {
      values[j] = hn::LoadU(d, from + (i * kWinogradTile + j) * stride);
    }
    V results[kResults];
    Gather(values, results);
    for (int j = 0; j < kResults; ++j) {
      rows[j][i] = results[j];
    }
  }
  const V bias = hn::LoadU(d, frame.bias + channel);
  const int width = std::min(kResults, frame.out_width - place.x);
  const int height = std::min(kResults, frame.out_height - place.y);
  for (int j = 0; j < width; ++j) {
    V results[kResults];
    Gather(rows[j], results);
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

template <int kKernel>
void TilesOf(const WinogradFrame& frame, int begin, int end, float* scratch) {
  const int tiles = end - begin;
  const int lanes = static_cast<int>(hn::Lanes(D()));
  const int in = frame.source.channels;
  const std::ptrdiff_t in_stride = WinogradStride(in, tiles);
  const std::ptrdiff_t out_stride = WinogradStride(frame.out, tiles);
  float* const values = scratch;
  float* const sums = scratch + kWinogradProducts * in_stride;
  for (int tile = 0; tile < tiles; ++tile) {
    const TilePlace place = PlaceOf(frame, begin + tile);
    float* const to = values + static_cast<std::ptrdiff_t>(tile) * in;
    for (int channel = 0; channel < in; channel += lanes) {
      TileToProducts<kWinogradTile>(frame.source, place.x - frame.source.padding,
                                    place.y - frame.source.padding, channel, to + channel,
                                    in_stride);
    }
  }
  const int panels = frame.out / kPanelChannels;
  const float* panel = frame.weights;
  for (int product = 0; product < kWinogradProducts; ++product) {
    for (int i = 0; i < panels; ++i) {
      Multiply(values + product * in_stride, tiles, in, panel,
               sums + product * out_stride + static_cast<std::ptrdiff_t>(i) * kPanelChannels,
               frame.out);
      panel += static_cast<std::ptrdiff_t>(in) * kPanelChannels;
    }
  }
  for (int tile = 0; tile < tiles; ++tile) {
    const TilePlace place = PlaceOf(frame, begin + tile);
    const float* const from = sums + static_cast<std::ptrdiff_t>(tile) * frame.out;
    for (int channel = 0; channel < frame.out; channel += lanes) {
      ProductsToTile<kKernel>(frame, place, channel, from + channel, out_stride);
    }
  }
}

void Tiles(const WinogradFrame& frame, int begin, int end, float* scratch) {
  frame.kernel == 3 ? TilesOf<3>(frame, begin, end, scratch)
                    : TilesOf<5>(frame, begin, end, scratch);
}

void Weights(const float* weights, int kernel, int in, int out, int panel, float* packed) {
  kernel == 3 ? PanelWeights<3>(weights, in, out, panel, packed)
              : PanelWeights<5>(weights, in, out, panel, packed);
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace dkn {

HWY_EXPORT(Weights);
HWY_EXPORT(Tiles);

void WinogradPanelWeights(const float* weights, int kernel, int in, int out, int panel,
                          float* packed) {
  HWY_DYNAMIC_DISPATCH(Weights)(weights, kernel, in, out, panel, packed);
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
