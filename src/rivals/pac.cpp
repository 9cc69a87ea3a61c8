#include <string>
#include <utility>

#include "src/imaging/padding.h"
#include "src/rivals/low_target.h"
#include "src/rivals/rival.h"

namespace dkn {
namespace {

constexpr int kWidth = 32;
constexpr int kFeatures = 16;  // of the guide, for each level
constexpr Window kSame{.kernel = 5, .padding = 2};

int LevelsOf(const FilterSettings& values) {
  return static_cast<int>(values.at("levels"));
}

// Su et al.: Pixel-adaptive convolutional neural networks, CVPR 2019, Section 5.1, for joint
// upsampling: the target's features are enlarged level by level, by kernels that the guide's adapt.
Graph PacGraph(const FilterSettings& values) {
  const Follower relu{.activation = Activation::kRelu};
  const int levels = LevelsOf(values);
  Graph graph;
  const int guide = graph.Input("guide", 3);
  const int target = graph.Input("target", 1);
  int result = graph.Convolution("target.conv1", target, kWidth, kSame, relu);
  result = graph.Convolution("target.conv2", result, kWidth, kSame, relu);
  result = graph.Convolution("target.conv3", result, kWidth, kSame);
  int seen = graph.Convolution("guide.conv1", guide, kWidth, kSame, relu);
  seen = graph.Convolution("guide.conv2", seen, kWidth, kSame, relu);
  for (int level = 1; level <= levels; ++level) {
    const std::string scale = std::to_string(1 << level);
    int features = graph.Convolution("guide.conv3_x" + scale, seen, kFeatures, kSame);
    if (level < levels) {
      features = graph.Reduction(features, 1 << (levels - level));
    }
    result = graph.PixelAdaptive("up_x" + scale, result, features, kWidth, 5, relu);
  }
  result = graph.Convolution("joint.conv1", result, kWidth, kSame, relu);
  graph.Convolution("joint.conv2", result, 1, kSame);
  return graph;
}

NetworkFrame PreparePac(const FilterSettings& values, const FilterInput& input) {
  const int scale = 1 << LevelsOf(values);
  Image low = LowTarget(input, scale);
  NetworkFrame frame;
  frame.base = Image(input.target.width, input.target.height);
  frame.inputs.push_back(ReplicatePad(ThreeChannels(input.guide),
                                      scale * low.width() - input.guide.width,
                                      scale * low.height() - input.guide.height));
  frame.inputs.push_back(std::move(low));
  return frame;
}

std::vector<GraphSize> PacSizes(const FilterSettings& values, const GraphSize& frame) {
  const int scale = 1 << LevelsOf(values);
  const GraphSize low = LowSize(frame, scale);
  return {{scale * low.width, scale * low.height}, low};
}

}  // namespace

Rival PacRival() {
  return {{{"levels", 3, 1, 5, "", "times that the network doubles the size: 3 for 8x", true}},
          PacGraph,
          PreparePac,
          PacSizes};
}

}  // namespace dkn
