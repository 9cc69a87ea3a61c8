#include "src/net/weight_gradient.h"

#include <algorithm>

#include "src/core/parallel_for.h"
#include "src/net/machine.h"
#include "src/net/own_convolution.h"
#include "src/net/weight_gradient_lanes.h"

namespace dkn {
namespace {

// Tiles that are taken at once: two panels of them fit into a core's first cache.
constexpr int kMostTiles = 192;

// The frame but for where its scratch memory is; blocks are as many as must be, of equal size.
WeightGradientFrame MakeFrame(const Layer& layer, const float* source, int width, int height,
                              const float* results, float* gradient) {
  WeightGradientFrame frame{
      {source, width, height, layer.in, layer.padding},
      {results, ResultsAlong(layer, width), ResultsAlong(layer, height), layer.out, 0},
      layer.kernel,
      0,
      nullptr,
      gradient};
  const int tiles = WeightGradientTiles(frame);
  const int blocks = (tiles + kMostTiles - 1) / kMostTiles;
  frame.most = (tiles + blocks - 1) / blocks;
  return frame;
}

}  // namespace

bool HasOwnWeightGradient(const Layer& layer) {
  Layer like = layer;
  if (layer.kernel == 1 && layer.padding == 0) {
    like.kernel = 3;  // taken where one of 3 x 3 with its channels would be
  }
  return ChooseOwnConvolution(like) == OwnAlgorithm::kWinograd;
}

std::size_t WeightGradientScratchFloats(const Layer& layer, int width, int height) {
  const WeightGradientFrame frame = MakeFrame(layer, nullptr, width, height, nullptr, nullptr);
  return WeightGradientScratch(layer.in, layer.out, layer.kernel, frame.most);
}

void AddWeightGradient(const Layer& layer, const float* source, int width, int height,
                       const float* results, float* gradient, float* scratch) {
  KeepToInstructionSet();
  WeightGradientFrame frame = MakeFrame(layer, source, width, height, results, gradient);
  frame.scratch = scratch;
  const int tiles = WeightGradientTiles(frame);
  const int panels = layer.out / kPanelChannels;
  for (int begin = 0; begin < tiles; begin += frame.most) {
    const int count = std::min(frame.most, tiles - begin);
    ParallelFor(0, count, [&](int place) { WeightGradientTransform(frame, begin + place, place); });
    ParallelFor(0, WeightGradientProducts(layer.kernel) * panels, [&](int i) {
      WeightGradientMultiply(frame, i / panels, i % panels, count, begin == 0);
    });
  }
  ParallelFor(0, panels, [&](int panel) { WeightGradientResult(frame, panel); });
}

}  // namespace dkn
