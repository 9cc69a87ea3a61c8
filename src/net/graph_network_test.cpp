#include "src/net/graph_network.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>

#include "dkn/error.h"
#include "dkn/threads.h"
#include "src/core/test_images.h"
#include "src/net/test_graph.h"

namespace dkn {
namespace {

// For SmallGraph: depth of w x h, a guide of 4 w - 1 x 4 h - 1.
std::vector<Image> Inputs(int width, int height, unsigned seed) {
  std::vector<Image> inputs;
  inputs.push_back(RandomImage(4 * width - 1, 4 * height - 1, 3, -1.0f, 1.0f, seed));
  inputs.push_back(RandomImage(width, height, 1, -1.0f, 1.0f, seed + 1));
  return inputs;
}

TEST(GraphNetworkTest, EqualsTheDefinition) {
  const Graph graph = SmallGraph();
  for (const auto& [width, height] : {std::pair{2, 2}, {3, 7}, {9, 5}}) {
    const TensorFile file = RandomTensors(graph, static_cast<unsigned>(width));
    const std::vector<Image> inputs = Inputs(width, height, 7);
    ExpectNear(GraphNetwork(graph, file).Run(inputs), PlainGraph(graph, file).Run(inputs), 2e-5f);
  }
}

TEST(GraphNetworkTest, EqualsTheDefinitionOfAdaptiveLayers) {
  const Graph graph = AdaptiveGraph();
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 5}, {9, 4}}) {
    const TensorFile file = RandomTensors(graph, static_cast<unsigned>(width));
    std::vector<Image> inputs;
    inputs.push_back(RandomImage(width, height, 2, -1.0f, 1.0f, 1));
    inputs.push_back(RandomImage(4 * width, 4 * height, 3, -1.0f, 1.0f, 2));
    ExpectNear(GraphNetwork(graph, file).Run(inputs), PlainGraph(graph, file).Run(inputs), 2e-5f);
    inputs[1] = RandomImage(4 * width + 2, 4 * height, 3, 1);
    EXPECT_THROW(GraphNetwork(graph, file).Run(inputs), Error);
  }
  // A reduction of cells that are not even.
  Graph odd;
  odd.Reduction(odd.Input("image", 1), 4);
  EXPECT_THROW(NodeSizes(odd, {{6, 8}}), Error);
}

TEST(GraphNetworkTest, EqualsTheDefinitionOfResidualLayers) {
  const Graph graph = ResidualGraph();
  for (const auto& [width, height] : {std::pair{1, 1}, {8, 13}, {31, 18}}) {
    TensorFile file = RandomTensors(graph, static_cast<unsigned>(width));
    std::vector<Image> inputs;
    inputs.push_back(RandomImage(width, height, 3, -1.0f, 1.0f, 1));
    ExpectNear(GraphNetwork(graph, file).Run(inputs), PlainGraph(graph, file).Run(inputs), 2e-5f);
    file.tensors["each_bn.running_var"].values[3] = -1.0f;
    EXPECT_THROW(GraphNetwork(graph, file), Error);
  }
}

TEST(GraphNetworkTest, EqualsTheDefinitionOfPrimalDualIterations) {
  const Graph graph = IteratingGraph();
  for (const auto& [width, height] : {std::pair{1, 1}, {8, 13}, {31, 18}}) {
    TensorFile file = RandomTensors(graph, static_cast<unsigned>(width));
    std::vector<Image> inputs;
    inputs.push_back(RandomImage(width, height, 1, -0.5f, 0.5f, 1));
    for (float& tau : file.tensors["iterations.log_tau"].values) {
      tau += 4.0f;  // so that iterations count
    }
    ExpectNear(GraphNetwork(graph, file).Run(inputs), PlainGraph(graph, file).Run(inputs), 2e-6f);
    file.tensors["iterations.log_tau"].values[3] = 41.0f;
    EXPECT_THROW(GraphNetwork(graph, file), Error);
  }
  // 5 values of each number, and one of sharpness.
  EXPECT_EQ(ParameterCount(graph), (9 * 3 + 3) + (3 + 1) + (3 * 24 + 24) + 5 * 5 + 1);
  EXPECT_EQ(Operations(graph, {{8, 4}}), 32.0 * (2.0 * (9 * 3 + 3 + 3 * 24) + 5.0 * (7 * 24 + 7)));
  // p, its bounds, affinities twice, and images.
  const GraphNetwork network(graph, RandomTensors(graph, 1));
  EXPECT_GT(network.RunBytes({{8, 4}}), sizeof(float) * 32 * 4 * 24);
  Graph wrong;
  const int image = wrong.Input("image", 1);
  wrong.PrimalDual("iterations", image, wrong.Convolution("small", image, 24, {.kernel = 3}), 1);
  EXPECT_THROW(NodeSizes(wrong, {{8, 8}}), Error);
}

