#include "src/net/graph_network.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "src/core/parallel_for.h"
#include "src/net/batch_norm.h"
#include "src/net/channel_order.h"
#include "src/net/onednn_errors.h"
#include "src/net/pixel_adaptive.h"
#include "src/net/primal_dual.h"

namespace dkn {
namespace {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;

// Between nodes all values have their channels innermost.
memory::desc Described(const Node& node, const GraphSize& size) {
  return {Dims{1, node.channels, size.height, size.width}, memory::data_type::f32, Tag::nhwc};
}

std::size_t BytesOf(const Node& node, const GraphSize& size) {
  return sizeof(float) * static_cast<std::size_t>(node.channels) *
         static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

// What a node takes beside its inputs and its result: planes of both, and its own.
std::size_t WorkBytes(const Node& node, const GraphSize& size) {
  const auto pixels = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
  return node.kind == NodeKind::kPrimalDual
             ? PrimalDualBytes(pixels) + sizeof(float) * (kPrimalDualDirections + 1) * pixels
             : 0;
}

// The last node that takes each node's result.
std::vector<std::size_t> LastUses(const Graph& graph) {
  const std::vector<Node>& nodes = graph.nodes();
  std::vector<std::size_t> last(nodes.size(), nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const int input : nodes[i].inputs) {
      last[static_cast<std::size_t>(input)] = i;
    }
  }
  return last;
}

float* ValuesOf(const memory& values) {
  return static_cast<float*>(values.get_data_handle());
}

// The tensors that a run takes: batch normalisation goes into the weights before it and the bias.
std::map<std::string, Tensor> Folded(const Graph& graph, const TensorFile& file) {
  std::map<std::string, Tensor> tensors = file.tensors;
  for (const Node& node : graph.nodes()) {
    const std::string& name = node.follower.batch_norm;
    if (name.empty()) {
      continue;
    }
    const auto part = [&](const char* of) -> const std::vector<float>& {
      return file.tensors.at(name + of).values;
    };
    Tensor bias{{node.channels}, std::vector<float>(static_cast<std::size_t>(node.channels))};
    FoldBatchNorm({part(".weight"), part(".bias"), part(".running_mean"), part(".running_var")},
                  tensors.at(node.name + ".weight").values, bias.values);
    tensors[node.name + ".bias"] = std::move(bias);
    for (const char* of : {".weight", ".bias", ".running_mean", ".running_var"}) {
      tensors.erase(name + of);
    }
  }
  return tensors;
}

// PReLU, in place, of pixels with their channels innermost.
void BendBelowZero(const std::vector<float>& slopes, const GraphSize& size, float* values) {
  const std::size_t channels = slopes.size();
  ParallelFor(0, size.height, [&](int y) {
    float* pixel = values + static_cast<std::size_t>(y) * size.width * channels;
    for (int x = 0; x < size.width; ++x, pixel += channels) {
      for (std::size_t c = 0; c < channels; ++c) {
        pixel[c] = pixel[c] < 0.0f ? slopes[c] * pixel[c] : pixel[c];
      }
    }
  });
}

}  // namespace

class GraphValues {
 public:
  explicit GraphValues(std::map<std::string, Tensor> tensors) : tensors_(std::move(tensors)) {}

  const dnnl::engine& engine() const { return engine_; }
  const std::vector<float>& Plain(const std::string& name) const {
    return tensors_.at(name).values;
  }
  // A tensor's values in the layout that a primitive asks for.
  memory Packed(const std::string& name, const memory::desc& plain, const memory::desc& wanted) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<memory>& known = packed_[name];
    for (const memory& values : known) {
      if (values.get_desc() == wanted) {
        return values;
      }
    }
    memory from = Described(name, plain);
    known.emplace_back(wanted, engine_);
    dnnl::stream stream(engine_);
    dnnl::reorder(from, known.back()).execute(stream, from, known.back());
    stream.wait();
    return known.back();
  }
  // oneDNN reads there, and writes nothing.
  memory Described(const std::string& name, const memory::desc& plain) const {
    return memory(plain, engine_, const_cast<float*>(Plain(name).data()));
  }

 private:
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  const std::map<std::string, Tensor> tensors_;
  std::mutex mutex_;
  std::map<std::string, std::vector<memory>> packed_;
};

namespace {

// One run of a network.
class Runner {
 public:
  Runner(const Graph& graph, GraphValues& values, std::vector<GraphSize> sizes)
      : graph_(graph), values_(values), sizes_(std::move(sizes)), results_(sizes_.size()) {}

