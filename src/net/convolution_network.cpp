#include "src/net/convolution_network.h"

#include <omp.h>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "dkn/error.h"
#include "src/core/parallel_for.h"
#include "src/net/convolution_chain.h"
#include "src/net/convolution_steps.h"
#include "src/net/onednn_errors.h"
#include "src/net/session_memory.h"

namespace dkn {
namespace {

using dnnl::memory;
using Dims = memory::dims;

double Operations(const dnnl::convolution_forward::primitive_desc& description) {
  double operations = 2.0;
  const Dims weights = description.weights_desc().dims();  // out, in, height, width
  const Dims out = description.dst_desc().dims();          // 1, out, height, width
  for (const memory::dim size : {weights[0], weights[1], weights[2], weights[3], out[2], out[3]}) {
    operations *= static_cast<double>(size);
  }
  return operations;
}

// Raises largest[layer] to the largest of these values.
void Raise(const memory& values, std::size_t layer, std::vector<float>& largest) {
  largest.resize(std::max(largest.size(), layer + 1), 0.0f);
  const auto* first = static_cast<const float*>(values.get_data_handle());
  const float* end = first + values.get_desc().get_size() / sizeof(float);
  largest[layer] = std::max(largest[layer], *std::max_element(first, end));
}

// From these channels on as many as `dims` says: out, in, height, width.
std::vector<float> PartOfWeights(const Convolution& convolution, memory::dim first_out,
                                 memory::dim first_in, const Dims& dims) {
  const memory::dim area = dims[2] * dims[3];
  std::vector<float> part;
  for (memory::dim out = first_out; out < first_out + dims[0]; ++out) {
    const float* from = convolution.weights.data() + (out * convolution.layer.in + first_in) * area;
    part.insert(part.end(), from, from + dims[1] * area);
  }
  return part;
}

}  // namespace

struct ConvolutionNetwork::Impl {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  std::vector<Convolution> chain;
  NetworkPlan plan;
  std::vector<std::vector<float>> scales;  // of each layer in int8: WeightScales
  std::vector<std::vector<float>> biases;  // of each layer, in units of its sums

  // The weights of a layer's part, from these channels on, in the layout that a primitive asks for.
  memory PackedWeights(std::size_t index, memory::dim first_out, memory::dim first_in,
                       const memory::desc& wanted) {
    const std::lock_guard<std::mutex> lock(mutex);
    for (const Packed& known : packed[index]) {
      if (known.first_out == first_out && known.first_in == first_in &&
          known.weights.get_desc() == wanted) {
        return known.weights;
      }
    }
    RequireMemoryForCode();
    const ThreadCount alone(1);  // others would take longer to begin than the work is
    dnnl::primitive_attr attributes;
    if (wanted.data_type() == memory::data_type::s8) {
      std::vector<float> inverse = scales[index];
      std::transform(inverse.begin(), inverse.end(), inverse.begin(),
                     [](float scale) { return 1.0f / scale; });
      attributes.set_output_scales(1 << 0, inverse);
    }
    std::vector<float> part = PartOfWeights(chain[index], first_out, first_in, wanted.dims());
    memory plain({wanted.dims(), memory::data_type::f32, memory::format_tag::oihw}, engine,
                 part.data());
    memory result(wanted, engine);
    dnnl::stream stream(engine);
    const dnnl::reorder::primitive_desc description(engine, plain.get_desc(), engine, wanted,
                                                    attributes);
    dnnl::reorder(description).execute(stream, plain, result);
    stream.wait();
    packed[index].push_back({first_out, first_in, result});
    return result;
  }

  // A layer by our own kernels, made when it is first asked for.
  const OwnConvolution& Own(std::size_t index) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (!own[index]) {
      const Convolution& layer = chain[index];
      own[index] =
          MakeOwnConvolution(*plan.layers[index].own, layer.layer, layer.weights, layer.bias);
    }
    return *own[index];
  }

