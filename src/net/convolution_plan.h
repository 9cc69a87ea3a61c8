#ifndef DKN_SRC_NET_CONVOLUTION_PLAN_H_
#define DKN_SRC_NET_CONVOLUTION_PLAN_H_

#include <optional>
#include <vector>

#include "dkn/precision.h"
#include "src/net/layer.h"
#include "src/net/own_convolution.h"

namespace dkn {

// How values lie in memory: channels innermost (height, width, channels), or in blocks of 16
// channels (channels / 16, height, width, 16) or of 8, the last one filled up with zeros.
enum class ValueLayout { kInnermost, kBlocks, kBlocksOf8 };

// Channels of a block.
constexpr int BlockChannels(ValueLayout layout) {
  return layout == ValueLayout::kBlocksOf8 ? 8 : 16;
}

enum class ValueType { kFp32, kBf16, kU8 };

struct ValueFormat {
  ValueType type = ValueType::kFp32;
  ValueLayout layout = ValueLayout::kInnermost;
  float largest = 0.0f;  // kU8: what 255 stands for; 0 stands for 0

  bool operator==(const ValueFormat& other) const {
    return type == other.type && layout == other.layout && largest == other.largest;
  }
};

// Of oneDNN's.
enum class ConvolutionAlgorithm { kDirect, kWinograd };

// In how many parts the channels of a layer are computed, one after the other: of the output, and
// of the input, whose parts' results are added. More than one take blocks of channels.
struct ChannelParts {
  int in = 1;
  int out = 1;
};

// What a layer takes and gives, and how it is computed. Where a layer's source is not in the format
// that the one before it gives, the values are converted.
struct LayerPlan {
  std::optional<OwnAlgorithm> own;  // by our kernels, in place of oneDNN's
  ConvolutionAlgorithm algorithm = ConvolutionAlgorithm::kDirect;
  ChannelParts parts;
  ValueFormat source;
  ValueFormat destination;
};

// The types of the values that a network takes, passes from layer to layer, and gives. Each layer
// multiplies in the type it takes. An fp32 input of a bf16 network is rounded first. The first
// layer of an int8 network that takes fp32, an image, computes in bf16, or fp32 where the
// processor has no bf16.
struct NetworkTypes {
  Precision input = Precision::kFp32;
  Precision hidden = Precision::kFp32;
  Precision output = Precision::kFp32;
  float largest_input = 0.0f;  // of an int8 input: what 255 stands for
  // Other than kInnermost: input and output may be in blocks where that is faster; the session
  // tells. Else channels are innermost.
  ValueLayout outer_layout = ValueLayout::kInnermost;
  bool winograd = true;  // where PlanNetwork finds it faster
};

struct NetworkPlan {
  ValueFormat input;
  std::vector<LayerPlan> layers;
  ValueFormat output;
};

// A layer with the largest of its results, as an int8 network needs it; 0: not known.
struct PlannedLayer {
  Layer layer;
  float largest_output = 0.0f;
};

// The parts that a layer in fp32 is computed in by Winograd's algorithm; none: it is computed
// directly. As a table says that was measured by dkn_net_bench for an instruction set, and not by
// timing now, so that results are the same on every run.
std::optional<ChannelParts> WinogradParts(const Layer& layer, bool avx512);

// Throws Error where the types do not go together, or an int8 layer's range is not known.
NetworkPlan PlanNetwork(const std::vector<PlannedLayer>& layers, const NetworkTypes& types);

}  // namespace dkn

#endif  // DKN_SRC_NET_CONVOLUTION_PLAN_H_