  Image Run(const std::vector<Image>& inputs) {
    const std::vector<std::size_t> last_uses = LastUses(graph_);
    std::size_t input = 0;
    for (std::size_t i = 0; i < results_.size(); ++i) {
      const Node& node = graph_.nodes()[i];
      results_[i] = memory(Described(node, sizes_[i]), values_.engine());
      switch (node.kind) {
        case NodeKind::kInput:
          Interleave(inputs[input++], ValuesOf(results_[i]));
          break;
        case NodeKind::kConvolution:
          Convolve<dnnl::convolution_forward>(node, i, dnnl::algorithm::convolution_direct,
                                              node.groups > 1 ? Tag::goihw : Tag::oihw);
          break;
        case NodeKind::kTransposedConvolution:
          Convolve<dnnl::deconvolution_forward>(node, i, dnnl::algorithm::deconvolution_direct,
                                                Tag::iohw);
          break;
        case NodeKind::kPixelAdaptive:
          Adapt(node, i);
          break;
        case NodeKind::kReduction:
          Reduce(node, i);
          break;
        case NodeKind::kMaxPooling:
          Pool(node, i);
          break;
        case NodeKind::kConcatenation:
          Concatenate(node, i);
          break;
        case NodeKind::kSum:
          Add(node, i);
          break;
        case NodeKind::kPrimalDual:
          Iterate(node, i);
          break;
      }
      for (const int taken : node.inputs) {
        if (last_uses[static_cast<std::size_t>(taken)] == i) {
          results_[static_cast<std::size_t>(taken)] = memory();
        }
      }
    }
    return PlanesOf(results_.size() - 1);
  }

 private:
  const memory& Source(const Node& node) const {
    return results_[static_cast<std::size_t>(node.inputs.front())];
  }

  Image PlanesOf(std::size_t index) const {
    const GraphSize& size = sizes_[index];
    return Planes(ValuesOf(results_[index]), size.width, size.height,
                  graph_.nodes()[index].channels);
  }

  // `Forward` is a convolution or its transpose; both take the same arguments.
  template <typename Forward>
  void Convolve(const Node& node, std::size_t index, dnnl::algorithm algorithm, Tag weight_tag) {
    const Window& window = node.window;
    const int in = graph_.ChannelsBefore(node);
    const Dims strides{window.stride, window.stride};
    const Dims dilations{window.dilation - 1, window.dilation - 1};
    const Dims padding{window.padding, window.padding};
    Dims dims{node.channels / node.groups, in / node.groups, window.kernel, window.kernel};
    if (node.groups > 1) {
      dims.insert(dims.begin(), node.groups);
    }
    const memory::desc bias({node.channels}, memory::data_type::f32, Tag::x);
    const typename Forward::desc wanted(
        dnnl::prop_kind::forward_inference, algorithm, Source(node).get_desc(),
        {dims, memory::data_type::f32, Tag::any}, bias, results_[index].get_desc(), strides,
        dilations, padding, padding);
    dnnl::primitive_attr attributes;
    if (node.follower.prelu.empty() && node.follower.activation == Activation::kRelu) {
      dnnl::post_ops after;
      after.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
      attributes.set_post_ops(after);
    }
    RequireMemoryForCode();
    typename Forward::primitive_desc description(wanted, attributes, values_.engine());
    // Products of matrices, which processors without AVX-512 take for some layers, are summed in as
    // many parts as there are threads.
    std::optional<ThreadCount> alone;
    if (std::string_view(description.impl_info_str()).find("gemm") != std::string_view::npos) {
      alone.emplace(1);
      description = {wanted, attributes, values_.engine()};
    }
    const memory::desc plain(dims, memory::data_type::f32, weight_tag);
    Forward(description)
        .execute(stream_, {{DNNL_ARG_SRC, Source(node)},
                           {DNNL_ARG_WEIGHTS, values_.Packed(node.name + ".weight", plain,
                                                             description.weights_desc())},
                           {DNNL_ARG_BIAS, values_.Described(node.name + ".bias", bias)},
                           {DNNL_ARG_DST, results_[index]}});
    stream_.wait();
    Bend(node, index);
  }

  void Adapt(const Node& node, std::size_t index) {
    const Node& features = graph_.nodes()[static_cast<std::size_t>(node.inputs[1])];
    const PixelAdaptiveLayer layer{graph_.ChannelsBefore(node),
                                   node.channels,
                                   features.channels,
                                   node.window.kernel,
                                   values_.Plain(node.name + ".weight").data(),
                                   values_.Plain(node.name + ".bias").data()};
    PixelAdaptive(layer, ValuesOf(Source(node)), sizes_[index].width / 2, sizes_[index].height / 2,
                  ValuesOf(results_[static_cast<std::size_t>(node.inputs[1])]),
                  ValuesOf(results_[index]));
    if (node.follower.activation == Activation::kRelu) {
      BendBelowZero(std::vector<float>(static_cast<std::size_t>(node.channels)), sizes_[index],
                    ValuesOf(results_[index]));
    }
    Bend(node, index);
  }

  void Reduce(const Node& node, std::size_t index) {
    const int factor = node.window.stride;
    const std::ptrdiff_t channels = node.channels;
    const std::ptrdiff_t row = channels * factor * sizes_[index].width;
    ParallelFor(0, sizes_[index].height, [&](int y) {
      const int first = factor / 2 - 1;
      const float* from = ValuesOf(Source(node)) + (y * factor + first) * row + first * channels;
      float* to = ValuesOf(results_[index]) + y * channels * sizes_[index].width;
      for (int x = 0; x < sizes_[index].width; ++x, from += factor * channels) {
        for (std::ptrdiff_t c = 0; c < channels; ++c) {
          *to++ = 0.25f * (from[c] + from[channels + c] + from[row + c] + from[row + channels + c]);
        }
      }
    });
  }

