#include "src/net/weight_gradient_lanes.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/net/weight_gradient_lanes.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each instruction set.
#include <hwy/highway.h>

#include "src/net/winograd_transforms-inl.h"

#ifndef DKN_SRC_NET_WEIGHT_GRADIENT_LANES_LAYOUT_
#define DKN_SRC_NET_WEIGHT_GRADIENT_LANES_LAYOUT_

namespace dkn {

// Where a frame's scratch memory holds what. Values are [product][panel of channels][place]
// [channel], so that the two panels that meet in a product lie in a core's first cache; sums
// [product][panel of out][panel of in][out][in]. From one product to the next is not a multiple of
// a page, so that the same place in all of them does not fall into one set of a cache.
struct WeightGradientLayout {
  WeightGradientLayout(int in, int out, int kernel, int most)
      : products(WeightGradientProducts(kernel)),
        panel(static_cast<std::ptrdiff_t>(most) * kPanelChannels),
        source_stride(panel * (in / kPanelChannels) + kPanelChannels),
        results_stride(panel * (out / kPanelChannels) + kPanelChannels),
        sum_panel(static_cast<std::ptrdiff_t>(in) * kPanelChannels),
        sum_stride(sum_panel * (out / kPanelChannels) + kPanelChannels) {}
  explicit WeightGradientLayout(const WeightGradientFrame& frame)
      : WeightGradientLayout(frame.source.channels, frame.results.channels, frame.kernel,
                             frame.most) {}

  std::ptrdiff_t ResultsBegin() const { return products * source_stride; }
  std::ptrdiff_t SumsBegin() const { return ResultsBegin() + products * results_stride; }
  std::ptrdiff_t Size() const { return SumsBegin() + products * sum_stride; }

  int products;
  std::ptrdiff_t panel;          // floats of a panel of values
  std::ptrdiff_t source_stride;  // from one product to the next
  std::ptrdiff_t results_stride;
  std::ptrdiff_t sum_panel;  // floats of a panel of output channels
  std::ptrdiff_t sum_stride;
};

}  // namespace dkn

#endif  // DKN_SRC_NET_WEIGHT_GRADIENT_LANES_LAYOUT_

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

// One tile of an image, kSize x kSize pixels at (x, y), to the place's values of each product.
template <int kSize>
void ImageToProducts(const PaddedImage& image, int x, int y, int place, float* values,
                     std::ptrdiff_t panel, std::ptrdiff_t stride) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int channel = 0; channel < image.channels; channel += lanes) {
    float* const to = values + channel / kPanelChannels * panel +
                      static_cast<std::ptrdiff_t>(place) * kPanelChannels +
                      channel % kPanelChannels;
    if constexpr (kSize == 1) {
      const std::ptrdiff_t pixel = static_cast<std::ptrdiff_t>(y) * image.width + x;
      hn::StoreU(hn::LoadU(d, image.values + pixel * image.channels + channel), d, to);
    } else {
      TileToProducts<kSize>(image, x - image.padding, y - image.padding, channel, to, stride);
    }
  }
}

template <int kKernel>
void TransformTileOf(const WeightGradientFrame& frame, int tile, int place) {
  const WeightGradientLayout layout(frame);
  constexpr int kResults = kKernel == 1 ? 1 : WinogradResults(kKernel);
  const int across = TilesAlong(frame.results.width, kResults);
  const int x = tile % across * kResults;
  const int y = tile / across * kResults;
  ImageToProducts<kKernel == 1 ? 1 : kWinogradTile>(frame.source, x, y, place, frame.scratch,
                                                    layout.panel, layout.source_stride);
  ImageToProducts<kResults>(frame.results, x, y, place, frame.scratch + layout.ResultsBegin(),
                            layout.panel, layout.results_stride);
}

void TransformTile(const WeightGradientFrame& frame, int tile, int place) {
  switch (frame.kernel) {
    case 1:
      return TransformTileOf<1>(frame, tile, place);
    case 3:
      return TransformTileOf<3>(frame, tile, place);
    default:
      return TransformTileOf<5>(frame, tile, place);
  }
}

// c += a^T b for kCount columns of a and two vectors of b's; rows of all are kPanelChannels long.
template <int kCount>
HWY_INLINE void AddProducts(const float* a, const float* b, int depth, float* c, bool first) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  V low[kCount];
  V high[kCount];
  for (int i = 0; i < kCount; ++i) {
    low[i] = first ? hn::Zero(d) : hn::LoadU(d, c + i * kPanelChannels);
    high[i] = first ? hn::Zero(d) : hn::LoadU(d, c + i * kPanelChannels + lanes);
  }
  for (int k = 0; k < depth; ++k, a += kPanelChannels, b += kPanelChannels) {
    const V b_low = hn::LoadU(d, b);
    const V b_high = hn::LoadU(d, b + lanes);
    for (int i = 0; i < kCount; ++i) {
      const V value = hn::Set(d, a[i]);
      low[i] = hn::MulAdd(value, b_low, low[i]);
      high[i] = hn::MulAdd(value, b_high, high[i]);
    }
  }
  for (int i = 0; i < kCount; ++i) {
    hn::StoreU(low[i], d, c + i * kPanelChannels);
    hn::StoreU(high[i], d, c + i * kPanelChannels + lanes);
  }
}

