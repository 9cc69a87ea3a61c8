#include "src/net/convolution_network.h"

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>
#include <utility>

#include "dkn/error.h"

namespace dkn {
namespace {

using dnnl::memory;
using Dims = memory::dims;

memory::data_type DataType(Precision precision) {
  return precision == Precision::kBf16 ? memory::data_type::bf16 : memory::data_type::f32;
}

memory::desc ImageDesc(int channels, int height, int width, Precision precision) {
  // Channels innermost throughout: no reorder between layers, and the heads' values of one pixel
  // lie together for the kernel that reads them.
  return {Dims{1, channels, height, width}, DataType(precision), memory::format_tag::nhwc};
}

using Description = dnnl::convolution_forward::primitive_desc;

Description Describe(const dnnl::engine& engine, const Layer& layer, const memory::desc& source,
                     const memory::desc& destination) {
  const memory::desc weights(Dims{layer.out, layer.in, layer.kernel, layer.kernel},
                             source.data_type(), memory::format_tag::any);
  const memory::desc bias(Dims{layer.out}, memory::data_type::f32, memory::format_tag::x);
  const dnnl::convolution_forward::desc operation(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, source, weights,
      bias, destination, Dims{layer.stride, layer.stride},
      Dims{layer.dilation - 1, layer.dilation - 1}, Dims{layer.padding, layer.padding},
      Dims{layer.padding, layer.padding});
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (layer.activation == Activation::kRelu) {
    dnnl::post_ops relu;
    relu.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
    attributes.set_post_ops(relu);
  }
  return {operation, attributes, engine};
}

std::vector<Description> DescribeChain(const dnnl::engine& engine,
                                       const std::vector<Convolution>& chain,
                                       const NetworkTypes& types, int width, int height) {
  std::vector<Description> descriptions;
  memory::desc source = ImageDesc(chain.front().layer.in, height, width, types.hidden);
  for (const Convolution& convolution : chain) {
    const Layer& layer = convolution.layer;
    const int extent = layer.dilation * (layer.kernel - 1) + 1;
    const int last_x = width + 2 * layer.padding - extent;  // where the last kernel begins
    const int last_y = height + 2 * layer.padding - extent;
    if (width < 1 || height < 1 || last_x < 0 || last_y < 0) {
      throw Error("the image is too small for layer '" + layer.name + "'");
    }
    width = last_x / layer.stride + 1;
    height = last_y / layer.stride + 1;
    const bool last = &convolution == &chain.back();
    const memory::desc destination =
        ImageDesc(layer.out, height, width, last ? types.output : types.hidden);
    descriptions.push_back(Describe(engine, layer, source, destination));
    source = destination;
  }
  return descriptions;
}

// Of the values between the layers (what each of the two buffers holds), and of the scratchpad.
struct StorageSizes {
  std::size_t buffer = 0;
  std::size_t scratchpad = 0;
};

StorageSizes StorageOf(const std::vector<Description>& descriptions, const NetworkTypes& types) {
  StorageSizes sizes;
  if (types.input != types.hidden) {
    sizes.buffer = descriptions.front().src_desc().get_size();
  }
  for (const Description& description : descriptions) {
    if (&description != &descriptions.back()) {
      sizes.buffer = std::max(sizes.buffer, description.dst_desc().get_size());
    }
    sizes.scratchpad = std::max(sizes.scratchpad, description.scratchpad_desc().get_size());
  }
  return sizes;
}

double Operations(const Description& description) {
  double operations = 2.0;
  const Dims weights = description.weights_desc().dims();  // out, in, height, width
  const Dims out = description.dst_desc().dims();          // 1, out, height, width
  for (const memory::dim size : {weights[0], weights[1], weights[2], weights[3], out[2], out[3]}) {
    operations *= static_cast<double>(size);
  }
  return operations;
}

memory Bytes(const dnnl::engine& engine, std::size_t size) {
  return memory(
      {Dims{static_cast<memory::dim>(size)}, memory::data_type::u8, memory::format_tag::x}, engine);
}

void CheckChain(const std::vector<Convolution>& chain, const NetworkTypes& types) {
  if (types.input == Precision::kBf16 && types.hidden != Precision::kBf16) {
    throw Error("a network that takes bf16 and computes in fp32");
  }
  if (chain.empty()) {
    throw Error("a network without layers");
  }
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const Layer& layer = chain[i].layer;
    const std::size_t count =
        static_cast<std::size_t>(layer.in) * layer.out * layer.kernel * layer.kernel;
    if (layer.batch_norm || chain[i].weights.size() != count ||
        chain[i].bias.size() != static_cast<std::size_t>(layer.out) ||
        (i > 0 && layer.in != chain[i - 1].layer.out)) {
      throw Error("layer '" + layer.name + "' does not fit its values or the layer before it");
    }
  }
}

// oneDNN's exceptions as ours.
template <typename Body>
auto Translated(const Body& body) {
  try {
    return body();
  } catch (const dnnl::error& error) {
    throw Error(std::string("oneDNN: ") + error.what());
  }
}

}  // namespace

