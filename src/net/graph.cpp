#include "src/net/graph.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/net/primal_dual.h"

namespace dkn {
namespace {

// Whether a node's kernel is laid on each pixel that goes in, and its values spread from there.
bool Spreads(const Node& node) {
  return node.kind == NodeKind::kTransposedConvolution || node.kind == NodeKind::kPixelAdaptive;
}

bool HasWeights(const Node& node) {
  return node.kind == NodeKind::kConvolution || Spreads(node);
}

// Of primal-dual iterations' numbers: e to the power of 40 squared is a float still.
constexpr float kLargestLogarithm = 40.0f;

int Reach(const Window& window) {
  return window.dilation * (window.kernel - 1) + 1;
}

int SlidSide(const Window& window, int side) {
  const int room = side + 2 * window.padding - Reach(window);
  return room < 0 ? 0 : room / window.stride + 1;
}

int TransposedSide(const Window& window, int side) {
  return window.stride * (side - 1) + Reach(window) - 2 * window.padding;
}

[[noreturn]] void RefuseSizes(const std::string& what, const GraphSize& a, const GraphSize& b) {
  throw Error("the network " + what + " " + SizeText(a.width, a.height) + " and " +
              SizeText(b.width, b.height));
}

GraphSize SizeOf(const Node& node, const std::vector<GraphSize>& earlier) {
  const GraphSize before = earlier[node.inputs.front()];
  if (node.kind == NodeKind::kPixelAdaptive) {
    const GraphSize twice{2 * before.width, 2 * before.height};
    if (earlier[node.inputs[1]] != twice) {
      RefuseSizes("enlarges by features", before, earlier[node.inputs[1]]);
    }
    return twice;
  }
  if (node.kind == NodeKind::kReduction) {
    const int factor = node.window.stride;
    if (before.width % factor != 0 || before.height % factor != 0) {
      RefuseSizes("reduces by cells", before, {factor, factor});
    }
    return {before.width / factor, before.height / factor};
  }
  for (const int input : node.inputs) {
    if (earlier[input] != before) {
      RefuseSizes(node.kind == NodeKind::kSum          ? "adds"
                  : node.kind == NodeKind::kPrimalDual ? "iterates on"
                                                       : "concatenates",
                  before, earlier[input]);
    }
  }
  if (node.kind == NodeKind::kConcatenation || node.kind == NodeKind::kSum ||
      node.kind == NodeKind::kPrimalDual) {
    return before;
  }
  const auto side = [&](int size) {
    return node.kind == NodeKind::kTransposedConvolution ? TransposedSide(node.window, size)
                                                         : SlidSide(node.window, size);
  };
  const GraphSize size{side(before.width), side(before.height)};
  if (size.width < 1 || size.height < 1) {
    throw Error("an image of " + SizeText(before.width, before.height) +
                " is too small for the network" +
                (node.name.empty() ? "" : "'s layer '" + node.name + "'"));
  }
  return size;
}

}  // namespace

int Graph::Add(Node node) {
  nodes_.push_back(std::move(node));
  return static_cast<int>(nodes_.size()) - 1;
}

int Graph::Input(const std::string& name, int channels) {
  return Add({NodeKind::kInput, name, {}, channels});
}

int Graph::Convolution(const std::string& name, int from, int channels, const Window& window,
                       const Follower& follower) {
  return Add({NodeKind::kConvolution, name, {from}, channels, window, follower});
}

int Graph::DepthwiseConvolution(const std::string& name, int from, const Window& window,
                                const Follower& follower) {
  const int channels = nodes_[from].channels;
  return Add({NodeKind::kConvolution, name, {from}, channels, window, follower, channels});
}

int Graph::TransposedConvolution(const std::string& name, int from, int channels,
                                 const Window& window, const Follower& follower) {
  return Add({NodeKind::kTransposedConvolution, name, {from}, channels, window, follower});
}

int Graph::PixelAdaptive(const std::string& name, int from, int features, int channels, int kernel,
                         const Follower& follower) {
  return Add(
      {NodeKind::kPixelAdaptive, name, {from, features}, channels, {.kernel = kernel}, follower});
}

int Graph::Reduction(int from, int factor) {
  return Add({NodeKind::kReduction, "", {from}, nodes_[from].channels, {.stride = factor}});
}

int Graph::MaxPooling(int from, int kernel, int stride, int padding) {
  const Window window{.kernel = kernel, .stride = stride, .padding = padding};
  return Add({NodeKind::kMaxPooling, "", {from}, nodes_[from].channels, window});
}

int Graph::Concatenation(const std::vector<int>& from) {
  int channels = 0;
  for (const int node : from) {
    channels += nodes_[node].channels;
  }
  return Add({NodeKind::kConcatenation, "", from, channels});
}

int Graph::Sum(const std::vector<int>& from, Activation activation) {
  return Add({NodeKind::kSum, "", from, nodes_[from.front()].channels, {}, {activation}});
}

int Graph::PrimalDual(const std::string& name, int from, int affinities, int iterations) {
  Node node{NodeKind::kPrimalDual, name, {from, affinities}, 1};
  node.iterations = iterations;
  return Add(node);
}

std::vector<int> Graph::InputChannels() const {
  std::vector<int> channels;
  for (const Node& node : nodes_) {
    if (node.kind == NodeKind::kInput) {
      channels.push_back(node.channels);
    }
  }
  return channels;
}

std::vector<GraphSize> NodeSizes(const Graph& graph, const std::vector<GraphSize>& inputs) {
  std::vector<GraphSize> sizes;
  std::size_t input = 0;
  for (const Node& node : graph.nodes()) {
    if (node.kind != NodeKind::kInput) {
      sizes.push_back(SizeOf(node, sizes));
    } else if (input < inputs.size()) {
      sizes.push_back(inputs[input++]);
    } else {
      throw Error("the network's input '" + node.name + "' is missing");
    }
  }
  return sizes;
}

std::vector<std::pair<std::string, std::vector<std::int64_t>>> TensorShapes(const Graph& graph) {
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> shapes;
  for (const Node& node : graph.nodes()) {
    if (node.kind == NodeKind::kPrimalDual) {
      for (const PrimalDualNumber& number : kPrimalDualNumbers) {
        shapes.push_back({node.name + "." + number.name, {node.iterations}});
      }
      shapes.push_back({node.name + "." + kLogSharpness, {1}});
    }
    if (!HasWeights(node)) {
      continue;
    }
    const std::int64_t kernel = node.window.kernel;
    std::int64_t first = node.channels;
    std::int64_t second = graph.ChannelsBefore(node) / node.groups;
    if (Spreads(node)) {
      std::swap(first, second);
    }
    shapes.push_back({node.name + ".weight", {first, second, kernel, kernel}});
    if (node.follower.batch_norm.empty()) {
      shapes.push_back({node.name + ".bias", {node.channels}});
    } else {
      for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"}) {
        shapes.push_back({node.follower.batch_norm + part, {node.channels}});
      }
    }
    if (!node.follower.prelu.empty()) {
      shapes.push_back({node.follower.prelu + ".slope", {node.channels}});
    }
  }
  return shapes;
}