TEST(GraphNetworkTest, GivesTheSameBitsOnAnyNumberOfThreads) {
  const Graph graph = SmallGraph();
  const GraphNetwork network(graph, RandomTensors(graph, 1));
  const std::vector<Image> inputs = Inputs(12, 11, 3);
  SetThreads(1);
  const Image one = network.Run(inputs);
  SetThreads(2);
  Image two[2];
  std::thread other([&] { two[0] = network.Run(inputs); });
  two[1] = network.Run(inputs);
  other.join();
  SetThreads(0);
  for (const Image& image : two) {
    ASSERT_EQ(image.size(), one.size());
    EXPECT_EQ(std::memcmp(image.data(), one.data(), sizeof(float) * one.size()), 0);
  }
}

TEST(GraphNetworkTest, RefusesWhatDoesNotFit) {
  const Graph graph = SmallGraph();
  const TensorFile file = RandomTensors(graph, 1);
  const GraphNetwork network(graph, file);
  std::vector<Image> inputs = Inputs(3, 3, 1);
  inputs[0] = RandomImage(12, 11, 3, 1);
  EXPECT_THROW(network.Run(inputs), Error);  // sizes that cannot be concatenated
  inputs[0] = RandomImage(11, 11, 1, 1);
  EXPECT_THROW(network.Run(inputs), Error);  // channels
  inputs.pop_back();
  EXPECT_THROW(network.Run(inputs), Error);  // too few
  inputs = Inputs(3, 3, 1);
  inputs[0] = RandomImage(2, 2, 3, 1);
  EXPECT_THROW(network.Run(inputs), Error);  // smaller than a window

  TensorFile missing = file;
  missing.tensors.erase("large_prelu.slope");
  EXPECT_THROW(GraphNetwork(graph, missing), Error);
  TensorFile more = file;
  more.tensors["other"] = {{1}, {0.0f}};
  EXPECT_THROW(GraphNetwork(graph, more), Error);
  TensorFile turned = file;
  std::swap(turned.tensors["large.weight"].shape[0], turned.tensors["large.weight"].shape[1]);
  EXPECT_THROW(GraphNetwork(graph, turned), Error);
}

// By hand, for depth of 3 x 3 and a guide of 11 x 11.
TEST(GraphNetworkTest, CountsParametersOperationsAndBytes) {
  const Graph graph = SmallGraph();
  EXPECT_EQ(ParameterCount(graph), (3 * 5 * 25 + 5 + 5) + (5 * 6 * 9 + 6) + (4 * 25 + 4 + 4) +
                                       (10 * 3 * 25 + 3) + (8 * 2 + 2));
  const std::vector<GraphSize> sizes = {{11, 11}, {3, 3}};
  EXPECT_EQ(Operations(graph, sizes), 2.0 * (121 * 3 * 5 * 25 + 25 * 5 * 6 * 9 + 9 * 4 * 25 +
                                             25 * 10 * 3 * 25 + 121 * 8 * 2));
  const Graph residual = ResidualGraph();
  EXPECT_EQ(ParameterCount(residual),
            (3 * 8 * 9 + 16) + (8 * 9 + 16) + (8 * 8 + 16) + 2 * (8 * 4 * 9 + 4));
  EXPECT_EQ(Operations(residual, {{8, 8}}),
            2.0 * (16 * 3 * 8 * 9 + 4 * 8 * 9 + 4 * 8 * 8 + 2 * 4 * 8 * 4 * 9));
  // The most is held when the last concatenation is made: two nodes of 3 and 5 channels, and it.
  const GraphNetwork network(graph, RandomTensors(graph, 1));
  EXPECT_EQ(network.RunBytes(sizes), sizeof(float) * 121 * 16);
}

}  // namespace
}  // namespace dkn
