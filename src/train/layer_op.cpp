#include "src/train/layer_op.h"

#include <torch/torch.h>

#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>
#include <utility>
#include <vector>

#include "src/train/batch_norm_op.h"
#include "src/train/depthwise_gradient.h"
#include "src/train/own_layer.h"
#include "src/train/ranks.h"

namespace dkn::train {
namespace {

using dnnl::memory;
using Dims = memory::dims;
using Arguments = std::unordered_map<int, memory>;

dnnl::engine& Engine() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

void Execute(const dnnl::primitive& primitive, const Arguments& arguments) {
  dnnl::stream stream(Engine());
  primitive.execute(stream, arguments);
  stream.wait();
}

memory::data_type TypeOf(torch::ScalarType type) {
  return type == torch::kBFloat16 ? memory::data_type::bf16 : memory::data_type::f32;
}

memory::desc ImageDesc(const torch::Tensor& image) {
  return {image.sizes().vec(), TypeOf(image.scalar_type()), memory::format_tag::nhwc};
}

memory::desc VectorDesc(const torch::Tensor& vector) {
  return {vector.sizes().vec(), memory::data_type::f32, memory::format_tag::x};
}

// With an axis of groups where there are several. `any`: the layout is the primitive's choice.
memory::desc WeightDesc(const torch::Tensor& weight, memory::data_type type, int64_t groups,
                        bool any = false) {
  Dims sizes = weight.sizes().vec();
  if (groups > 1) {
    sizes[0] /= groups;
    sizes.insert(sizes.begin(), groups);
  }
  const memory::format_tag plain =
      groups > 1 ? memory::format_tag::goihw : memory::format_tag::oihw;
  return {sizes, type, any ? memory::format_tag::any : plain};
}

memory Wrap(const memory::desc& desc, const torch::Tensor& tensor) {
  return {desc, Engine(), tensor.data_ptr()};
}

torch::Tensor EmptyImage(Dims sizes, torch::ScalarType type) {
  return torch::empty(sizes, torch::dtype(type).memory_format(torch::MemoryFormat::ChannelsLast));
}

// Between a weight in LibTorch's layout and type, and in those that a primitive wants.
memory PackedWeight(const torch::Tensor& weight, int64_t groups, const memory::desc& wanted) {
  memory plain = Wrap(WeightDesc(weight, memory::data_type::f32, groups), weight);
  memory packed(wanted, Engine());
  Execute(dnnl::reorder(plain, packed), {{DNNL_ARG_FROM, plain}, {DNNL_ARG_TO, packed}});
  return packed;
}
void Unpack(memory& packed, int64_t groups, const torch::Tensor& weight) {
  memory plain = Wrap(WeightDesc(weight, memory::data_type::f32, groups), weight);
  Execute(dnnl::reorder(packed, plain), {{DNNL_ARG_FROM, packed}, {DNNL_ARG_TO, plain}});
}

// What the three passes of a convolution share.
struct Shape {
  Shape(const torch::Tensor& input, const Layer& layer, const torch::Tensor& weight,
        const torch::Tensor& output)
      : source(ImageDesc(input)),
        destination(ImageDesc(output)),
        weights(WeightDesc(weight, TypeOf(input.scalar_type()), layer.groups, /*any=*/true)),
        weights_gradient(WeightDesc(weight, memory::data_type::f32, layer.groups, /*any=*/true)),
        bias(Dims{layer.out}, memory::data_type::f32, memory::format_tag::x),
        strides{layer.stride, layer.stride},
        dilation{layer.dilation - 1, layer.dilation - 1},
        padding{layer.padding, layer.padding} {}

  dnnl::convolution_forward::primitive_desc Forward(bool relu) const {
    dnnl::primitive_attr attributes;
    if (relu) {
      dnnl::post_ops post;
      post.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
      attributes.set_post_ops(post);
    }
    return {{dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, source,
             weights, bias, destination, strides, dilation, padding, padding},
            attributes,
            Engine()};
  }

