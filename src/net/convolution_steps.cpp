#include "src/net/convolution_steps.h"

#include <omp.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string>

#include "dkn/error.h"

namespace dkn {
namespace {

using dnnl::memory;
using Dims = memory::dims;

memory::data_type DataType(ValueType type) {
  switch (type) {
    case ValueType::kBf16:
      return memory::data_type::bf16;
    case ValueType::kU8:
      return memory::data_type::u8;
    default:
      return memory::data_type::f32;
  }
}

memory::desc ImageDesc(int channels, int height, int width, const ValueFormat& format) {
  const auto tag = [&] {
    switch (format.layout) {
      case ValueLayout::kBlocks:
        return memory::format_tag::nChw16c;
      case ValueLayout::kBlocksOf8:
        return memory::format_tag::nChw8c;
      default:
        return memory::format_tag::nhwc;
    }
  };
  return {Dims{1, channels, height, width}, DataType(format.type), tag()};
}

using Description = dnnl::convolution_forward::primitive_desc;

// From the sums of an int8 layer, one unit of its source and of its weights each, to its results.
std::vector<float> OutputScales(std::vector<float> scales, const LayerPlan& plan) {
  const bool to_u8 = plan.destination.type == ValueType::kU8;
  const float factor = UnitOf(plan.source) / (to_u8 ? UnitOf(plan.destination) : 1.0f);
  std::transform(scales.begin(), scales.end(), scales.begin(),
                 [&](float scale) { return scale * factor; });
  return scales;
}

// Implementations of oneDNN that are passed over, by the beginning of their names: the next one of
// its list takes their place. The first choice of oneDNN 2.6 with AMX adds the products of 64 and
// more channels in an order that it takes from the image's size and the number of threads: a part
// of an image would get other bits than the whole. It also compiles up to 10 MB of machine code for
// a layer (48 -> 32, 3 x 3), in up to 0.1 s. The next one, "jit:avx512_core_amx", has one order and
// 0.4 MB, and multiplies no more tiles for any layer of Tables 1 and 2.
constexpr const char* kPassedOver[] = {"brgconv:avx512_core_amx"};

// The result refers to `operation` where its next_impl is called.
Description DescribeDirect(const dnnl::engine& engine,
                           const dnnl::convolution_forward::desc& operation,
                           const dnnl::primitive_attr& attributes) {
  Description description(operation, attributes, engine);
  const auto passed_over = [&](const char* name) {
    return std::string(description.impl_info_str()).starts_with(name);
  };
  while (std::any_of(std::begin(kPassedOver), std::end(kPassedOver), passed_over)) {
    if (!description.next_impl()) {
      throw Error("oneDNN has no implementation of a convolution beside " +
                  std::string(description.impl_info_str()));
    }
  }
  return description;
}

// Which of the parts of a layer's input a convolution takes.
enum class InputPart { kOnly, kFirst, kLast };

// `output_scales`: of an int8 layer, else empty.
//   earlier_unit   of a residual layer, in units of the destination: what one unit of the values
//                  that are there already stands for
Description Describe(const dnnl::engine& engine, const Layer& layer, ConvolutionAlgorithm algorithm,
                     InputPart part, const std::vector<float>& output_scales, float earlier_unit,
                     const memory::desc& source, const memory::desc& destination) {
  const bool int8 = !output_scales.empty();
  const memory::desc weights(Dims{layer.out, layer.in, layer.kernel, layer.kernel},
                             int8 ? memory::data_type::s8 : source.data_type(),
                             memory::format_tag::any);
  const memory::desc bias =
      part == InputPart::kLast
          ? memory::desc()
          : memory::desc(Dims{layer.out}, memory::data_type::f32, memory::format_tag::x);
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (int8) {
    attributes.set_output_scales(1 << 1, output_scales);
  }
  dnnl::post_ops after;
  if (part == InputPart::kLast) {
    after.append_sum();
  } else if (layer.residual) {
    after.append_sum(earlier_unit);
  }
  if (layer.activation == Activation::kRelu && part != InputPart::kFirst) {
    after.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
  }
  attributes.set_post_ops(after);
  const auto operation = [&](dnnl::algorithm way) {
    return dnnl::convolution_forward::desc(
        dnnl::prop_kind::forward_inference, way, source, weights, bias, destination,
        Dims{layer.stride, layer.stride}, Dims{layer.dilation - 1, layer.dilation - 1},
        Dims{layer.padding, layer.padding}, Dims{layer.padding, layer.padding});
  };
  if (algorithm == ConvolutionAlgorithm::kWinograd) {
    // oneDNN puts the variant with tiles of 2 x 2 first where the number of threads makes it
    // faster; that of 4 x 4 alone gives the same bits on any number.
    try {
      const auto winograd = operation(dnnl::algorithm::convolution_winograd);
      Description description(winograd, attributes, engine);  // refers to `winograd` from then on
      do {
        if (std::string(description.impl_info_str()).find("wino_4x3") != std::string::npos) {
          return description;
        }
      } while (description.next_impl());
    } catch (const dnnl::error&) {
      // oneDNN has no Winograd convolution for images of this size.
    }
  }
  return DescribeDirect(engine, operation(dnnl::algorithm::convolution_direct), attributes);
}

// One of `parts` parts of an image's channels.
memory::desc PartOf(const memory::desc& image, int parts, const ValueFormat& format) {
  const Dims dims = image.dims();
  return ImageDesc(static_cast<int>(dims[1]) / parts, static_cast<int>(dims[2]),
                   static_cast<int>(dims[3]), format);
}

StepDescription DescribeLayer(const dnnl::engine& engine, Layer part,
                              const std::vector<float>& weight_scales, const LayerPlan& plan,
                              float earlier_unit, const memory::desc& source,
                              const memory::desc& destination) {
  StepDescription step;
  step.parts = plan.parts;
  step.source = source;
  step.destination = destination;
  if (plan.own) {
    step.own = sizeof(float) * OwnScratchFloats(*plan.own, part, omp_get_max_threads());
    return step;
  }
  part.in /= plan.parts.in;
  part.out /= plan.parts.out;
  const memory::desc part_source = PartOf(source, plan.parts.in, plan.source);
  const memory::desc part_destination = PartOf(destination, plan.parts.out, plan.destination);
  const std::vector<float> scales =
      plan.source.type == ValueType::kU8 ? OutputScales(weight_scales, plan) : std::vector<float>();
  const auto describe = [&](InputPart which) {
    return Describe(engine, part, plan.algorithm, which, scales, earlier_unit, part_source,
                    part_destination);
  };
  step.convolution = describe(plan.parts.in == 1 ? InputPart::kOnly : InputPart::kFirst);
  if (plan.parts.in > 1) {
    step.addition = describe(InputPart::kLast);
  }
  return step;
}

StepDescription DescribeConversion(const dnnl::engine& engine, const memory::desc& source,
                                   const memory::desc& destination, const ValueFormat& from,
                                   const ValueFormat& to) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const auto unit = [](const ValueFormat& format) {
    return format.type == ValueType::kU8 ? UnitOf(format) : 1.0f;
  };
  if (unit(from) != unit(to)) {
    attributes.set_output_scales(0, {unit(from) / unit(to)});
  }
  StepDescription step;
  step.conversion = dnnl::reorder::primitive_desc(engine, source, engine, destination, attributes);
  step.source = source;
  step.destination = destination;
  return step;
}

// What one unit of what a residual layer adds stands for, in units of what it gives; it lies where
// the result goes, in the same format but for the unit. The block is of two layers, `plans[i - 1]`
// and `plans[i]`.
float EarlierUnit(const std::vector<LayerPlan>& plans, std::size_t i, const std::string& name) {
  const ValueFormat& earlier = plans[i - 1].source;
  const ValueFormat& result = plans[i].destination;
  if (earlier.type != result.type || earlier.layout != result.layout ||
      !(plans[i - 1].destination == plans[i].source)) {
    throw Error("layer '" + name + "' adds values of another format than its own");
  }
  return result.type == ValueType::kU8 ? UnitOf(earlier) / UnitOf(result) : 1.0f;
}

// Backwards from the output, then in turn.
void ChooseStorage(const std::vector<bool>& residual, std::vector<StepDescription>& steps) {
  const std::size_t last = steps.size() - 1;
  std::vector<bool> in_output(steps.size());
  in_output[last] = true;
  for (std::size_t i = last; i >= 2; --i) {
    if (residual[i] && in_output[i]) {
      in_output[i - 2] = true;
    }
  }
  for (std::size_t i = 0; i < last; ++i) {
    if (in_output[i]) {
      steps[i].storage = StepStorage::kOutput;
    } else if (residual[i]) {
      steps[i].storage = steps[i - 2].storage;
    } else {
      const bool second = i > 0 && steps[i - 1].storage == StepStorage::kFirst;
      steps[i].storage = second ? StepStorage::kSecond : StepStorage::kFirst;
    }
  }
}

}  // namespace

