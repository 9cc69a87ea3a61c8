#include "src/train/graph_module.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/net/primal_dual.h"
#include "src/train/batch_norm_op.h"
#include "src/train/layer_op.h"
#include "src/train/primal_dual_op.h"
#include "src/train/ranks.h"

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

// On the CPU by oneDNN: LibTorch's own convolutions are up to ten times as slow there.
bool ByLayerOp(const torch::Tensor& values) {
  return values.device().is_cpu() && values.scalar_type() != torch::kDouble;
}

}  // namespace

GraphModule::GraphModule(Graph graph) : graph_(std::move(graph)) {
  for (const auto& [name, shape] : TensorShapes(graph_)) {
    tensors_[name] = torch::full(shape, LogarithmAtStart(name).value_or(0.0));
    if (name.ends_with(".slope")) {
      tensors_[name].fill_(kFirstSlope);
    }
  }
  for (const Node& node : graph_.nodes()) {
    if (tensors_.count(node.name + ".weight") > 0) {
      Begin(node);
    }
    if (const std::string& norm = node.follower.batch_norm; !norm.empty()) {
      tensors_[norm + ".weight"].fill_(1.0);
      tensors_[norm + ".running_var"].fill_(1.0);
    }
  }
  for (const auto& [name, shape] : TensorShapes(graph_)) {
    if (name.ends_with(".running_mean") || name.ends_with(".running_var")) {
      register_buffer(ModuleName(name), tensors_[name]);
    } else {
      register_parameter(ModuleName(name), tensors_[name]);
    }
  }
}

// Weights before ReLU begin with a variance of 2 / n, n values being summed (He et al., ICCV 2015,
// Eq. 10): without it a rival of six layers sees little of its inputs in its result, and learns
// as little. All others, as LibTorch's layers do, with 1 / (3 n), so that results begin small.
void GraphModule::Begin(const Node& node) {
  const torch::Tensor& weight = tensors_[node.name + ".weight"];
  const bool transposed =
      node.kind == NodeKind::kTransposedConvolution || node.kind == NodeKind::kPixelAdaptive;
  const double stride = node.kind == NodeKind::kPixelAdaptive ? 2.0 : node.window.stride;
  const double summed = static_cast<double>(weight.size(2) * weight.size(3)) *
                        (transposed ? static_cast<double>(weight.size(0)) / (stride * stride)
                                    : static_cast<double>(weight.size(1)));
  const bool rectified =
      node.follower.batch_norm.empty() &&
      (node.follower.activation == Activation::kRelu || !node.follower.prelu.empty());
  const double bound = std::sqrt((rectified ? 6.0 : 1.0) / summed);
  weight.uniform_(-bound, bound);
  if (const auto bias = tensors_.find(node.name + ".bias"); bias != tensors_.end() && !rectified) {
    bias->second.uniform_(-bound, bound);
  }
}

torch::Tensor GraphModule::Convolve(const Node& node, const torch::Tensor& values) const {
  if (ByLayerOp(values)) {
    return node.kind == NodeKind::kConvolution ? ConvolveByLayerOp(node, values)
                                               : ConvolveStretched(node, values);
  }
  const Window& window = node.window;
  const torch::Tensor& weight = Named(node.name + ".weight");
  const std::string& norm = node.follower.batch_norm;
  const torch::Tensor bias = norm.empty() ? Named(node.name + ".bias") : torch::Tensor();
  torch::Tensor result =
      node.kind == NodeKind::kConvolution
          ? torch::conv2d(values, weight, bias, window.stride, window.padding, window.dilation,
                          node.groups)
          : torch::conv_transpose2d(values, weight, bias, window.stride, window.padding);
  if (!norm.empty() && ByBatch() && RankCount() > 1) {
    result = BatchNormOp(result, {{},
                                  {},
                                  Named(norm + ".weight"),
                                  Named(norm + ".bias"),
                                  Named(norm + ".running_mean"),
                                  Named(norm + ".running_var")});
  } else if (!norm.empty()) {
    result = torch::batch_norm(result, Named(norm + ".weight"), Named(norm + ".bias"),
                               Named(norm + ".running_mean"), Named(norm + ".running_var"),
                               ByBatch(), kBatchNormMomentum, kBatchNormEpsilon, false);
  }
  return Follow(node, result);
}

torch::Tensor GraphModule::ConvolveByLayerOp(const Node& node, const torch::Tensor& values) const {
  const bool rounded = is_training() && training_precision_ == Precision::kBf16;
  const bool of_image =
      graph_.nodes()[static_cast<std::size_t>(node.inputs.front())].kind == NodeKind::kInput;
  const torch::ScalarType type = rounded && !of_image ? torch::kBFloat16 : torch::kFloat;
  Layer layer{node.name, graph_.ChannelsBefore(node), node.channels, node.window.kernel};
  layer.stride = node.window.stride;
  layer.padding = node.window.padding;
  layer.dilation = node.window.dilation;
  layer.groups = node.groups;
  LayerTensors tensors{Named(node.name + ".weight"), {}, {}, {}, {}, {}};
  const std::string& norm = node.follower.batch_norm;
  if (norm.empty()) {
    tensors.bias = Named(node.name + ".bias");
    return Follow(node, LayerOp(values.to(type), layer, tensors, torch::kFloat));
  }
  layer.activation = node.follower.activation;
  tensors.gamma = Named(norm + ".weight");
  tensors.beta = Named(norm + ".bias");
  tensors.running_mean = Named(norm + ".running_mean");
  tensors.running_var = Named(norm + ".running_var");
  tensors.bias = torch::zeros({node.channels});
  layer.batch_norm = ByBatch();
  if (!layer.batch_norm) {
    FoldRunningStatistics(tensors);
  }
  const torch::Tensor result = LayerOp(values.to(type), layer, tensors, type);
  return rounded ? result.to(torch::kBFloat16) : result;
}

