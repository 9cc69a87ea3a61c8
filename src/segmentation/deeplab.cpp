#include "src/segmentation/deeplab.h"

#include <iterator>

#include "dkn/error.h"

namespace dkn {
namespace {

constexpr Activation kRelu = Activation::kRelu;

// Scores: the sum of four dilated convolutions, each straight to the classes.
void AddPyramid(Graph& graph, const std::string& name, int from, int classes) {
  std::vector<int> branches;
  for (const int dilation : {6, 12, 18, 24}) {
    const Window window{.kernel = 3, .padding = dilation, .dilation = dilation};
    branches.push_back(
        graph.Convolution(name + std::to_string(branches.size()), from, classes, window));
  }
  graph.Sum(branches);
}

// Sandler et al. 2018, Fig. 4: to `expansion` times as many channels, each convolved by itself, and
// back without an activation.
int InvertedResidual(Graph& graph, const std::string& name, int from, int channels, int expansion,
                     int stride, int dilation) {
  const int before = graph.nodes()[static_cast<std::size_t>(from)].channels;
  int inner = from;
  if (expansion > 1) {
    inner = graph.Convolution(name + ".expand", from, expansion * before, {},
                              {.activation = kRelu, .batch_norm = name + ".expand_bn"});
  }
  const Window window{.kernel = 3, .stride = stride, .padding = dilation, .dilation = dilation};
  inner = graph.DepthwiseConvolution(name + ".each", inner, window,
                                     {.activation = kRelu, .batch_norm = name + ".each_bn"});
  const int result = graph.Convolution(name + ".project", inner, channels, {},
                                       {.batch_norm = name + ".project_bn"});
  return stride == 1 && channels == before ? graph.Sum({from, result}) : result;
}

Graph MobileGraph(int classes) {
  struct Stage {
    int channels;
    int expansion;
    int blocks;
    int stride;
    int dilation;
  };
  constexpr Stage kStages[] = {
      {16, 1, 1, 1, 1}, {24, 4, 2, 2, 1}, {48, 4, 3, 2, 1}, {96, 4, 4, 1, 2}, {128, 4, 3, 1, 4}};
  Graph graph;
  int node = graph.Convolution("stem", graph.Input("picture", 3), 32,
                               {.kernel = 3, .stride = 2, .padding = 1},
                               {.activation = kRelu, .batch_norm = "stem_bn"});
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.blocks; ++i) {
      const std::string name =
          "stage" + std::to_string(&stage - kStages) + ".block" + std::to_string(i);
      node = InvertedResidual(graph, name, node, stage.channels, stage.expansion,
                              i == 0 ? stage.stride : 1, stage.dilation);
    }
  }
  AddPyramid(graph, "pyramid", node, classes);
  return graph;
}

// He et al. 2016, Fig. 5, right: the sum is activated. `width` channels inside, four times as many
// around.
int Bottleneck(Graph& graph, const std::string& name, int from, int width, int stride, int dilation,
               bool project) {
  const int first = graph.Convolution(name + ".conv1", from, width, {.stride = stride},
                                      {.activation = kRelu, .batch_norm = name + ".bn1"});
  const int second = graph.Convolution(name + ".conv2", first, width,
                                       {.kernel = 3, .padding = dilation, .dilation = dilation},
                                       {.activation = kRelu, .batch_norm = name + ".bn2"});
  const int third =
      graph.Convolution(name + ".conv3", second, 4 * width, {}, {.batch_norm = name + ".bn3"});
  const int shortcut =
      project ? graph.Convolution(name + ".downsample.0", from, 4 * width, {.stride = stride},
                                  {.batch_norm = name + ".downsample.1"})
              : from;
  return graph.Sum({third, shortcut}, kRelu);
}

Graph ResNet101Graph(int classes) {
  constexpr int kBlocks[] = {3, 4, 23, 3};
  constexpr int kStrides[] = {1, 2, 1, 1};
  constexpr int kDilations[] = {1, 1, 2, 4};
  Graph graph;
  int node = graph.Convolution("conv1", graph.Input("picture", 3), 64,
                               {.kernel = 7, .stride = 2, .padding = 3},
                               {.activation = kRelu, .batch_norm = "bn1"});
  node = graph.MaxPooling(node, 3, 2, 1);
  for (std::size_t stage = 0; stage < std::size(kBlocks); ++stage) {
    for (int i = 0; i < kBlocks[stage]; ++i) {
      const std::string name = "layer" + std::to_string(stage + 1) + "." + std::to_string(i);
      node = Bottleneck(graph, name, node, 64 << stage, i == 0 ? kStrides[stage] : 1,
                        kDilations[stage], i == 0);
    }
  }
  AddPyramid(graph, "layer5.conv2d_list.", node, classes);
  return graph;
}

struct Named {
  const char* name;
  Graph (*graph)(int classes);
  DeepLab::PictureScale scale;
};
// The mean and the deviation of ImageNet's pictures, about; Caffe's mean.
const Named kNetworks[] = {
    {"deeplab_mobile", MobileGraph, {{116.0f, 116.0f, 116.0f}, 1.0f / 64.0f, false}},
    {"deeplab_resnet101", ResNet101Graph, {{104.008f, 116.669f, 122.675f}, 1.0f, true}}};

}  // namespace

std::vector<std::string> DeepLabNames() {
  std::vector<std::string> names;
  for (const Named& network : kNetworks) {
    names.emplace_back(network.name);
  }
  return names;
}

DeepLab MakeDeepLab(const std::string& name, int classes) {
  std::string known;
  for (const Named& network : kNetworks) {
    if (name == network.name) {
      return {network.graph(classes), network.scale};
    }
    known.append(known.empty() ? "" : ", ").append(network.name);
  }
  throw Error("'" + name + "' is no segmentation network; there are: " + known);
}

}  // namespace dkn