  memory::desc source;
  memory::desc destination;
  memory::desc weights;
  memory::desc weights_gradient;
  memory::desc bias;
  Dims strides;
  Dims dilation;
  Dims padding;
};

using BatchNorm = dnnl::batch_normalization_forward;

dnnl::normalization_flags BatchNormFlags(bool relu) {
  const auto scale_shift = dnnl::normalization_flags::use_scale_shift;
  return relu ? scale_shift | dnnl::normalization_flags::fuse_norm_relu : scale_shift;
}

// gamma above beta, or their gradients: [2, out].
memory::desc ScaleShiftDesc(const torch::Tensor& both) {
  return {both.sizes().vec(), memory::data_type::f32, memory::format_tag::nc};
}

BatchNorm::primitive_desc BatchNormForward(const torch::Tensor& image, bool relu) {
  return {{dnnl::prop_kind::forward_training, ImageDesc(image),
           static_cast<float>(kBatchNormEpsilon), BatchNormFlags(relu)},
          Engine()};
}

class LayerFunction : public torch::autograd::Function<LayerFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& input, const torch::Tensor& weight,
                               const torch::Tensor& bias, const torch::Tensor& gamma,
                               const torch::Tensor& beta, const LayerTensors& values,
                               const Layer& layer, torch::ScalarType output_type) {
    const auto out_size = [&](int64_t size) {
      return (size + 2 * layer.padding - layer.dilation * (layer.kernel - 1) - 1) / layer.stride +
             1;
    };
    torch::Tensor result = EmptyImage(
        {input.size(0), layer.out, out_size(input.size(2)), out_size(input.size(3))}, output_type);
    const bool relu = layer.activation == Activation::kRelu;
    Layer convolution = layer;
    convolution.residual = false;
    convolution.activation = layer.batch_norm ? Activation::kNone : layer.activation;
    Convolve(input, convolution, weight, bias, result);
    context->saved_data["stride"] = layer.stride;
    context->saved_data["padding"] = layer.padding;
    context->saved_data["dilation"] = layer.dilation;
    context->saved_data["groups"] = layer.groups;
    context->saved_data["relu"] = relu;
    if (!layer.batch_norm) {
      context->save_for_backward({input, weight, result});
      return result;
    }

    torch::Tensor normalised = EmptyImage(result.sizes().vec(), output_type);
    const torch::Tensor scale_shift = torch::stack({gamma, beta});
    const torch::Tensor mean = torch::empty(layer.out);
    const torch::Tensor variance = torch::empty(layer.out);
    const auto batch_norm = BatchNormForward(result, relu);
    const torch::Tensor workspace =
        torch::empty(static_cast<int64_t>(batch_norm.workspace_desc().get_size()), torch::kByte);
    Execute(BatchNorm(batch_norm),
            {{DNNL_ARG_SRC, Wrap(ImageDesc(result), result)},
             {DNNL_ARG_DST, Wrap(ImageDesc(normalised), normalised)},
             {DNNL_ARG_SCALE_SHIFT, Wrap(ScaleShiftDesc(scale_shift), scale_shift)},
             {DNNL_ARG_MEAN, Wrap(VectorDesc(mean), mean)},
             {DNNL_ARG_VARIANCE, Wrap(VectorDesc(variance), variance)},
             {DNNL_ARG_WORKSPACE, Wrap(batch_norm.workspace_desc(), workspace)}});
    const double count = static_cast<double>(result.numel() / layer.out);
    torch::Tensor running_mean = values.running_mean;
    torch::Tensor running_var = values.running_var;
    running_mean.lerp_(mean, kBatchNormMomentum);
    running_var.lerp_(variance * (count / (count - 1.0)), kBatchNormMomentum);
    context->save_for_backward({input, weight, result, scale_shift, mean, variance, workspace});
    return normalised;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor& input = saved[0];
    const torch::Tensor& weight = saved[1];
    const torch::Tensor& result = saved[2];
    const bool relu = context->saved_data["relu"].toBool();
    torch::Tensor gradient = gradients[0].contiguous(torch::MemoryFormat::ChannelsLast);
    torch::Tensor gamma_gradient;
    torch::Tensor beta_gradient;
    if (saved.size() > 3) {
      std::tie(gradient, gamma_gradient, beta_gradient) = BatchNormBackward(saved, gradient, relu);
    } else if (relu) {
      gradient = torch::threshold_backward(gradient, result, 0.0);
    }
    gradient = gradient.to(input.scalar_type());

    Layer layer;
    layer.in = static_cast<int>(weight.size(1));
    layer.out = static_cast<int>(weight.size(0));
    layer.kernel = static_cast<int>(weight.size(2));
    layer.stride = static_cast<int>(context->saved_data["stride"].toInt());
    layer.padding = static_cast<int>(context->saved_data["padding"].toInt());
    layer.dilation = static_cast<int>(context->saved_data["dilation"].toInt());
    layer.groups = static_cast<int>(context->saved_data["groups"].toInt());
    const auto [weight_gradient, bias_gradient] = WeightGradients(input, weight, gradient, layer);

    torch::Tensor input_gradient;
    if (context->needs_input_grad(0)) {
      input_gradient = EmptyImage(input.sizes().vec(), input.scalar_type());
      if (layer.stride == 1 &&
          (IsDepthwise(weight, layer) || ChooseOwn(gradient, input_gradient, layer))) {
        ConvolveBack(weight, gradient, layer, input_gradient);
      } else {
        InputGradient(weight, gradient, layer, input_gradient);
      }
    }
    return {input_gradient, weight_gradient, bias_gradient,   gamma_gradient,
            beta_gradient,  torch::Tensor(), torch::Tensor(), torch::Tensor()};
  }