struct ConvolutionNetwork::Impl {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  std::vector<Convolution> chain;
  NetworkTypes types;

  // The weights of a layer in the layout that a primitive asks for.
  memory PackedWeights(std::size_t index, const memory::desc& wanted) {
    const std::lock_guard<std::mutex> lock(mutex);
    for (const memory& known : packed[index]) {
      if (known.get_desc() == wanted) {
        return known;
      }
    }
    const Layer& layer = chain[index].layer;
    memory plain({Dims{layer.out, layer.in, layer.kernel, layer.kernel}, memory::data_type::f32,
                  memory::format_tag::oihw},
                 engine, chain[index].weights.data());
    memory result(wanted, engine);
    dnnl::stream stream(engine);
    dnnl::reorder(plain, result).execute(stream, plain, result);
    stream.wait();
    packed[index].push_back(result);
    return result;
  }

  std::mutex mutex;
  std::vector<std::vector<memory>> packed;  // for each layer, each layout asked for so far
};

struct ConvolutionNetwork::Session::Impl {
  struct Step {
    dnnl::primitive primitive;
    std::unordered_map<int, memory> arguments;
  };
  explicit Impl(const dnnl::engine& engine) : stream(engine) {}

  dnnl::stream stream;
  memory::desc input_desc;
  memory input;  // made when first asked for
  memory output;
  // Between input and output, steps pass their results through two buffers in turn, each as large
  // as the largest result, and share one scratchpad. The steps' arguments point into these.
  memory buffers[2];
  memory scratchpad;
  std::vector<Step> steps;
  double operations = 0.0;

  // The desc's part of a buffer or of the scratchpad.
  memory Within(const memory::desc& desc, const memory& storage) const {
    return memory(desc, stream.get_engine(), storage.get_data_handle());
  }
  // Rounds the input to the type that the first layer takes; what it gives.
  memory AddRounding(const memory& from, const memory::desc& to) {
    const memory rounded = Within(to, buffers[1]);
    const dnnl::reorder::primitive_desc description(from.get_engine(), from.get_desc(),
                                                    from.get_engine(), to);
    steps.push_back({dnnl::reorder(description), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, rounded}}});
    return rounded;
  }
};

ConvolutionNetwork::ConvolutionNetwork(std::vector<Convolution> chain, const NetworkTypes& types)
    : impl_(std::make_unique<Impl>()) {
  CheckChain(chain, types);
  impl_->chain = std::move(chain);
  impl_->types = types;
  impl_->packed.resize(impl_->chain.size());
}

ConvolutionNetwork::~ConvolutionNetwork() = default;

