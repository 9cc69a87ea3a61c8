#include "src/net/winograd.h"

#include <algorithm>

#include "src/core/parallel_for.h"
#include "src/net/machine.h"
#include "src/net/winograd_lanes.h"

namespace dkn {
namespace {

// Tiles that are computed at once: what is between them and the layer's results stays in a core's
// second cache, and the weights, which each block of tiles reads anew, serve as many as that
// allows.
constexpr int kTiles = 12;

}  // namespace

bool WinogradConvolution::Fits(const Layer& layer) {
  return (layer.kernel == 3 || layer.kernel == 5) && layer.stride == 1 && layer.dilation == 1 &&
         layer.groups == 1 && layer.in % kPanelChannels == 0 && layer.out % kPanelChannels == 0;
}

WinogradConvolution::WinogradConvolution(const Layer& layer, std::span<const float> weights,
                                         std::span<const float> bias)
    : layer_(layer),
      weights_(static_cast<std::size_t>(kWinogradProducts) * layer.in * layer.out),
      bias_(bias.begin(), bias.end()) {
  KeepToInstructionSet();
  ParallelFor(0, layer.out / kPanelChannels, [&](int panel) {
    WinogradPanelWeights(weights.data(), layer.kernel, layer.in, layer.out, panel, weights_.data());
  });
}

std::size_t WinogradConvolution::ScratchFloats(const Layer& layer, int threads) {
  return static_cast<std::size_t>(threads) * WinogradScratch(layer.in, layer.out, kTiles);
}

void WinogradConvolution::Run(const float* source, int width, int height, float* destination,
                              int threads, float* scratch) const {
  const WinogradFrame frame{{source, width, height, layer_.in, layer_.padding},
                            layer_.kernel,
                            destination,
                            ResultsAlong(layer_, width),
                            ResultsAlong(layer_, height),
                            layer_.out,
                            weights_.data(),
                            bias_.data(),
                            layer_.activation == Activation::kRelu,
                            layer_.residual};
  const int results = WinogradResults(layer_.kernel);
  const int tiles = TilesAlong(frame.out_width, results) * TilesAlong(frame.out_height, results);
  const int blocks = (tiles + kTiles - 1) / kTiles;
  const std::size_t own = WinogradScratch(layer_.in, layer_.out, kTiles);
  ParallelFor(0, threads, [&](int thread) {
    for (int block = thread; block < blocks; block += threads) {
      WinogradTiles(frame, block * kTiles, std::min(tiles, (block + 1) * kTiles),
                    scratch + static_cast<std::size_t>(thread) * own);
    }
  });
}

}  // namespace dkn