// A transposed convolution is one of the image with zeros between its pixels, by the kernel turned
// around.
torch::Tensor GraphModule::ConvolveStretched(const Node& node, const torch::Tensor& values) const {
  const Window& window = node.window;
  const auto stretched = [&](std::int64_t size) { return window.stride * (size - 1) + 1; };
  torch::Tensor image = torch::zeros(
      {values.size(0), values.size(1), stretched(values.size(2)), stretched(values.size(3))},
      values.options());
  image.slice(2, 0, {}, window.stride).slice(3, 0, {}, window.stride).copy_(values);
  Layer layer{node.name, graph_.ChannelsBefore(node), node.channels, window.kernel};
  layer.padding = window.kernel - 1 - window.padding;
  const torch::Tensor weight = Named(node.name + ".weight").transpose(0, 1).flip({2, 3});
  return Follow(node, ConvolvePlainly(layer, image, weight));
}

// By oneDNN, with the bias that the layer's name has.
torch::Tensor GraphModule::ConvolvePlainly(const Layer& layer, const torch::Tensor& values,
                                           const torch::Tensor& weight) const {
  const bool rounded = is_training() && training_precision_ == Precision::kBf16;
  return LayerOp(values.to(rounded ? torch::kBFloat16 : torch::kFloat), layer,
                 {weight.contiguous(), Named(layer.name + ".bias"), {}, {}, {}, {}}, torch::kFloat);
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
      std::vector<torch::Tensor> adapted;
      std::vector<torch::Tensor> taps;
      for (int j = (y + reach) % 2; j < kernel; j += 2) {
        for (int i = (x + reach) % 2; i < kernel; i += 2) {
          const int from_x = (x + i - reach) / 2;
          const int from_y = (y + j - reach) / 2;
          const torch::Tensor similarity =
              (-0.5 * (phase(x, y) - moved(features_around, from_x, from_y)).square().sum(1, true))
                  .exp();
          adapted.push_back(moved(around, from_x, from_y) * similarity);
          taps.push_back(weight.select(3, i).select(2, j).t());
        }
      }
      const torch::Tensor values = torch::cat(adapted, 1);
      const torch::Tensor tap = torch::cat(taps, 1).unsqueeze(2).unsqueeze(3);
      const Layer layer{node.name, static_cast<int>(values.size(1)), node.channels, 1};
      phases.push_back(ByLayerOp(values) ? ConvolvePlainly(layer, values, tap)
                                         : torch::conv2d(values, tap, Named(node.name + ".bias")));
    }
  }
  return torch::pixel_shuffle(torch::stack(phases, 2).flatten(1, 2), 2);
}

torch::Tensor GraphModule::Iterate(const Node& node, const torch::Tensor& target,
                                   const torch::Tensor& affinities) const {
  std::vector<torch::Tensor> logarithms;
  for (const PrimalDualNumber& number : kPrimalDualNumbers) {
    logarithms.push_back(Named(node.name + "." + number.name));
  }
  return PrimalDualOp(target, affinities, torch::stack(logarithms).exp(),
                      Named(node.name + "." + kLogSharpness).exp());
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
                                            node.window.stride, node.window.padding));
        break;
      case NodeKind::kConcatenation: {
        std::vector<torch::Tensor> parts;
        for (const int from : node.inputs) {
          parts.push_back(results[from]);
        }
        results.push_back(torch::cat(parts, 1));
        break;
      }
      case NodeKind::kSum: {
        torch::Tensor sum = results[node.inputs.front()];
        for (std::size_t i = 1; i < node.inputs.size(); ++i) {
          sum = sum + results[node.inputs[i]];
        }
        results.push_back(Follow(node, sum));
        break;
      }
      case NodeKind::kPrimalDual:
        results.push_back(Iterate(node, results[node.inputs.front()], results[node.inputs.back()]));
        break;
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
  StartFrom(file);
}

void GraphModule::StartFrom(const TensorFile& file) {
  const torch::NoGradGuard no_gradients;
  bool any = false;
  for (const auto& [name, tensor] : file.tensors) {
    const auto own = tensors_.find(name);
    if (own != tensors_.end() && own->second.sizes() == torch::IntArrayRef(tensor.shape)) {
      float* values = const_cast<float*>(tensor.values.data());
      own->second.copy_(torch::from_blob(values, tensor.shape, torch::kFloat));
      any = true;
    }
  }
  if (!any) {
    throw Error("holds no tensor of this network");
  }
}

}  // namespace dkn::train
