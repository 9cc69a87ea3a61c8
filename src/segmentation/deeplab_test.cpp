#include "src/segmentation/deeplab.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "dkn/error.h"
#include "src/core/test_images.h"
#include "src/net/graph_network.h"
#include "src/net/test_graph.h"

namespace dkn {
namespace {

std::vector<std::string> TensorNames(const Graph& graph) {
  std::vector<std::string> names;
  for (const auto& [name, shape] : TensorShapes(graph)) {
    names.push_back(name);
  }
  return names;
}

TEST(DeepLabTest, GivesAScoreForEightPixels) {
  for (const std::string& name : DeepLabNames()) {
    const Graph graph = MakeDeepLab(name, 11).graph;
    for (const auto& [width, height] : {std::pair{1, 1}, {8, 16}, {480, 360}, {513, 513}}) {
      const GraphSize scores = NodeSizes(graph, {{width, height}}).back();
      EXPECT_EQ(scores.width, (width + kScoreStep - 1) / kScoreStep) << name;
      EXPECT_EQ(scores.height, (height + kScoreStep - 1) / kScoreStep) << name;
    }
    EXPECT_EQ(graph.nodes().back().channels, 11);
  }
  EXPECT_THROW(MakeDeepLab("deeplab", 11), Error);
}

// Against the definition, value by value, of as many pixels as that is computed of in a second.
TEST(DeepLabTest, EqualsTheDefinition) {
  for (const auto& [name, width, height] :
       {std::tuple{"deeplab_mobile", 17, 9}, {"deeplab_resnet101", 8, 4}}) {
    const Graph graph = MakeDeepLab(name, 3).graph;
    const TensorFile file = RandomTensors(graph, 1);
    std::vector<Image> inputs;
    inputs.push_back(RandomImage(width, height, 3, -1.0f, 1.0f, 1));
    const Image expected = PlainGraph(graph, file).Run(inputs);
    const auto largest =
        std::max_element(expected.data(), expected.data() + expected.size(),
                         [](float a, float b) { return std::abs(a) < std::abs(b); });
    EXPECT_GT(std::abs(*largest), 0.1f) << name;
    ExpectNear(GraphNetwork(graph, file).Run(inputs), expected, 1e-4f * std::abs(*largest));
  }
}

// He et al. 2016 and Chen et al. 2018: 44 million values; the names of the common ports.
TEST(DeepLabTest, ResNetHasTheTensorsOfThePorts) {
  const Graph graph = MakeDeepLab("deeplab_resnet101", 21).graph;
  const std::vector<std::string> names = TensorNames(graph);
  for (const char* name :
       {"conv1.weight", "bn1.running_var", "layer1.0.downsample.0.weight",
        "layer1.0.downsample.1.running_mean", "layer3.22.conv2.weight", "layer4.2.bn3.bias",
        "layer5.conv2d_list.3.weight", "layer5.conv2d_list.3.bias"}) {
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  }
  // 104 convolutions with batch normalisation, five tensors each, and four branches.
  EXPECT_EQ(names.size(), 104u * 5 + 4 * 2);
  EXPECT_EQ(ParameterCount(graph), 42'500'160 + 4 * (2048 * 21 * 9 + 21));
}

}  // namespace
}  // namespace dkn
