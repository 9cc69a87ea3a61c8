#include "src/net/convolution_plan.h"

#include <cmath>
#include <string>

#include "dkn/error.h"
#include "src/net/machine.h"

namespace dkn {
namespace {

// Measured by dkn_net_bench on two cores with AVX-512: 3 x 3 layers by Winograd's algorithm take
// 0.4 to 0.6 of the time of the direct one. oneDNN's transforms the whole image where a layer has
// many channels (128 -> 128: 53 MB for an image of 640 x 480, 186 MB for 1280 x 960), and gives
// other bits on other numbers of threads; with 64 -> 64 at most it is a strip at a time (8 MB) and
// the same bits. Larger layers are computed in parts of that size, in no more time.
struct WinogradEntry {
  int in;
  int out;
  ChannelParts parts;
};
constexpr WinogradEntry kWinogradOnAvx512[] = {
    {16, 32, {1, 1}}, {48, 32, {1, 1}},  {32, 32, {1, 1}},  {32, 64, {1, 1}},
    {64, 64, {1, 1}}, {64, 128, {1, 2}}, {128, 128, {2, 2}}};

ValueType TypeOf(Precision precision) {
  switch (precision) {
    case Precision::kBf16:
      return ValueType::kBf16;
    case Precision::kInt8:
      return ValueType::kU8;
    default:
      return ValueType::kFp32;
  }
}

// In which type a layer multiplies.
ValueType SourceType(bool first, const NetworkTypes& types) {
  if (first && types.input == Precision::kFp32 && types.hidden == Precision::kInt8) {
    return TypeOf(SupportedPrecision(Precision::kBf16));
  }
  return TypeOf(types.hidden);
}

// Whether the values between layer i and the next, of an fp32 network, are to be in blocks.
// Winograd's algorithm takes and gives blocks; a direct convolution gives what it takes.
std::vector<bool> TakesBlocks(const std::vector<PlannedLayer>& layers,
                              const std::vector<LayerPlan>& plans, ValueLayout outer_layout) {
  const auto winograd = [&](std::size_t i) {
    return i < plans.size() && plans[i].algorithm == ConvolutionAlgorithm::kWinograd;
  };
  std::vector<bool> blocks(layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Layer& layer = layers[i].layer;
    const bool from_blocks = i > 0 && blocks[i - 1];
    const bool fewer_to_convert = layer.in < layer.out || layer.in % 16 != 0;
    if (i + 1 == layers.size() && outer_layout == ValueLayout::kInnermost) {
      blocks[i] = winograd(i) || (from_blocks && !fewer_to_convert);
    } else {
      blocks[i] = winograd(i) || from_blocks || (winograd(i + 1) && i > 0 && layer.in % 16 == 0);
    }
  }
  return blocks;
}

// oneDNN's convolutions for AVX2 reach 114 GFLOP/s on one thread with blocks of 8, where they reach
// 62 of 128 channels innermost and 75 of 64 (an EPYC told to use AVX2 alone); 1 x 1 all the same.
std::vector<bool> TakesBlocksOf8(const std::vector<PlannedLayer>& layers,
                                 const std::vector<LayerPlan>& plans) {
  constexpr int kBlock = BlockChannels(ValueLayout::kBlocksOf8);
  std::vector<bool> takes(layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Layer& layer = layers[i].layer;
    takes[i] =
        !plans[i].own && layer.kernel > 1 && layer.in % kBlock == 0 && layer.out % kBlock == 0;
    if (layer.residual) {  // what it adds lies as the layer before takes it
      takes[i] = takes[i - 1] = takes[i] && takes[i - 1];
    }
  }
  return takes;
}

void CheckTypes(const NetworkTypes& types) {
  if (types.input != types.hidden && types.input != Precision::kFp32) {
    throw Error("a network that takes " + PrecisionName(types.input) + " and computes in " +
                PrecisionName(types.hidden));
  }
}

void PlanTypes(const std::vector<PlannedLayer>& layers, const NetworkTypes& types,
               NetworkPlan& plan) {
  float largest = types.largest_input;
  const auto quantized = [&](ValueType type, const std::string& name) {
    if (type == ValueType::kU8 && !(largest > 0.0f && std::isfinite(largest))) {
      throw Error("the range of what layer '" + name +
                  "' takes or gives in int8 is not known; `dkn calibrate` finds it");
    }
    return ValueFormat{type, ValueLayout::kInnermost, type == ValueType::kU8 ? largest : 0.0f};
  };
  plan.input = quantized(TypeOf(types.input), layers.front().layer.name);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string& name = layers[i].layer.name;
    LayerPlan& layer = plan.layers.emplace_back();
    layer.source = quantized(SourceType(i == 0, types), name);
    largest = layers[i].largest_output;
    const bool last = i + 1 == layers.size();
    // What a residual layer adds is of the hidden type, and so is its result.
    const bool outer = last && !layers[i].layer.residual;
    const ValueType wanted = TypeOf(outer ? types.output : types.hidden);
    // Only a layer that multiplies in int8 can give it.
    const bool converted = wanted == ValueType::kU8 && layer.source.type != ValueType::kU8;
    layer.destination = quantized(converted ? ValueType::kFp32 : wanted, name);
    if (last) {
      plan.output = quantized(TypeOf(types.output), name);
    }
  }
}

}  // namespace

std::optional<ChannelParts> WinogradParts(const Layer& layer, bool avx512) {
  if (!avx512 || layer.kernel != 3 || layer.stride != 1 || layer.dilation != 1 ||
      layer.padding > 1) {
    return std::nullopt;
  }
  for (const WinogradEntry& entry : kWinogradOnAvx512) {
    if (layer.in == entry.in && layer.out == entry.out) {
      return entry.parts;
    }
  }
  return std::nullopt;
}

NetworkPlan PlanNetwork(const std::vector<PlannedLayer>& layers, const NetworkTypes& types) {
  CheckTypes(types);
  NetworkPlan plan;
  PlanTypes(layers, types, plan);
  if (types.hidden != Precision::kFp32 || types.input != Precision::kFp32) {
    return plan;
  }
  const std::string set = InstructionSet();
  const bool avx512 = set.starts_with("AVX512");
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto parts = WinogradParts(layers[i].layer, avx512 && types.winograd);
    if (parts) {
      plan.layers[i].algorithm = ConvolutionAlgorithm::kWinograd;
      plan.layers[i].parts = *parts;
    } else {
      plan.layers[i].own = ChooseOwnConvolution(layers[i].layer, types.winograd);
    }
  }
  const std::vector<bool> blocks = TakesBlocks(layers, plan.layers, types.outer_layout);
  const std::vector<bool> blocks_of_8 = set.starts_with("AVX2")
                                            ? TakesBlocksOf8(layers, plan.layers)
                                            : std::vector<bool>(layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const ValueLayout layout = blocks_of_8[i] ? ValueLayout::kBlocksOf8
                               : blocks[i]    ? ValueLayout::kBlocks
                                              : ValueLayout::kInnermost;
    plan.layers[i].source.layout = layout;
    plan.layers[i].destination.layout = layout;
  }
  if (types.outer_layout != ValueLayout::kInnermost) {
    plan.input.layout = plan.layers.front().source.layout;
    plan.output.layout = plan.layers.back().destination.layout;
  }
  return plan;
}

}  // namespace dkn
