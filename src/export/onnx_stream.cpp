#include "src/export/onnx_stream.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "src/dkn/layers.h"
#include "src/dkn/model_tensors.h"

namespace dkn {
namespace {

using Value = OnnxGraph::Value;
using Sizes = OnnxGraph::Sizes;

// Channels of the heads for each value of a tap.
int HeadPhases(const Architecture& a) {
  return a.kind == NetworkKind::kFdkn ? kPhases : 1;
}

// The first layer's inputs in the order of the graph's: SpaceToDepth puts phases outermost, where
// SplitPhases has them innermost, and the guide is R, G, B.
Convolution InGraphOrder(Convolution first, const Architecture& a, Stream stream) {
  const int phases = HeadPhases(a);
  const int channels = first.layer.in / phases;
  const bool reversed = stream != Stream::kTarget && a.guide == GuideInput::kRgb &&
                        a.channel_order == ChannelOrder::kBgr;
  const std::ptrdiff_t values = std::ptrdiff_t{first.layer.kernel} * first.layer.kernel;
  const std::vector<float> from = first.weights;
  for (int o = 0; o < first.layer.out; ++o) {
    const std::ptrdiff_t output = std::ptrdiff_t{o} * first.layer.in;
    for (int c = 0; c < channels; ++c) {
      const int graph_channel = reversed && c < 3 ? 2 - c : c;
      for (int phase = 0; phase < phases; ++phase) {
        std::copy_n(from.begin() + (output + c * phases + phase) * values, values,
                    first.weights.begin() + (output + phase * channels + graph_channel) * values);
      }
    }
  }
  return first;
}

// The outputs [begin, end) of a convolution as one of their own.
Convolution Outputs(const Convolution& whole, int begin, int end, const std::string& name) {
  Convolution part{whole.layer, {}, {}};
  part.layer.name = name;
  part.layer.out = end - begin;
  const auto per_output = static_cast<std::ptrdiff_t>(whole.weights.size() / whole.bias.size());
  part.weights.assign(whole.weights.begin() + begin * per_output,
                      whole.weights.begin() + end * per_output);
  part.bias.assign(whole.bias.begin() + begin, whole.bias.begin() + end);
  return part;
}

class StreamWriter {
 public:
  StreamWriter(const Architecture& architecture, Stream stream, OnnxGraph& graph)
      : architecture_(architecture), name_(StreamName(stream)), graph_(graph) {}

  // FDKN splits the image into phases (Fig. 5); DKN pads it once with zeros, for all shifts.
  Value Input(const Value& image) {
    if (architecture_.kind == NetworkKind::kFdkn) {
      return graph_.AddNode("SpaceToDepth", name_ + ".phases", {image},
                            {{"blocksize", kResampling}});
    }
    const Footprint footprint = FootprintOf(architecture_);
    const int before = footprint.before;
    const int after = footprint.size - 1 - before;
    return graph_.AddNode("Pad", name_ + ".padded",
                          {image, graph_.AddIntegers(name_ + ".padding",
                                                     {0, 0, before, before, 0, 0, after, after})});
  }

  Value Features(const std::vector<Convolution>& chain, Value features) {
    Value earlier;  // what the layer before the next one took
    for (const Convolution& convolution : chain) {
      if (convolution.layer.stride > 1) {
        features = SplitShifts(convolution.layer, features);
      }
      earlier = std::exchange(features, Convolve(convolution, features, earlier));
    }
    return features;
  }

  // The outputs [begin, end) of the last layer, which give `count` values for each pixel.
  Value Head(const Convolution& heads, const std::string& layer, int begin, int end, int count,
             const Value& features) {
    const Value head = Convolve(Outputs(heads, begin, end, layer), features, "");
    if (architecture_.kind == NetworkKind::kFdkn) {
      return graph_.Reshape(head + ".taps", head, {count, kPhases, 0, 0});
    }
    return graph_.AddNode("Transpose", head + ".taps", {head}, {{"perm", Sizes{1, 0, 2, 3}}});
  }