std::unique_ptr<ConvolutionNetwork::Session> ConvolutionNetwork::Prepare(int width,
                                                                         int height) const {
  return Translated([&] {
    const dnnl::engine& engine = impl_->engine;
    const NetworkTypes& types = impl_->types;
    const auto descriptions = DescribeChain(engine, impl_->chain, types, width, height);
    const memory::desc first_desc = descriptions.front().src_desc();
    const StorageSizes sizes = StorageOf(descriptions, types);

    auto session = std::make_unique<Session::Impl>(engine);
    session->input_desc = ImageDesc(impl_->chain.front().layer.in, height, width, types.input);
    session->output = memory(descriptions.back().dst_desc(), engine);
    session->buffers[0] = Bytes(engine, sizes.buffer);
    session->buffers[1] = Bytes(engine, sizes.buffer);
    session->scratchpad = Bytes(engine, sizes.scratchpad);
    memory source(session->input_desc, engine, nullptr);
    if (types.input != types.hidden) {
      source = session->AddRounding(source, first_desc);
    }
    for (std::size_t i = 0; i < descriptions.size(); ++i) {
      const Description& description = descriptions[i];
      session->operations += Operations(description);
      const memory destination =
          i + 1 == descriptions.size()
              ? session->output
              : session->Within(description.dst_desc(), session->buffers[i % 2]);
      memory bias(description.bias_desc(), engine, impl_->chain[i].bias.data());
      session->steps.push_back(
          {dnnl::convolution_forward(description),
           {{DNNL_ARG_SRC, source},
            {DNNL_ARG_DST, destination},
            {DNNL_ARG_WEIGHTS, impl_->PackedWeights(i, description.weights_desc())},
            {DNNL_ARG_BIAS, bias},
            {DNNL_ARG_SCRATCHPAD,
             session->Within(description.scratchpad_desc(), session->scratchpad)}}});
      source = destination;
    }
    return std::unique_ptr<Session>(new Session(std::move(session)));
  });
}

ConvolutionNetwork::SessionSize ConvolutionNetwork::SizeOf(int width, int height) const {
  return Translated([&] {
    const auto descriptions =
        DescribeChain(impl_->engine, impl_->chain, impl_->types, width, height);
    const StorageSizes sizes = StorageOf(descriptions, impl_->types);
    const memory::desc output = descriptions.back().dst_desc();
    const memory::desc input =
        ImageDesc(impl_->chain.front().layer.in, height, width, impl_->types.input);
    return SessionSize{static_cast<int>(output.dims()[3]), static_cast<int>(output.dims()[2]),
                       2 * sizes.buffer + sizes.scratchpad + output.get_size(), input.get_size()};
  });
}

ConvolutionNetwork::Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ConvolutionNetwork::Session::~Session() = default;

float* ConvolutionNetwork::Session::input() {
  if (!impl_->input) {
    impl_->input = memory(impl_->input_desc, impl_->stream.get_engine());
  }
  return static_cast<float*>(impl_->input.get_data_handle());
}
const float* ConvolutionNetwork::Session::output() const {
  return static_cast<const float*>(impl_->output.get_data_handle());
}
const void* ConvolutionNetwork::Session::OutputAt(int x, int y) const {
  const std::size_t value_size = memory::data_type_size(impl_->output.get_desc().data_type());
  const auto pixel = static_cast<std::size_t>(y) * output_width() + x;
  return static_cast<const std::byte*>(impl_->output.get_data_handle()) +
         pixel * output_channels() * value_size;
}
int ConvolutionNetwork::Session::output_width() const {
  return static_cast<int>(impl_->output.get_desc().dims()[3]);
}
int ConvolutionNetwork::Session::output_height() const {
  return static_cast<int>(impl_->output.get_desc().dims()[2]);
}

int ConvolutionNetwork::Session::output_channels() const {
  return static_cast<int>(impl_->output.get_desc().dims()[1]);
}

double ConvolutionNetwork::Session::operations() const {
  return impl_->operations;
}

void ConvolutionNetwork::Session::Run() {
  Run(input());
}

void ConvolutionNetwork::Session::Run(const void* input) {
  Translated([&] {
    impl_->steps.front().arguments.at(DNNL_ARG_SRC).set_data_handle(const_cast<void*>(input));
    for (const Impl::Step& step : impl_->steps) {
      step.primitive.execute(impl_->stream, step.arguments);
    }
    impl_->stream.wait();
  });
}

}  // namespace dkn
