#include "src/export/onnx_network.h"

#include <numbers>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/dkn/architecture.h"
#include "src/dkn/plain_kernel.h"
#include "src/export/onnx_graph.h"
#include "src/export/onnx_pyramid.h"
#include "src/export/onnx_sampling.h"
#include "src/export/onnx_stream.h"

namespace dkn {
namespace {

using Value = OnnxGraph::Value;
using Sizes = OnnxGraph::Sizes;

// The graph's inputs, and the channels that a stream sees of them.
class StreamImages {
 public:
  StreamImages(const Architecture& architecture, OnnxGraph& graph) : graph_(graph) {
    if (architecture.guide != GuideInput::kNone) {
      guide_ = graph_.AddInput("guide", 3);
    }
    target_ = graph_.AddInput("target", 1);
    seen_target_ = target_;
    if (architecture.levels > 1 || architecture.target != TargetInput::kValues) {
      measured_ = graph_.AddInput("measured", 1);
    }
    if (architecture.target != TargetInput::kValues) {
      AddMeasurement(architecture);
    }
    if (architecture.guide == GuideInput::kLuma) {
      const Value weights = graph_.AddFloats("luma.weight", {1, 3, 1, 1}, {0.299f, 0.587f, 0.114f});
      guide_ = graph_.AddNode("Conv", "luma", {guide_, weights});
    }
  }
  const Value& target() const { return target_; }
  // Of each pixel of the target. Empty where the network has no use for it.
  const Value& measured() const { return measured_; }
  Value Of(Stream stream) {
    if (stream == Stream::kJoint) {
      return graph_.AddNode("Concat", "both", {guide_, seen_target_}, {{"axis", 1}});
    }
    return stream == Stream::kGuide ? guide_ : seen_target_;
  }

 private:
  void AddMeasurement(const Architecture& architecture) {
    const Value ratio = graph_.AddNode(
        "Mul", "log_ratio.scaled",
        {graph_.AddScalarInput("log_ratio"), graph_.AddScalar("log_ratio.scale", kLogRatioScale)});
    const Value shape = graph_.AddNode("Shape", "target.shape", {target_});
    std::vector<Value> seen = {target_, measured_,
                               graph_.AddNode("Expand", "log_ratio.plane", {ratio, shape})};
    const auto add_noise = [&](const std::string& name) {
      seen.push_back(graph_.AddNode("Expand", name + ".plane", {AddSeenNoise(name), shape}));
    };
    if (SeesNoise(architecture)) {
      add_noise("noise");
    }
    if (architecture.target == TargetInput::kCorrelatedNoise) {
      add_noise("correlated_noise");
    }
    seen_target_ = graph_.AddNode("Concat", "measurement", seen, {{"axis", 1}});
  }

  // SeenFacts, of a noise.
  Value AddSeenNoise(const std::string& name) {
    const Value share = graph_.AddNode(
        "Div", name + ".share",
        {graph_.AddScalarInput(name), graph_.AddScalar(name + ".least", kLeastNoise)});
    const Value logarithm = graph_.AddNode(
        "Log", name + ".log",
        {graph_.AddNode("Add", name + ".sum", {share, graph_.AddScalar(name + ".one", 1.0f)})});
    return graph_.AddNode(
        "Mul", name + ".scaled",
        {logarithm, graph_.AddScalar(name + ".scale", kNoiseScale / std::numbers::ln2_v<float>)});
  }

  OnnxGraph& graph_;
  Value guide_;
  Value target_;
  Value measured_;
  Value seen_target_;
};

// The limit of the logits matters where weights are divided by their sum, which must not be 0.
Value AddSigmoid(const Architecture& architecture, const Value& logits, OnnxGraph& graph) {
  const Value limited = architecture.residual
                            ? logits
                            : graph.Clip(logits + ".limited", logits, -kMaxLogit, kMaxLogit);
  return graph.AddNode("Sigmoid", logits + ".sigmoid", {limited});
}

// Values of the taps, which are their outermost dimension: those that read the target itself, and
// those that read its coarser levels, empty where there are none.
struct TapParts {
  Value fine;
  Value coarse;
};

TapParts SplitTaps(const Architecture& architecture, const Value& value, OnnxGraph& graph) {
  const int fine = FineTapCount(architecture);
  const int all = TapCount(architecture);
  if (fine == all) {
    return {value, ""};
  }
  return {graph.Slice(value + ".fine", value, 0, 0, fine),
          graph.Slice(value + ".coarse", value, 0, fine, all)};
}

Value JoinTaps(const std::string& name, const TapParts& parts, OnnxGraph& graph) {
  return parts.coarse.empty()
             ? parts.fine
             : graph.AddNode("Concat", name, {parts.fine, parts.coarse}, {{"axis", 0}});
}

// From a weight head's output to weights, as Activate.
Value AddActivation(const Architecture& architecture, const Value& logits, OnnxGraph& graph) {
  if (architecture.weight_activation == WeightActivation::kSigmoid) {
    return AddSigmoid(architecture, logits, graph);
  }
  TapParts parts = SplitTaps(architecture, logits, graph);
  if (architecture.weight_activation == WeightActivation::kSoftmax) {
    parts.fine = graph.AddNode("Softmax", logits + ".softmax", {parts.fine}, {{"axis", 0}});
  }
  if (!parts.coarse.empty()) {
    parts.coarse = AddSigmoid(architecture, parts.coarse, graph);
  }
  return JoinTaps(logits + ".activated", parts, graph);
}

// The product of what the streams give, `factor` where no stream before gave any.
Value AddProduct(const std::string& name, const Value& product, const Value& factor,
                 OnnxGraph& graph) {
  return product.empty() ? factor : graph.AddNode("Mul", name, {product, factor});
}

// The streams' product less its mean over the taps, or divided by their sum, as Normalize.
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
  TapParts parts = SplitTaps(architecture, product, graph);
  const Value mean = graph.AddNode("ReduceMean", "weights.mean", {parts.fine},
                                   {{"axes", Sizes{0}}, {"keepdims", 1}});
  parts.fine = graph.AddNode("Sub", "weights.centred", {parts.fine, mean});
  return JoinTaps("weights", parts, graph);
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
    offsets = graph.Reshape("offsets", AddStitch("offsets", offsets, architecture, graph),
                            {TapCount(architecture), 2, 0, 0});
  }
  const std::vector<Value> pyramid =
      AddTargetPyramid(images.target(), images.measured(), architecture.levels, graph);
  const Value average = AddWeightedAverage(architecture, pyramid, weights, offsets, graph);
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
  OnnxGraph graph(architecture.kind == NetworkKind::kFdkn ? "FDKN" : "DKN", size.width,
                  size.height);
  AddNetwork(file, architecture, graph);
  // Who reads the file need not know which fields a model file may leave out.
  ArchitectureFields metadata = ToFields(architecture);
  metadata.insert(file.metadata.begin(), file.metadata.end());
  return graph.ModelBytes(metadata);
}

}  // namespace dkn