  struct Packed {
    memory::dim first_out;
    memory::dim first_in;
    memory weights;
  };
  std::mutex mutex;
  std::vector<std::vector<Packed>> packed;           // for each layer, each layout asked for so far
  std::vector<std::unique_ptr<OwnConvolution>> own;  // for each layer
};

struct ConvolutionNetwork::Session::Impl {
  struct Step {
    dnnl::primitive primitive;
    const OwnConvolution* own = nullptr;  // in place of the primitive
    std::unordered_map<int, memory> arguments;
    bool convolution = false;
    std::optional<std::size_t> finished;  // the layer that a part of the results are final of
    std::size_t source_at = 0;  // where its source begins, in bytes from that of all parts
  };
  explicit Impl(const dnnl::engine& engine) : stream(engine) {}

  dnnl::stream stream;
  int threads = omp_get_max_threads();  // that the scratchpad is for
  ValueFormat input_format;
  ValueFormat output_format;
  memory::desc input_desc;
  Block input;  // made when first asked for
  Block output;
  // Between input and output, steps pass their results through two buffers (StepStorage), each as
  // large as the largest result, and share one scratchpad. The steps' arguments point into these.
  Block buffers[2];
  Block scratchpad;
  std::vector<Step> steps;
  std::size_t first_steps = 0;  // that take the input
  double operations = 0.0;

  // Memory of this desc in a buffer or in the scratchpad, from a byte on.
  memory Within(const memory::desc& desc, const memory& storage, std::size_t from = 0) const {
    return memory(desc, stream.get_engine(),
                  static_cast<std::byte*>(storage.get_data_handle()) + from);
  }
  const memory& Storage(StepStorage storage) const {
    const auto index = static_cast<std::size_t>(storage);
    return storage == StepStorage::kOutput ? output.values : buffers[index].values;
  }
  Step& Add(dnnl::primitive primitive, const memory::desc& scratchpad_desc, const memory& source,
            const memory& destination) {
    Step& step = steps.emplace_back();
    step.primitive = std::move(primitive);
    step.arguments = {{DNNL_ARG_SRC, source},
                      {DNNL_ARG_DST, destination},
                      {DNNL_ARG_SCRATCHPAD, Within(scratchpad_desc, scratchpad.values)}};
    return step;
  }
  // Adds a primitive for each part that the convolution is computed in.
  void AddConvolution(const StepDescription& step, const memory& source, const memory& destination,
                      ConvolutionNetwork::Impl& network) {
    for (int out = 0; out < step.parts.out; ++out) {
      for (int in = 0; in < step.parts.in; ++in) {
        const auto& description = in == 0 ? *step.convolution : *step.addition;
        AddPart(description, step.layer, out, in, in + 1 == step.parts.in, source, destination,
                network);
      }
    }
  }
  void AddPart(const dnnl::convolution_forward::primitive_desc& description, std::size_t layer,
               int out, int in, bool last, const memory& source, const memory& destination,
               ConvolutionNetwork::Impl& network) {
    const memory::desc from = description.src_desc();
    const memory::desc to = description.dst_desc();
    const std::size_t source_at = static_cast<std::size_t>(in) * from.get_size();
    RequireMemoryForCode();
    Step& step = Add(dnnl::convolution_forward(description), description.scratchpad_desc(),
                     Within(from, source, source_at),
                     Within(to, destination, static_cast<std::size_t>(out) * to.get_size()));
    step.convolution = true;
    step.finished = last ? std::optional<std::size_t>(layer) : std::nullopt;
    step.source_at = source_at;
    const memory::dim first_out = out * to.dims()[1];
    step.arguments.emplace(
        DNNL_ARG_WEIGHTS,
        network.PackedWeights(layer, first_out, in * from.dims()[1], description.weights_desc()));
    if (in == 0) {
      step.arguments.emplace(DNNL_ARG_BIAS, memory(description.bias_desc(), stream.get_engine(),
                                                   network.biases[layer].data() + first_out));
    }
    operations += Operations(description);
  }
  void AddOwn(const StepDescription& step, const Layer& layer, const memory& source,
              const memory& destination, ConvolutionNetwork::Impl& network) {
    Step& added = Add({}, BytesDesc(*step.own), source, destination);
    added.own = &network.Own(step.layer);
    added.convolution = true;
    added.finished = step.layer;
    const Dims out = step.destination.dims();
    operations += 2.0 * layer.kernel * layer.kernel * layer.in * static_cast<double>(out[1]) *
                  static_cast<double>(out[2]) * static_cast<double>(out[3]);
  }
  void RunOwn(const Step& step) const {
    const auto floats = [&](int argument) {
      return static_cast<float*>(step.arguments.at(argument).get_data_handle());
    };
    const Dims size = step.arguments.at(DNNL_ARG_SRC).get_desc().dims();
    step.own->Run(floats(DNNL_ARG_SRC), static_cast<int>(size[3]), static_cast<int>(size[2]),
                  floats(DNNL_ARG_DST), threads, floats(DNNL_ARG_SCRATCHPAD));
  }
  // What is done with the steps.
  enum class Mode { kAll, kConvolutions, kObserve };
  void Execute(const void* from, Mode mode, std::vector<float>* largest = nullptr) {
    Translated([&] {
      for (std::size_t i = 0; i < first_steps; ++i) {
        auto* bytes = static_cast<std::byte*>(const_cast<void*>(from));
        steps[i].arguments.at(DNNL_ARG_SRC).set_data_handle(bytes + steps[i].source_at);
      }
      for (const Step& step : steps) {
        if (step.convolution || mode != Mode::kConvolutions) {
          if (step.own != nullptr) {
            stream.wait();
            RunOwn(step);
          } else {
            step.primitive.execute(stream, step.arguments);
          }
        }
        if (mode == Mode::kObserve && step.finished) {
          stream.wait();
          Raise(step.arguments.at(DNNL_ARG_DST), *step.finished, *largest);
        }
      }
      stream.wait();
    });
  }
};