std::optional<double> LogarithmAtStart(const std::string& name) {
  const std::string part = name.substr(name.rfind('.') + 1);
  for (const PrimalDualNumber& number : kPrimalDualNumbers) {
    if (part == number.name) {
      return std::log(PrimalDualStart().steps.front().*number.value);
    }
  }
  if (part == kLogSharpness) {
    return std::log(PrimalDualStart().sharpness);
  }
  return std::nullopt;
}

void CheckTensors(const Graph& graph, const TensorFile& file) {
  std::set<std::string> known;
  for (const auto& [name, shape] : TensorShapes(graph)) {
    const std::vector<float>& values = TensorValues(file, name, shape);
    if (name.ends_with(".running_var") && *std::min_element(values.begin(), values.end()) < 0.0f) {
      throw Error("tensor '" + name + "' has a negative variance");
    }
    if (LogarithmAtStart(name) && std::any_of(values.begin(), values.end(), [](float value) {
          return std::abs(value) > kLargestLogarithm;
        })) {
      throw Error("tensor '" + name + "' has a logarithm beyond " +
                  std::to_string(static_cast<int>(kLargestLogarithm)));
    }
    known.insert(name);
  }
  for (const auto& item : file.tensors) {
    if (known.count(item.first) == 0) {
      throw Error("tensor '" + item.first + "' does not belong to this network");
    }
  }
}

std::int64_t ParameterCount(const Graph& graph) {
  std::int64_t count = 0;
  for (const auto& [name, shape] : TensorShapes(graph)) {
    if (name.ends_with(".running_mean") || name.ends_with(".running_var")) {
      continue;
    }
    std::int64_t values = 1;
    for (const std::int64_t size : shape) {
      values *= size;
    }
    count += values;
  }
  return count;
}

double Operations(const Graph& graph, const std::vector<GraphSize>& inputs) {
  const std::vector<GraphSize> sizes = NodeSizes(graph, inputs);
  double operations = 0.0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const Node& node = graph.nodes()[i];
    if (node.kind == NodeKind::kPrimalDual) {
      // Each of 24 values of p: 4 for its step, 3 for the adjoint's two terms; 7 for u and relaxed.
      operations +=
          (7.0 * kPrimalDualDirections + 7.0) * node.iterations * sizes[i].width * sizes[i].height;
    }
    if (!HasWeights(node)) {
      continue;
    }
    const GraphSize& size =
        sizes[Spreads(node) ? static_cast<std::size_t>(node.inputs.front()) : i];
    operations += 2.0 * node.window.kernel * node.window.kernel * graph.ChannelsBefore(node) *
                  node.channels / node.groups * size.width * size.height;
  }
  return operations;
}

}  // namespace dkn