 private:
  static void Convolve(const torch::Tensor& input, const Layer& layer, const torch::Tensor& weight,
                       const torch::Tensor& bias, const torch::Tensor& output) {
    if (const auto own = ChooseOwn(input, output, layer)) {
      return ConvolveOwn(*own, input, layer, weight, bias, output);
    }
    const Shape shape(input, layer, weight, output);
    const auto convolution = shape.Forward(layer.activation == Activation::kRelu);
    Execute(dnnl::convolution_forward(convolution),
            {{DNNL_ARG_SRC, Wrap(shape.source, input)},
             {DNNL_ARG_WEIGHTS, PackedWeight(weight, layer.groups, convolution.weights_desc())},
             {DNNL_ARG_BIAS, Wrap(shape.bias, bias)},
             {DNNL_ARG_DST, Wrap(shape.destination, output)}});
  }

  // Whether each channel is convolved by itself.
  static bool IsDepthwise(const torch::Tensor& weight, const Layer& layer) {
    return layer.groups > 1 && layer.groups == weight.size(0);
  }

  // The gradients by weight and bias.
  static std::pair<torch::Tensor, torch::Tensor> WeightGradients(const torch::Tensor& input,
                                                                 const torch::Tensor& weight,
                                                                 const torch::Tensor& gradient,
                                                                 const Layer& layer) {
    const torch::Tensor own = IsDepthwise(weight, layer) && layer.dilation > 1
                                  ? DepthwiseWeightGradient(input, gradient, layer)
                                  : OwnWeightGradient(input, weight, gradient, layer);
    if (own.defined()) {
      return {own, gradient.sum({0, 2, 3}, /*keepdim=*/false, torch::kFloat)};
    }
    const Shape shape(input, layer, weight, gradient);
    const torch::Tensor weight_gradient = torch::empty_like(weight);
    const torch::Tensor bias_gradient = torch::empty(layer.out);
    const dnnl::convolution_backward_weights::primitive_desc by_weights(
        {dnnl::algorithm::convolution_direct, shape.source, shape.weights_gradient, shape.bias,
         shape.destination, shape.strides, shape.dilation, shape.padding, shape.padding},
        Engine(), shape.Forward(false));
    memory packed_gradient(by_weights.diff_weights_desc(), Engine());
    Execute(dnnl::convolution_backward_weights(by_weights),
            {{DNNL_ARG_SRC, Wrap(shape.source, input)},
             {DNNL_ARG_DIFF_DST, Wrap(shape.destination, gradient)},
             {DNNL_ARG_DIFF_WEIGHTS, packed_gradient},
             {DNNL_ARG_DIFF_BIAS, Wrap(shape.bias, bias_gradient)}});
    Unpack(packed_gradient, layer.groups, weight_gradient);
    return {weight_gradient, bias_gradient};
  }

  static void InputGradient(const torch::Tensor& weight, const torch::Tensor& gradient,
                            const Layer& layer, const torch::Tensor& input_gradient) {
    const Shape shape(input_gradient, layer, weight, gradient);
    const dnnl::convolution_backward_data::primitive_desc by_data(
        {dnnl::algorithm::convolution_direct, shape.source, shape.weights, shape.destination,
         shape.strides, shape.dilation, shape.padding, shape.padding},
        Engine(), shape.Forward(false));
    Execute(dnnl::convolution_backward_data(by_data),
            {{DNNL_ARG_DIFF_SRC, Wrap(shape.source, input_gradient)},
             {DNNL_ARG_WEIGHTS, PackedWeight(weight, layer.groups, by_data.weights_desc())},
             {DNNL_ARG_DIFF_DST, Wrap(shape.destination, gradient)}});
  }