 private:
  // Paper: Appendix A. What a layer of stride s takes, shifted by 0 to s - 1 pixels in each
  // direction, the shifts one after the other along the batch. What comes before runs once for all
  // of them, as in MakeSharedShifts.
  Value SplitShifts(const Layer& layer, const Value& value) {
    const int last = layer.stride - 1;
    const std::string name = name_ + "." + layer.name + ".shift";
    const auto end = [last](int begin) {
      return begin == last ? std::numeric_limits<std::int64_t>::max() : std::int64_t{begin} - last;
    };
    const Value axes = graph_.AddIntegers(name + ".axes", {2, 3});
    std::vector<Value> shifted;
    for (int y = 0; y < layer.stride; ++y) {
      for (int x = 0; x < layer.stride; ++x) {
        const std::string shift = name + std::to_string(y) + std::to_string(x);
        shifted.push_back(
            graph_.AddNode("Slice", shift,
                           {value, graph_.AddIntegers(shift + ".begin", {y, x}),
                            graph_.AddIntegers(shift + ".end", {end(y), end(x)}), axes}));
      }
    }
    return graph_.AddNode("Concat", name + "s", shifted, {{"axis", 0}});
  }

  // `earlier` is what a residual layer adds.
  Value Convolve(const Convolution& convolution, const Value& input, const Value& earlier) {
    const Layer& layer = convolution.layer;
    const std::string name = name_ + "." + layer.name;
    const Value weights = graph_.AddFloats(
        name + ".weight", {layer.out, layer.in, layer.kernel, layer.kernel}, convolution.weights);
    const Value bias = graph_.AddFloats(name + ".bias", {layer.out}, convolution.bias);
    Value result = graph_.AddNode("Conv", name, {input, weights, bias},
                                  {{"strides", Sizes(2, layer.stride)},
                                   {"dilations", Sizes(2, layer.dilation)},
                                   {"pads", Sizes(4, layer.padding)}});
    if (layer.residual) {
      result = graph_.AddNode("Add", name + ".sum", {result, earlier});
    }
    return layer.activation == Activation::kRelu ? graph_.AddNode("Relu", name + ".relu", {result})
                                                 : result;
  }

  const Architecture& architecture_;
  const std::string name_;
  OnnxGraph& graph_;
};

}  // namespace

OnnxHeads AddStream(const TensorFile& file, const Architecture& architecture, Stream stream,
                    const Value& image, OnnxGraph& graph) {
  std::vector<Convolution> chain = StreamConvolutions(file, architecture, stream);
  chain.front() = InGraphOrder(std::move(chain.front()), architecture, stream);
  const Convolution last = std::move(chain.back());
  chain.pop_back();
  StreamWriter writer(architecture, stream, graph);
  const Value features = writer.Features(chain, writer.Input(image));
  const int taps = TapCount(architecture);
  OnnxHeads heads;
  int begin = 0;
  if (GivesWeights(architecture, stream)) {
    begin = taps * HeadPhases(architecture);
    heads.weights = writer.Head(last, "conv_weight", 0, begin, taps, features);
  }
  if (GivesOffsets(architecture, stream)) {
    heads.offsets = writer.Head(last, "conv_offset", begin, last.layer.out, 2 * taps, features);
  }
  return heads;
}

Value AddStitch(const std::string& name, Value value, const Architecture& architecture,
                OnnxGraph& graph) {
  if (architecture.kind == NetworkKind::kFdkn) {
    return graph.AddNode("DepthToSpace", name + ".stitched", {value}, {{"blocksize", kResampling}});
  }
  // Each takes back one split, the last one first: its shifts are the outermost of the batch.
  for (int stride = FootprintOf(architecture).stride; stride > 1; stride /= 2) {
    const std::string stitched = name + ".stitched" + std::to_string(stride);
    value = graph.AddNode("DepthToSpace", stitched, {value}, {{"blocksize", 2}});
  }
  return value;
}

}  // namespace dkn
