#include "web/wasm/onnx_chain.h"

#include <cstddef>
#include <string>
#include <utility>

namespace dkn {
namespace {

using Integers = std::vector<std::int64_t>;

// A message of protocol buffers: fields by the numbers that onnx.proto gives them.
class Message {
 public:
  Message& Integer(int field, std::int64_t value) {
    Key(field, 0);
    Varint(static_cast<std::uint64_t>(value));
    return *this;
  }
  Message& Text(int field, const std::string& value) {
    return Bytes(field, value.data(), value.size());
  }
  Message& Part(int field, const Message& value) {
    return Bytes(field, value.bytes_.data(), value.bytes_.size());
  }
  Message& Bytes(int field, const void* data, std::size_t size) {
    Key(field, 2);
    Varint(size);
    const auto* first = static_cast<const std::uint8_t*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
    return *this;
  }
  std::vector<std::uint8_t> Take() { return std::move(bytes_); }

 private:
  void Key(int field, int wire_type) {
    Varint(static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(wire_type));
  }
  void Varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) {
      bytes_.push_back(static_cast<std::uint8_t>(value | 0x80));
    }
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }

  std::vector<std::uint8_t> bytes_;
};

Message IntegersAttribute(const std::string& name, const Integers& values) {
  constexpr int kIntegers = 7;  // AttributeProto.AttributeType.INTS
  Message attribute;
  attribute.Text(1, name);
  for (const std::int64_t value : values) {
    attribute.Integer(8, value);
  }
  attribute.Integer(20, kIntegers);
  return attribute;
}

// What a graph takes or gives: float32 of [1, height, width, channels].
Message ImageValue(const std::string& name, const std::string& of_size, int channels) {
  Message shape;
  shape.Part(1, Message().Integer(1, 1));
  shape.Part(1, Message().Text(2, of_size + "_height"));
  shape.Part(1, Message().Text(2, of_size + "_width"));
  shape.Part(1, Message().Integer(1, channels));
  Message tensor;
  tensor.Integer(1, 1).Part(2, shape);
  return Message().Text(1, name).Part(2, Message().Part(1, tensor));
}

// A graph whose nodes are each called as their one output.
class Graph {
 public:
  std::string Node(const std::string& operation, const std::string& name,
                   const std::vector<std::string>& inputs,
                   const std::vector<Message>& attributes = {}) {
    Message node;
    for (const std::string& input : inputs) {
      node.Text(1, input);
    }
    node.Text(2, name).Text(3, name).Text(4, operation);
    for (const Message& attribute : attributes) {
      node.Part(5, attribute);
    }
    graph_.Part(1, node);
    return name;
  }
  std::string Floats(const std::string& name, const Integers& shape,
                     const std::vector<float>& values) {
    Message tensor;
    for (const std::int64_t size : shape) {
      tensor.Integer(1, size);
    }
    tensor.Integer(2, 1).Text(8, name).Bytes(9, values.data(), values.size() * sizeof(float));
    graph_.Part(5, tensor);
    return name;
  }
  Message& message() { return graph_; }

 private:
  Message graph_;
};

// [1, channels, H, W] from and to channels innermost.
std::string Outermost(const std::string& name, const std::string& value, Graph& graph) {
  return graph.Node("Transpose", name, {value}, {IntegersAttribute("perm", {0, 3, 1, 2})});
}
std::string Innermost(const std::string& name, const std::string& value, Graph& graph) {
  return graph.Node("Transpose", name, {value}, {IntegersAttribute("perm", {0, 2, 3, 1})});
}

// `before` is what the layer before this one takes.
std::string AddLayer(const Convolution& convolution, const std::string& name,
                     const std::string& value, const std::string& before, Graph& graph) {
  const Layer& layer = convolution.layer;
  const std::int64_t k = layer.kernel;
  const std::int64_t p = layer.padding;
  std::string result = graph.Node(
      "Conv", name + ".sum",
      {value, graph.Floats(name + ".weight", {layer.out, layer.in, k, k}, convolution.weights),
       graph.Floats(name + ".bias", {layer.out}, convolution.bias)},
      {IntegersAttribute("kernel_shape", {k, k}), IntegersAttribute("pads", {p, p, p, p}),
       IntegersAttribute("strides", {layer.stride, layer.stride}),
       IntegersAttribute("dilations", {layer.dilation, layer.dilation})});
  if (layer.residual) {
    result = graph.Node("Add", name + ".block", {result, before});
  }
  return layer.activation == Activation::kRelu ? graph.Node("Relu", name + ".relu", {result})
                                               : result;
}

// A last layer of 1 x 1: the product of what it takes, channels innermost, so that its many results
// need not be turned.
void AddHead(const Convolution& head, const std::string& value, Graph& graph) {
  const int in = head.layer.in;
  const int out = head.layer.out;
  std::vector<float> turned(head.weights.size());
  for (int o = 0; o < out; ++o) {
    for (int i = 0; i < in; ++i) {
      turned[static_cast<std::size_t>(i) * out + o] =
          head.weights[static_cast<std::size_t>(o) * in + i];
    }
  }
  const std::string product = graph.Node(
      "MatMul", "head.product",
      {Innermost("head.features", value, graph), graph.Floats("head.weight", {in, out}, turned)});
  graph.Node("Add", "values", {product, graph.Floats("head.bias", {out}, head.bias)});
}

}  // namespace

std::vector<std::uint8_t> OnnxChain(const std::vector<Convolution>& chain) {
  Graph graph;
  graph.message().Text(2, "chain");
  std::string before;
  std::string value = Outermost("image.planes", "image", graph);
  const Layer& last = chain.back().layer;
  const bool head = last.kernel == 1 && last.activation == Activation::kNone && !last.residual;
  for (std::size_t i = 0; i + (head ? 1 : 0) < chain.size(); ++i) {
    std::string result = AddLayer(chain[i], "layer" + std::to_string(i), value, before, graph);
    before = std::exchange(value, std::move(result));
  }
  if (head) {
    AddHead(chain.back(), value, graph);
  } else {
    Innermost("values", value, graph);
  }
  graph.message().Part(11, ImageValue("image", "image", chain.front().layer.in));
  graph.message().Part(12, ImageValue("values", "values", last.out));
  constexpr int kFormat = 8;  // onnx.proto's IR_VERSION of 2021
  constexpr int kOperatorSet = 16;
  Message model;
  model.Integer(1, kFormat).Text(2, "dkn").Part(7, graph.message());
  model.Part(8, Message().Text(1, "").Integer(2, kOperatorSet));
  return model.Take();
}

}  // namespace dkn
