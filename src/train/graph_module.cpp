#include "src/train/graph_module.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "src/train/layer_op.h"

namespace dkn::train {
namespace {

constexpr double kFirstSlope = 0.25;

// LibTorch's names have no points.
std::string ModuleName(std::string name) {
  std::replace(name.begin(), name.end(), '.', '/');
  return name;
}

GraphSize SizeOf(const torch::Tensor& values) {
  return {static_cast<int>(values.size(3)), static_cast<int>(values.size(2))};
}

// The mean of the 2 x 2 pixels around each cell's centre.
torch::Tensor Reduced(const torch::Tensor& values, int factor) {
  torch::Tensor sum;
  for (const int y : {factor / 2 - 1, factor / 2}) {
    for (const int x : {factor / 2 - 1, factor / 2}) {
      const torch::Tensor part = values.slice(2, y, {}, factor).slice(3, x, {}, factor);
      sum = sum.defined() ? sum + part : part;
    }
  }
  return 0.25 * sum;
}

}  // namespace

GraphModule::GraphModule(Graph graph) : graph_(std::move(graph)) {
  double bound = 0.0;  // of a layer's weights, which come before its bias
  for (const auto& [name, shape] : TensorShapes(graph_)) {
    torch::Tensor values = torch::empty(shape);
    if (shape.size() == 4) {
      bound = 1.0 / std::sqrt(static_cast<double>(shape[1] * shape[2] * shape[3]));
    }
    if (name.ends_with(".slope")) {
      values.fill_(kFirstSlope);
    } else {
      values.uniform_(-bound, bound);
    }
    register_parameter(ModuleName(name), values);
  }
}

torch::Tensor GraphModule::Named(const std::string& name) const {
  return named_parameters()[ModuleName(name)];
}

torch::Tensor GraphModule::Convolve(const Node& node, const torch::Tensor& values) const {
  const Window& window = node.window;
  const torch::Tensor weight = Named(node.name + ".weight");
  const torch::Tensor bias = Named(node.name + ".bias");
  const bool of_image =
      graph_.nodes()[static_cast<std::size_t>(node.inputs.front())].kind == NodeKind::kInput;
  if (node.kind == NodeKind::kConvolution && !of_image && is_training() &&
      training_precision_ == Precision::kBf16) {
    Layer layer{node.name, graph_.ChannelsBefore(node), node.channels, window.kernel};
    layer.stride = window.stride;
    layer.padding = window.padding;
    layer.dilation = window.dilation;
    const LayerTensors tensors{weight, bias, {}, {}, {}, {}};
    return Follow(node, LayerOp(values.to(torch::kBFloat16), layer, tensors, torch::kFloat));
  }
  const torch::Tensor result =
      node.kind == NodeKind::kConvolution
          ? torch::conv2d(values, weight, bias, window.stride, window.padding, window.dilation)
          : torch::conv_transpose2d(values, weight, bias, window.stride, window.padding);
  return Follow(node, result);
}

torch::Tensor GraphModule::Follow(const Node& node, const torch::Tensor& result) const {
  if (!node.follower.prelu.empty()) {
    return torch::prelu(result, Named(node.follower.prelu + ".slope"));
  }
  return node.follower.activation == Activation::kRelu ? result.relu() : result;
}

// Each of the result's four phases reads the image's pixels around by taps of its own. What lies
// outside is 0.
torch::Tensor GraphModule::Adapt(const Node& node, const torch::Tensor& image,
                                 const torch::Tensor& features) const {
  const int kernel = node.window.kernel;
  const int reach = (kernel - 1) / 2;
  const int margin = (reach + 1) / 2;
  const std::int64_t height = image.size(2);
  const std::int64_t width = image.size(3);
  const torch::Tensor weight = Named(node.name + ".weight");
  const auto phase = [&](int x, int y) { return features.slice(2, y, {}, 2).slice(3, x, {}, 2); };
  const auto padded = [&](const torch::Tensor& values) {
    return torch::constant_pad_nd(values, {margin, margin, margin, margin});
  };
  const torch::Tensor around = padded(image);
  const torch::Tensor features_around = padded(phase(0, 0));
  const auto moved = [&](const torch::Tensor& values, int x, int y) {
    return values.slice(2, margin + y, margin + y + height)
        .slice(3, margin + x, margin + x + width);
  };
  std::vector<torch::Tensor> phases;
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 2; ++x) {
      torch::Tensor sum = Named(node.name + ".bias").view({1, -1, 1, 1});
      for (int j = (y + reach) % 2; j < kernel; j += 2) {
        for (int i = (x + reach) % 2; i < kernel; i += 2) {
          const int from_x = (x + i - reach) / 2;
          const int from_y = (y + j - reach) / 2;
          const torch::Tensor similarity =
              (-0.5 * (phase(x, y) - moved(features_around, from_x, from_y)).square().sum(1, true))
                  .exp();
          const torch::Tensor tap = weight.select(3, i).select(2, j).t().unsqueeze(2).unsqueeze(3);
          sum = sum + torch::conv2d(moved(around, from_x, from_y) * similarity, tap);
        }
      }
      phases.push_back(sum);
    }
  }
  return torch::pixel_shuffle(torch::stack(phases, 2).flatten(1, 2), 2);
}

torch::Tensor GraphModule::Forward(const std::vector<torch::Tensor>& inputs) {
  std::vector<GraphSize> sizes;
  for (const torch::Tensor& input : inputs) {
    sizes.push_back(SizeOf(input));
  }
  NodeSizes(graph_, sizes);
  std::vector<torch::Tensor> results;
  std::size_t input = 0;
  for (const Node& node : graph_.nodes()) {
    switch (node.kind) {
      case NodeKind::kInput:
        results.push_back(inputs[input++]);
        break;
      case NodeKind::kConvolution:
      case NodeKind::kTransposedConvolution:
        results.push_back(Convolve(node, results[node.inputs.front()]));
        break;
      case NodeKind::kPixelAdaptive:
        results.push_back(
            Follow(node, Adapt(node, results[node.inputs.front()], results[node.inputs.back()])));
        break;
      case NodeKind::kReduction:
        results.push_back(Reduced(results[node.inputs.front()], node.window.stride));
        break;
      case NodeKind::kMaxPooling:
        results.push_back(torch::max_pool2d(results[node.inputs.front()], node.window.kernel,
                                            node.window.stride));
        break;
      case NodeKind::kConcatenation: {
        std::vector<torch::Tensor> parts;
        for (const int from : node.inputs) {
          parts.push_back(results[from]);
        }
        results.push_back(torch::cat(parts, 1));
        break;
      }
    }
  }
  return results.back();
}

TensorFile GraphModule::Tensors() const {
  TensorFile file;
  for (const auto& [name, shape] : TensorShapes(graph_)) {
    const torch::Tensor values = Named(name).detach().to(torch::kCPU, torch::kFloat).contiguous();
    const float* data = values.data_ptr<float>();
    file.tensors[name] = {shape, {data, data + values.numel()}};
  }
  return file;
}

void GraphModule::Load(const TensorFile& file) {
  CheckTensors(graph_, file);
  const torch::NoGradGuard no_gradients;
  for (const auto& [name, tensor] : file.tensors) {
    float* values = const_cast<float*>(tensor.values.data());
    Named(name).copy_(torch::from_blob(values, tensor.shape, torch::kFloat));
  }
}

}  // namespace dkn::train