  // InputGradient without strides as the convolution of the gradient by the mirrored kernel, which
  // takes gradients of `out` and gives those of `in`: of channels by themselves, since of dilated
  // ones oneDNN 2.6's own takes ten times as long, and by Winograd's algorithm.
  static void ConvolveBack(const torch::Tensor& weight, const torch::Tensor& gradient, Layer layer,
                           const torch::Tensor& input_gradient) {
    layer.padding = layer.dilation * (layer.kernel - 1) - layer.padding;
    torch::Tensor mirrored = weight.flip({2, 3});
    if (layer.groups == 1) {
      mirrored = mirrored.transpose(0, 1);
      std::swap(layer.in, layer.out);
    }
    Convolve(gradient, layer, mirrored.contiguous(), torch::zeros(layer.out), input_gradient);
  }

  // The gradients by the convolution's result, gamma and beta.
  static std::tuple<torch::Tensor, torch::Tensor, torch::Tensor> BatchNormBackward(
      const std::vector<torch::Tensor>& saved, const torch::Tensor& gradient, bool relu) {
    const torch::Tensor& result = saved[2];
    const torch::Tensor& scale_shift = saved[3];
    const torch::Tensor& mean = saved[4];
    const torch::Tensor& variance = saved[5];
    const torch::Tensor& workspace = saved[6];
    const memory::desc image = ImageDesc(result);
    const auto hint = BatchNormForward(result, relu);
    const dnnl::batch_normalization_backward::primitive_desc backward(
        {dnnl::prop_kind::backward, image, image, static_cast<float>(kBatchNormEpsilon),
         BatchNormFlags(relu)},
        Engine(), hint);
    const torch::Tensor result_gradient = EmptyImage(result.sizes().vec(), result.scalar_type());
    const torch::Tensor scale_shift_gradient = torch::empty_like(scale_shift);
    const memory::desc vector = VectorDesc(mean);
    Execute(dnnl::batch_normalization_backward(backward),
            {{DNNL_ARG_SRC, Wrap(image, result)},
             {DNNL_ARG_MEAN, Wrap(vector, mean)},
             {DNNL_ARG_VARIANCE, Wrap(vector, variance)},
             {DNNL_ARG_DIFF_DST, Wrap(image, gradient)},
             {DNNL_ARG_SCALE_SHIFT, Wrap(ScaleShiftDesc(scale_shift), scale_shift)},
             {DNNL_ARG_WORKSPACE, Wrap(hint.workspace_desc(), workspace)},
             {DNNL_ARG_DIFF_SRC, Wrap(image, result_gradient)},
             {DNNL_ARG_DIFF_SCALE_SHIFT, Wrap(ScaleShiftDesc(scale_shift), scale_shift_gradient)}});
    return {result_gradient, scale_shift_gradient[0], scale_shift_gradient[1]};
  }
};

}  // namespace

void FoldRunningStatistics(LayerTensors& values) {
  const torch::Tensor scale = values.gamma * (values.running_var + kBatchNormEpsilon).rsqrt();
  values.weight = values.weight * scale.view({-1, 1, 1, 1});
  values.bias = (values.bias - values.running_mean) * scale + values.beta;
}

torch::Tensor LayerOp(const torch::Tensor& input, const Layer& layer, const LayerTensors& values,
                      torch::ScalarType output) {
  if (layer.batch_norm && RankCount() > 1) {
    Layer convolution = layer;
    convolution.batch_norm = false;
    convolution.activation = Activation::kNone;
    const torch::Tensor result = BatchNormOp(LayerOp(input, convolution, values, output), values);
    return layer.activation == Activation::kRelu ? result.relu() : result;
  }
  const torch::Tensor none = torch::empty({0});  // autograd takes no undefined tensors
  return LayerFunction::apply(input.contiguous(torch::MemoryFormat::ChannelsLast), values.weight,
                              values.bias, layer.batch_norm ? values.gamma : none,
                              layer.batch_norm ? values.beta : none, values, layer, output);
}

}  // namespace dkn::train