ConvolutionNetwork::ConvolutionNetwork(std::vector<Convolution> chain, const NetworkTypes& types)
    : impl_(std::make_unique<Impl>()) {
  if (chain.empty()) {
    throw Error("a network without layers");
  }
  CheckChain(chain);
  std::vector<PlannedLayer> layers;
  for (const Convolution& convolution : chain) {
    layers.push_back({convolution.layer, convolution.largest_output});
  }
  impl_->plan = PlanNetwork(layers, types);
  for (std::size_t i = 0; i < chain.size(); ++i) {
    impl_->biases.push_back(chain[i].bias);
    const ValueFormat& source = impl_->plan.layers[i].source;
    std::vector<float>& scales = impl_->scales.emplace_back();
    if (source.type == ValueType::kU8) {
      scales = WeightScales(chain[i]);
      for (std::size_t o = 0; o < scales.size(); ++o) {
        impl_->biases[i][o] /= scales[o] * UnitOf(source);
      }
    }
  }
  impl_->chain = std::move(chain);
  impl_->packed.resize(impl_->chain.size());
  impl_->own.resize(impl_->chain.size());
}

ConvolutionNetwork::~ConvolutionNetwork() = default;

std::unique_ptr<ConvolutionNetwork::Session> ConvolutionNetwork::Prepare(
    int width, int height, const Session* lender) const {
  return Translated([&] {
    const dnnl::engine& engine = impl_->engine;
    const auto descriptions =
        DescribeChain(engine, impl_->chain, impl_->scales, impl_->plan, width, height);
    const StorageSizes sizes = StorageOf(descriptions);

    auto session = std::make_unique<Session::Impl>(engine);
    session->input_format = impl_->plan.input;
    session->output_format = impl_->plan.output;
    session->input_desc = descriptions.front().source;
    session->output = Block(descriptions.back().destination, engine);
    const Session::Impl* lent = lender == nullptr ? nullptr : lender->impl_.get();
    for (int i = 0; i < 2; ++i) {
      session->buffers[i] = BytesOf(engine, sizes.buffers[i], lent ? &lent->buffers[i] : nullptr);
    }
    session->scratchpad = BytesOf(engine, sizes.scratchpad, lent ? &lent->scratchpad : nullptr);
    memory source(session->input_desc, engine, nullptr);
    for (std::size_t i = 0; i < descriptions.size(); ++i) {
      const StepDescription& step = descriptions[i];
      const memory destination = session->Within(step.destination, session->Storage(step.storage));
      if (step.own) {
        session->AddOwn(step, impl_->chain[step.layer].layer, source, destination, *impl_);
      } else if (step.convolution) {
        session->AddConvolution(step, source, destination, *impl_);
      } else {
        RequireMemoryForCode();
        session->Add(dnnl::reorder(*step.conversion), step.conversion->scratchpad_desc(), source,
                     destination);
      }
      source = destination;
      session->first_steps = i == 0 ? session->steps.size() : session->first_steps;
    }
    return std::unique_ptr<Session>(new Session(std::move(session)));
  });
}