  // oneDNN 2.6 has slopes for each channel in its slowest convolution alone.
  void Bend(const Node& node, std::size_t index) {
    if (!node.follower.prelu.empty()) {
      BendBelowZero(values_.Plain(node.follower.prelu + ".slope"), sizes_[index],
                    ValuesOf(results_[index]));
    }
  }

  void Pool(const Node& node, std::size_t index) {
    const Window& window = node.window;
    const Dims padding{window.padding, window.padding};
    const dnnl::pooling_forward::primitive_desc description(
        {dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_max, Source(node).get_desc(),
         results_[index].get_desc(), Dims{window.stride, window.stride},
         Dims{window.kernel, window.kernel}, padding, padding},
        values_.engine());
    RequireMemoryForCode();
    dnnl::pooling_forward(description)
        .execute(stream_, {{DNNL_ARG_SRC, Source(node)}, {DNNL_ARG_DST, results_[index]}});
    stream_.wait();
  }

  void Concatenate(const Node& node, std::size_t index) {
    int first = 0;
    for (const int input : node.inputs) {
      const int channels = graph_.nodes()[static_cast<std::size_t>(input)].channels;
      const memory& source = results_[static_cast<std::size_t>(input)];
      const std::ptrdiff_t width = sizes_[index].width;
      ParallelFor(0, sizes_[index].height, [&](int y) {
        const float* from = ValuesOf(source) + y * width * channels;
        float* to = ValuesOf(results_[index]) + y * width * node.channels + first;
        for (std::ptrdiff_t x = 0; x < width; ++x, from += channels, to += node.channels) {
          std::copy_n(from, channels, to);
        }
      });
      first += channels;
    }
  }

  void Add(const Node& node, std::size_t index) {
    const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(node.channels) * sizes_[index].width;
    const float least = node.follower.activation == Activation::kRelu
                            ? 0.0f
                            : -std::numeric_limits<float>::infinity();
    ParallelFor(0, sizes_[index].height, [&](int y) {
      float* to = ValuesOf(results_[index]) + y * row;
      std::fill_n(to, row, 0.0f);
      for (const int input : node.inputs) {
        const float* from = ValuesOf(results_[static_cast<std::size_t>(input)]) + y * row;
        std::transform(from, from + row, to, to, std::plus<float>());
      }
      std::transform(to, to + row, to, [&](float value) { return std::max(least, value); });
    });
  }

  void Iterate(const Node& node, std::size_t index) {
    const PrimalDualLayer layer = PrimalDualFrom([&](const char* of) -> const auto& {
      return values_.Plain(node.name + "." + of);
    });
    const PrimalDualState state =
        PrimalDual(layer, PlanesOf(static_cast<std::size_t>(node.inputs[0])),
                   PlanesOf(static_cast<std::size_t>(node.inputs[1])));
    Interleave(state.primal, ValuesOf(results_[index]));
  }

  const Graph& graph_;
  GraphValues& values_;
  std::vector<GraphSize> sizes_;
  dnnl::stream stream_{values_.engine()};
  std::vector<memory> results_;
};

}  // namespace

GraphNetwork::GraphNetwork(Graph graph, const TensorFile& file) : graph_(std::move(graph)) {
  CheckTensors(graph_, file);
  values_ = std::make_unique<GraphValues>(Folded(graph_, file));
}

GraphNetwork::~GraphNetwork() = default;

Image GraphNetwork::Run(const std::vector<Image>& inputs) const {
  const std::vector<int> channels = graph_.InputChannels();
  std::vector<GraphSize> sizes;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (i >= channels.size() || inputs[i].channels() != channels[i]) {
      throw Error("the network's inputs have other channels than its graph");
    }
    sizes.push_back({inputs[i].width(), inputs[i].height()});
  }
  return Translated([&] { return Runner(graph_, *values_, NodeSizes(graph_, sizes)).Run(inputs); });
}

std::size_t GraphNetwork::RunBytes(const std::vector<GraphSize>& inputs) const {
  const std::vector<GraphSize> sizes = NodeSizes(graph_, inputs);
  const std::vector<std::size_t> last_uses = LastUses(graph_);
  std::size_t bytes = 0;
  std::size_t most = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const Node& node = graph_.nodes()[i];
    bytes += BytesOf(node, sizes[i]);
    most = std::max(most, bytes + WorkBytes(node, sizes[i]));
    for (const int taken : node.inputs) {
      const auto at = static_cast<std::size_t>(taken);
      bytes -= last_uses[at] == i ? BytesOf(graph_.nodes()[at], sizes[at]) : 0;
    }
  }
  return most;
}

}  // namespace dkn
