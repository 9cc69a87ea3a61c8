#include <algorithm>
#include <string>
#include <utility>

#include "src/imaging/padding.h"
#include "src/net/primal_dual.h"
#include "src/rivals/rival.h"

namespace dkn {
namespace {

int ValueOf(const FilterSettings& values, const std::string& name) {
  return static_cast<int>(values.at(name));
}

// Riegler, Ferstl, Ruether, Bischof: A deep primal-dual network for guided depth super-resolution,
// BMVC 2016. Each layer takes a pixel off each side.
Graph PdnGraph(const FilterSettings& values) {
  const Window window{.kernel = 3};
  Graph graph;
  const int images = graph.Input("images", 2);
  const int target = graph.Input("target", 1);
  int features = images;
  for (int layer = 1; layer < ValueOf(values, "layers"); ++layer) {
    features = graph.Convolution("conv" + std::to_string(layer), features, ValueOf(values, "width"),
                                 window, {Activation::kRelu});
  }
  const int residual = graph.Convolution("residual", features, 1, window);
  const int affinities = graph.Convolution("affinities", features, kPrimalDualDirections, window);
  graph.PrimalDual("iterations", graph.Sum({target, residual}), affinities,
                   ValueOf(values, "iterations"));
  return graph;
}

NetworkFrame PreparePdn(const FilterSettings& values, const FilterInput& input) {
  const int width = input.target.width;
  const int height = input.target.height;
  const int colours = input.guide.channels;
  Image images(width, height, 2);  // about 0, which lies amid what layers with ReLU begin to bend
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      images(x, y, 0) = input.target(x, y) - 0.5f;
      float sum = 0.0f;
      for (int c = 0; c < colours; ++c) {
        sum += input.guide(x, y, c);
      }
      images(x, y, 1) = sum / static_cast<float>(colours) - 0.5f;
    }
  }
  NetworkFrame frame;
  frame.inputs.push_back(ReplicateHalo(images, ValueOf(values, "layers")));
  frame.inputs.push_back(Image::Clone(input.target));
  frame.base = Image(width, height);
  return frame;
}

std::vector<GraphSize> PdnSizes(const FilterSettings& values, const GraphSize& frame) {
  const int border = 2 * ValueOf(values, "layers");
  return {{frame.width + border, frame.height + border}, frame};
}

}  // namespace

Rival PdnRival() {
  return {{{"layers", 10, 2, 64, "", "convolutions; the authors take 15 for 16x", true},
           {"width", 64, 1, 1024, "channels", "of all of them but the last", true},
           {"iterations", 20, 1, 1000, "", "of the primal-dual algorithm", true}},
          PdnGraph,
          PreparePdn,
          PdnSizes};
}

}  // namespace dkn