void ConvolutionNetwork::Compile(int width, int height) const {
  Translated([&] {
    for (const StepDescription& step :
         DescribeChain(impl_->engine, impl_->chain, impl_->scales, impl_->plan, width, height)) {
      if (step.convolution) {
        RequireMemoryForCode();
        dnnl::convolution_forward(*step.convolution);
      }
    }
  });
}

ConvolutionNetwork::SessionSize ConvolutionNetwork::SizeOf(int width, int height) const {
  return Translated([&] {
    const auto steps =
        DescribeChain(impl_->engine, impl_->chain, impl_->scales, impl_->plan, width, height);
    const StorageSizes sizes = StorageOf(steps);
    const memory::desc& output = steps.back().destination;
    return SessionSize{static_cast<int>(output.dims()[3]), static_cast<int>(output.dims()[2]),
                       sizes.buffers[0] + sizes.buffers[1] + sizes.scratchpad + output.get_size(),
                       steps.front().source.get_size()};
  });
}

ConvolutionNetwork::Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ConvolutionNetwork::Session::~Session() = default;

float* ConvolutionNetwork::Session::input() {
  if (impl_->input.bytes == nullptr) {
    impl_->input = Block(impl_->input_desc, impl_->stream.get_engine());
  }
  return static_cast<float*>(impl_->input.bytes.get());
}
const float* ConvolutionNetwork::Session::output() const {
  return static_cast<const float*>(OutputAt(0, 0));
}
const void* ConvolutionNetwork::Session::OutputAt(int x, int y) const {
  const std::size_t value_size =
      memory::data_type_size(impl_->output.values.get_desc().data_type());
  const auto pixel = static_cast<std::size_t>(y) * output_width() + x;
  return static_cast<const std::byte*>(impl_->output.bytes.get()) +
         pixel * output_channels() * value_size;
}
int ConvolutionNetwork::Session::output_width() const {
  return static_cast<int>(impl_->output.values.get_desc().dims()[3]);
}
int ConvolutionNetwork::Session::output_height() const {
  return static_cast<int>(impl_->output.values.get_desc().dims()[2]);
}

int ConvolutionNetwork::Session::output_channels() const {
  return static_cast<int>(impl_->output.values.get_desc().dims()[1]);
}

ValueLayout ConvolutionNetwork::Session::input_layout() const {
  return impl_->input_format.layout;
}

ValueLayout ConvolutionNetwork::Session::output_layout() const {
  return impl_->output_format.layout;
}

double ConvolutionNetwork::Session::operations() const {
  return impl_->operations;
}

void ConvolutionNetwork::Session::Run() {
  Run(input());
}

void ConvolutionNetwork::Session::Run(const void* input) {
  impl_->Execute(input, Impl::Mode::kAll);
}

void ConvolutionNetwork::Session::RunAndObserve(std::vector<float>& largest) {
  impl_->Execute(input(), Impl::Mode::kObserve, &largest);
}

void ConvolutionNetwork::Session::RunConvolutions(const void* input) {
  impl_->Execute(input, Impl::Mode::kConvolutions);
}

}  // namespace dkn