void MultiplyTiles(const WeightGradientFrame& frame, int product, int panel, int count,
                   bool first) {
  const WeightGradientLayout layout(frame);
  const float* const a = frame.scratch + layout.ResultsBegin() + product * layout.results_stride +
                         panel * layout.panel;
  const float* b = frame.scratch + product * layout.source_stride;
  float* c =
      frame.scratch + layout.SumsBegin() + product * layout.sum_stride + panel * layout.sum_panel;
  static_assert(kPanelChannels == 2 * kRows + 4);
  const int columns = 2 * static_cast<int>(hn::Lanes(D()));
  for (int i = 0; i < frame.source.channels / kPanelChannels; ++i, b += layout.panel) {
    for (int column = 0; column < kPanelChannels; column += columns) {
      float* const to = c + column;
      AddProducts<kRows>(a, b + column, count, to, first);
      AddProducts<kRows>(a + kRows, b + column, count, to + kRows * kPanelChannels, first);
      AddProducts<4>(a + 2 * kRows, b + column, count, to + 2 * kRows * kPanelChannels, first);
    }
    c += kPanelChannels * kPanelChannels;
  }
}

// Some input channels' sums of 36 products to the taps, which are added to the gradient.
template <int kKernel>
void AddTaps(const float* sums, std::ptrdiff_t stride, float* gradient) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  V rows[kKernel][kWinogradTile];  // [tap along x][row]
  for (int i = 0; i < kWinogradTile; ++i) {
    V values[kWinogradTile];
    for (int j = 0; j < kWinogradTile; ++j) {
      values[j] = hn::LoadU(d, sums + (i * kWinogradTile + j) * stride);
    }
    V taps[kKernel];
    TransformTapsBack(values, taps);
    for (int j = 0; j < kKernel; ++j) {
      rows[j][i] = taps[j];
    }
  }
  HWY_ALIGN float values[kKernel * kKernel][kPanelChannels];
  for (int j = 0; j < kKernel; ++j) {
    V taps[kKernel];
    TransformTapsBack(rows[j], taps);
    for (int i = 0; i < kKernel; ++i) {
      hn::Store(taps[i], d, values[kKernel * i + j]);
    }
  }
  for (int i = 0; i < lanes; ++i) {
    for (int tap = 0; tap < kKernel * kKernel; ++tap) {
      *gradient++ += values[tap][i];
    }
  }
}

void AddResult(const WeightGradientFrame& frame, int panel) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const WeightGradientLayout layout(frame);
  const int in = frame.source.channels;
  const float* const sums = frame.scratch + layout.SumsBegin() + panel * layout.sum_panel;
  for (int out = 0; out < kPanelChannels; ++out) {
    for (int channel = 0; channel < in; channel += lanes) {
      const float* const from = sums +
                                (channel / kPanelChannels * kPanelChannels + out) *
                                    static_cast<std::ptrdiff_t>(kPanelChannels) +
                                channel % kPanelChannels;
      float* const to = frame.gradient +
                        (static_cast<std::ptrdiff_t>(panel * kPanelChannels + out) * in + channel) *
                            frame.kernel * frame.kernel;
      if (frame.kernel == 1) {
        hn::StoreU(hn::Add(hn::LoadU(d, to), hn::LoadU(d, from)), d, to);
      } else if (frame.kernel == 3) {
        AddTaps<3>(from, layout.sum_stride, to);
      } else {
        AddTaps<5>(from, layout.sum_stride, to);
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace dkn {

HWY_EXPORT(TransformTile);
HWY_EXPORT(MultiplyTiles);
HWY_EXPORT(AddResult);

int WeightGradientProducts(int kernel) {
  return kernel == 1 ? 1 : kWinogradProducts;
}

int WeightGradientTiles(const WeightGradientFrame& frame) {
  const int size = frame.kernel == 1 ? 1 : WinogradResults(frame.kernel);
  return TilesAlong(frame.results.width, size) * TilesAlong(frame.results.height, size);
}

std::size_t WeightGradientScratch(int in, int out, int kernel, int most) {
  return static_cast<std::size_t>(WeightGradientLayout(in, out, kernel, most).Size());
}

void WeightGradientTransform(const WeightGradientFrame& frame, int tile, int place) {
  HWY_DYNAMIC_DISPATCH(TransformTile)(frame, tile, place);
}

void WeightGradientMultiply(const WeightGradientFrame& frame, int product, int panel, int count,
                            bool first) {
  HWY_DYNAMIC_DISPATCH(MultiplyTiles)(frame, product, panel, count, first);
}

void WeightGradientResult(const WeightGradientFrame& frame, int panel) {
  HWY_DYNAMIC_DISPATCH(AddResult)(frame, panel);
}

}  // namespace dkn

#endif  // HWY_ONCE