std::vector<float> WeightScales(const Convolution& convolution) {
  const std::size_t per_output = convolution.weights.size() / convolution.bias.size();
  std::vector<float> scales;
  for (auto at = convolution.weights.begin(); at != convolution.weights.end();
       at += static_cast<std::ptrdiff_t>(per_output)) {
    // As bits without their sign floats have the order that they have as numbers; integers the
    // compiler compares many at once.
    std::int32_t bits = 0;
    std::for_each(at, at + static_cast<std::ptrdiff_t>(per_output), [&](float weight) {
      bits = std::max(bits, std::bit_cast<std::int32_t>(weight) & 0x7fffffff);
    });
    const float largest = std::bit_cast<float>(bits);
    scales.push_back(largest > 0.0f ? largest / 127.0f : 1.0f);
  }
  return scales;
}

float UnitOf(const ValueFormat& format) {
  return format.largest / 255.0f;
}

std::vector<StepDescription> DescribeChain(const dnnl::engine& engine,
                                           const std::vector<Convolution>& chain,
                                           const std::vector<std::vector<float>>& scales,
                                           const NetworkPlan& plan, int width, int height) {
  std::vector<StepDescription> steps;
  std::vector<bool> residual;  // of each step
  ValueFormat format = plan.input;
  memory::desc source = ImageDesc(chain.front().layer.in, height, width, format);
  const auto convert = [&](int channels, const ValueFormat& wanted) {
    if (!(format == wanted)) {
      const memory::desc converted = ImageDesc(channels, height, width, wanted);
      steps.push_back(DescribeConversion(engine, source, converted, format, wanted));
      residual.push_back(false);
      source = converted;
      format = wanted;
    }
  };
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const Layer& layer = chain[i].layer;
    convert(layer.in, plan.layers[i].source);
    const int extent = layer.dilation * (layer.kernel - 1) + 1;
    const int last_x = width + 2 * layer.padding - extent;  // where the last kernel begins
    const int last_y = height + 2 * layer.padding - extent;
    if (width < 1 || height < 1 || last_x < 0 || last_y < 0) {
      throw Error("the image is too small for layer '" + layer.name + "'");
    }
    width = last_x / layer.stride + 1;
    height = last_y / layer.stride + 1;
    format = plan.layers[i].destination;
    const memory::desc destination = ImageDesc(layer.out, height, width, format);
    const float earlier_unit = layer.residual ? EarlierUnit(plan.layers, i, layer.name) : 0.0f;
    steps.push_back(
        DescribeLayer(engine, layer, scales[i], plan.layers[i], earlier_unit, source, destination));
    steps.back().layer = i;
    residual.push_back(layer.residual);
    source = destination;
  }
  convert(chain.back().layer.out, plan.output);
  ChooseStorage(residual, steps);
  return steps;
}

StorageSizes StorageOf(const std::vector<StepDescription>& steps) {
  StorageSizes sizes;
  for (const StepDescription& step : steps) {
    if (step.storage != StepStorage::kOutput) {
      std::size_t& buffer = sizes.buffers[static_cast<std::size_t>(step.storage)];
      buffer = std::max(buffer, step.destination.get_size());
    }
    sizes.scratchpad = std::max(sizes.scratchpad, step.ScratchpadBytes());
  }
  return sizes;
}

}  // namespace dkn
