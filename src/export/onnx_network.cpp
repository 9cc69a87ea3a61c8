#include "src/export/onnx_network.h"

#include <string>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/dkn/architecture.h"
#include "src/dkn/plain_kernel.h"
#include "src/export/onnx_graph.h"
#include "src/export/onnx_sampling.h"
#include "src/export/onnx_stream.h"

namespace dkn {
namespace {

using Value = OnnxGraph::Value;
using Sizes = OnnxGraph::Sizes;

// The channels that a stream sees.
class StreamImages {
 public:
  StreamImages(const Architecture& architecture, OnnxGraph& graph) : graph_(graph) {
    if (architecture.guide != GuideInput::kNone) {
      guide_ = graph_.AddInput("guide", 3);
    }
    target_ = graph_.AddInput("target", 1);
    if (architecture.guide == GuideInput::kLuma) {
      const Value weights = graph_.AddFloats("luma.weight", {1, 3, 1, 1}, {0.299f, 0.587f, 0.114f});
      guide_ = graph_.AddNode("Conv", "luma", {guide_, weights});
    }
  }
  const Value& target() const { return target_; }
  Value Of(Stream stream) {
    if (stream == Stream::kJoint) {
      return graph_.AddNode("Concat", "both", {guide_, target_}, {{"axis", 1}});
    }
    return stream == Stream::kGuide ? guide_ : target_;
  }

 private:
  OnnxGraph& graph_;
  Value guide_;
  Value target_;
};

// From a weight head's output to weights. The limit of the logits matters where weights are divided
// by their sum, which must not be 0.
Value AddActivation(const Architecture& architecture, const Value& logits, OnnxGraph& graph) {
  switch (architecture.weight_activation) {
    case WeightActivation::kSigmoid: {
      const Value limited = architecture.residual
                                ? logits
                                : graph.Clip(logits + ".limited", logits, -kMaxLogit, kMaxLogit);
      return graph.AddNode("Sigmoid", logits + ".sigmoid", {limited});
    }
    case WeightActivation::kSoftmax:
      return graph.AddNode("Softmax", logits + ".softmax", {logits}, {{"axis", 0}});
    case WeightActivation::kLinear:
      break;
  }
  return logits;
}

// The product of what the streams give, `factor` where no stream before gave any.
Value AddProduct(const std::string& name, const Value& product, const Value& factor,
                 OnnxGraph& graph) {
  return product.empty() ? factor : graph.AddNode("Mul", name, {product, factor});
}

// The streams' product less its mean over the taps, or divided by their sum.
Value AddNormalizedWeights(const Architecture& architecture, const Value& product,
                           OnnxGraph& graph) {
  if (!architecture.residual) {
    const Value sum =
        graph.AddNode("ReduceSum", "weights.sum", {product, graph.AddIntegers("weights.axes", {0})},
                      {{"keepdims", 1}});
    return graph.AddNode("Div", "weights", {product, sum});
  }
  if (!architecture.mean_subtraction) {
    return product;
  }
  const Value mean =
      graph.AddNode("ReduceMean", "weights.mean", {product}, {{"axes", Sizes{0}}, {"keepdims", 1}});
  return graph.AddNode("Sub", "weights", {product, mean});
}

// CombineHeads and WeightedAverage.
void AddNetwork(const TensorFile& file, const Architecture& architecture, OnnxGraph& graph) {
  StreamImages images(architecture, graph);
  Value weights;
  Value offsets;
  for (const Stream stream : Streams(architecture)) {
    const OnnxHeads heads = AddStream(file, architecture, stream, images.Of(stream), graph);
    if (!heads.weights.empty()) {
      weights = AddProduct("weights.product", weights,
                           AddActivation(architecture, heads.weights, graph), graph);
    }
    if (!heads.offsets.empty()) {
      offsets = AddProduct("offsets.product", offsets, heads.offsets, graph);
    }
  }
  weights =
      AddStitch("weights", AddNormalizedWeights(architecture, weights, graph), architecture, graph);
  if (!offsets.empty()) {
    const int taps = architecture.kernel_size * architecture.kernel_size;
    offsets = graph.Reshape("offsets", AddStitch("offsets", offsets, architecture, graph),
                            {taps, 2, 0, 0});
  }
  const Value average = AddWeightedAverage(architecture, images.target(), weights, offsets, graph);
  // Paper: Eq. (3) or (7).
  if (architecture.residual) {
    graph.AddNode("Add", "output", {images.target(), average});
  } else {
    graph.AddNode("Identity", "output", {average});
  }
  graph.AddOutput("output", 1);
}

}  // namespace

std::vector<std::uint8_t> OnnxNetwork(const TensorFile& file, const Architecture& architecture,
                                      const OnnxImageSize& size) {
  if (size.width < 0 || size.height < 0 || PaddedSize(size.width) != size.width ||
      PaddedSize(size.height) != size.height) {
    throw Error("images of " + SizeText(size.width, size.height) + ", expected multiples of " +
                std::to_string(kResampling) + ", or 0 for any");
  }
  if (architecture.levels > 1 || architecture.target != TargetInput::kValues) {
    throw Error(
        "the network samples levels of the target or sees what is measured, which is not "
        "written as ONNX");
  }
  OnnxGraph graph(architecture.kind == NetworkKind::kFdkn ? "FDKN" : "DKN", size.width,
                  size.height);
  AddNetwork(file, architecture, graph);
  return graph.ModelBytes(file.metadata);
}

}  // namespace dkn
