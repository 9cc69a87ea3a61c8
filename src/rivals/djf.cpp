#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "src/imaging/padding.h"
#include "src/rivals/rival.h"

namespace dkn {
namespace {

// Pixels that the joint layers take off on each side: images are continued so far.
constexpr int kBorder = 6;

// A stream keeps its size: what the 9 x 9 layer takes off, the next ones' zeros add.
int Stream(Graph& graph, const std::string& name, int channels, int width) {
  const Follower relu{.activation = Activation::kRelu};
  const int image = graph.Input(name, channels);
  const int first =
      graph.Convolution(name + ".conv1", image, width, {.kernel = 9, .padding = 2}, relu);
  const int second =
      graph.Convolution(name + ".conv2", first, width / 2, {.kernel = 1, .padding = 2}, relu);
  return graph.Convolution(name + ".conv3", second, 1, {.kernel = 5, .padding = 2});
}

// Li, Huang, Ahuja, Yang: Deep joint image filtering, ECCV 2016.
Graph DjfGraph(const FilterSettings& values) {
  const int stream_width = static_cast<int>(values.at("stream_width"));
  const int joint_width = static_cast<int>(values.at("joint_width"));
  const Follower relu{.activation = Activation::kRelu};
  Graph graph;
  const int guide = Stream(graph, "guide", 3, stream_width);
  const int target = Stream(graph, "target", 1, stream_width);
  const int both = graph.Concatenation({guide, target});
  const int first = graph.Convolution("joint.conv1", both, joint_width, {.kernel = 9}, relu);
  const int second = graph.Convolution("joint.conv2", first, joint_width / 2, {.kernel = 1}, relu);
  graph.Convolution("joint.conv3", second, 1, {.kernel = 5});
  return graph;
}

// Keys' cubic, a = -0.5, of distance x.
double Cubic(double x) {
  x = std::abs(x);
  return x < 1.0   ? (1.5 * x - 2.5) * x * x + 1.0
         : x < 2.0 ? ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
                   : 0.0;
}

// out(x, y) = image(x + shift, y + shift), by cubic interpolation; beyond the border the last
// pixels are repeated.
Image Shifted(ConstView image, double shift) {
  constexpr int kTaps = 4;
  const int first = static_cast<int>(std::floor(shift)) - 1;
  double weights[kTaps];
  for (int i = 0; i < kTaps; ++i) {
    weights[i] = Cubic(first + i - shift);
  }
  Image rows(image.width, image.height);
  Image out(image.width, image.height);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      double sum = 0.0;
      for (int i = 0; i < kTaps; ++i) {
        sum += weights[i] * image(std::clamp(x + first + i, 0, image.width - 1), y);
      }
      rows(x, y) = static_cast<float>(sum);
    }
  }
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      double sum = 0.0;
      for (int i = 0; i < kTaps; ++i) {
        sum += weights[i] * rows(x, std::clamp(y + first + i, 0, image.height - 1));
      }
      out(x, y) = static_cast<float>(sum);
    }
  }
  return out;
}

NetworkFrame PrepareDjf(const FilterSettings& values, const FilterInput& input) {
  Image target = Shifted(input.target, values.at("shift"));
  NetworkFrame frame;
  frame.inputs.push_back(ReplicateHalo(ThreeChannels(input.guide), kBorder));
  frame.inputs.push_back(ReplicateHalo(target, kBorder));
  frame.base =
      values.at("residual") != 0.0 ? std::move(target) : Image(target.width(), target.height());
  return frame;
}

std::vector<GraphSize> DjfSizes(const FilterSettings&, const GraphSize& frame) {
  return std::vector<GraphSize>(2, {frame.width + 2 * kBorder, frame.height + 2 * kBorder});
}

}  // namespace

Rival DjfRival() {
  return {
      {{"residual", 0, 0, 1, "", "1: the network gives what is added to the target (DJFR)", true},
       {"shift", 0, -64, 64, "pixels",
        "the network sees the target moved up and left by this; those released for 8x were "
        "trained on 3.5"},
       {"stream_width", 96, 2, 1024, "channels", "of each stream's first layer", true},
       {"joint_width", 64, 2, 1024, "channels", "of the joint layers' first", true}},
      DjfGraph,
      PrepareDjf,
      DjfSizes};
}

}  // namespace dkn
