// src/net/convolution_network.h by ONNX Runtime, for the page: in fp32, channels innermost. The
// runtime is the page's (web/src/engine/networks.ts), and its promises are waited for by Asyncify.
#include "src/net/convolution_network.h"

#include <emscripten.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/net/convolution_chain.h"
#include "web/wasm/onnx_chain.h"

// The functions of Module that are called here are the page's: addNetwork(bytes) gives a number,
// runNetwork(number, input, width, height, channels) a promise of the output.
// clang-format off: it takes JavaScript for C++.
EM_JS(int, dkn_page_add_network, (const void* model, int size),
      { return Module.addNetwork(HEAPU8.slice(model >>> 0, (model >>> 0) + size)); });
EM_JS(void, dkn_page_drop_network, (int network), { Module.dropNetwork(network); });
// 0, or -1 where Module.networkError tells why not.
EM_ASYNC_JS(int, dkn_page_run_network,
            (int network, const void* input, int width, int height, int channels, void* output,
             int count),
            {
              try {
                const first = input >>> 2;  // of numbers that are negative beyond 2 GiB
                const from = HEAPF32.subarray(first, first + width * height * channels);
                const values = await Module.runNetwork(network, from, width, height, channels);
                if (values.length != count) {
                  throw new Error(values.length + " values of a network, expected " + count);
                }
                HEAPF32.set(values, output >>> 2);  // of now: memory may have grown
                return 0;
              } catch (error) {
                Module.networkError = String(error && error.message || error);
                return -1;
              }
            });
EM_JS(void, dkn_page_network_error, (char* text, int size),
      { stringToUTF8(Module.networkError, text, size); });
// clang-format on

namespace dkn {
namespace {

int OutputSide(const std::vector<Convolution>& chain, int side) {
  for (const Convolution& convolution : chain) {
    const Layer& layer = convolution.layer;
    const int reach = layer.dilation * (layer.kernel - 1) + 1;
    const int padded = side + 2 * layer.padding;
    if (padded < reach) {
      throw Error("an image of side " + std::to_string(side) + " is too small for the layer '" +
                  layer.name + "'");
    }
    side = (padded - reach) / layer.stride + 1;
  }
  return side;
}

}  // namespace

struct ConvolutionNetwork::Impl {
  ~Impl() {
    if (number >= 0) {
      dkn_page_drop_network(number);
    }
  }
  std::vector<Convolution> chain;  // empty for a network of which FDKN has none (whole_heads.cpp)
  int number = -1;                 // the page's
};

struct ConvolutionNetwork::Session::Impl {
  int network = -1;
  int width = 0;
  int height = 0;
  int channels = 0;
  int output_width = 0;
  int output_height = 0;
  int output_channels = 0;
  double operations = 0.0;
  std::vector<float> input;
  std::vector<float> output;
};

ConvolutionNetwork::ConvolutionNetwork(std::vector<Convolution> chain, const NetworkTypes&)
    : impl_(std::make_unique<Impl>()) {
  CheckChain(chain);
  impl_->chain = std::move(chain);
  if (!impl_->chain.empty()) {
    const std::vector<std::uint8_t> model = OnnxChain(impl_->chain);
    impl_->number = dkn_page_add_network(model.data(), static_cast<int>(model.size()));
    for (Convolution& convolution : impl_->chain) {
      convolution.weights = {};  // the runtime has them
    }
  }
}
ConvolutionNetwork::~ConvolutionNetwork() = default;

std::unique_ptr<ConvolutionNetwork::Session> ConvolutionNetwork::Prepare(int width, int height,
                                                                         const Session*) const {
  const SessionSize size = SizeOf(width, height);
  auto session = std::make_unique<Session::Impl>();
  session->network = impl_->number;
  session->width = width;
  session->height = height;
  session->channels = impl_->chain.front().layer.in;
  session->output_width = size.output_width;
  session->output_height = size.output_height;
  session->output_channels = impl_->chain.back().layer.out;
  session->output.resize(static_cast<std::size_t>(size.output_width) * size.output_height *
                         session->output_channels);
  return std::unique_ptr<Session>(new Session(std::move(session)));
}

// Beside this module's output there are the runtime's: of the two largest layers that follow each
// other at least. What is more than a bound of memory can be here counts as kMostBytes: two
// streams' sums must remain numbers of 32 bits.
ConvolutionNetwork::SessionSize ConvolutionNetwork::SizeOf(int width, int height) const {
  constexpr std::uint64_t kMostBytes = 3 << 29;
  const std::vector<Convolution>& chain = impl_->chain;
  if (chain.empty()) {
    return {width, height, 0, 0};
  }
  SessionSize size{OutputSide(chain, width), OutputSide(chain, height), 0, 0};
  const std::uint64_t plane = sizeof(float) * std::uint64_t(width) * std::uint64_t(height);
  int most = 0;
  for (const Convolution& convolution : chain) {
    most = std::max(most, convolution.layer.in + convolution.layer.out);
  }
  const std::uint64_t output = sizeof(float) * std::uint64_t(size.output_width) *
                               std::uint64_t(size.output_height) *
                               std::uint64_t(chain.back().layer.out);
  const std::uint64_t input = 2 * plane * std::uint64_t(chain.front().layer.in);
  const std::uint64_t all = 2 * output + plane * std::uint64_t(most) + input;
  size.bytes = static_cast<std::size_t>(std::min(all, kMostBytes));
  return size;
}

ConvolutionNetwork::Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ConvolutionNetwork::Session::~Session() = default;

float* ConvolutionNetwork::Session::input() {
  impl_->input.resize(static_cast<std::size_t>(impl_->width) * impl_->height * impl_->channels);
  return impl_->input.data();
}
const float* ConvolutionNetwork::Session::output() const {
  return impl_->output.data();
}
ValueLayout ConvolutionNetwork::Session::input_layout() const {
  return ValueLayout::kInnermost;
}
ValueLayout ConvolutionNetwork::Session::output_layout() const {
  return ValueLayout::kInnermost;
}
const void* ConvolutionNetwork::Session::OutputAt(int x, int y) const {
  return impl_->output.data() +
         (static_cast<std::size_t>(y) * impl_->output_width + x) * impl_->output_channels;
}
int ConvolutionNetwork::Session::output_width() const {
  return impl_->output_width;
}
int ConvolutionNetwork::Session::output_height() const {
  return impl_->output_height;
}
int ConvolutionNetwork::Session::output_channels() const {
  return impl_->output_channels;
}

void ConvolutionNetwork::Session::Run() {
  Run(input());
}

void ConvolutionNetwork::Session::Run(const void* input) {
  if (dkn_page_run_network(impl_->network, input, impl_->width, impl_->height, impl_->channels,
                           impl_->output.data(), static_cast<int>(impl_->output.size())) != 0) {
    char text[512] = {};
    dkn_page_network_error(text, sizeof(text));
    throw Error(std::string("ONNX Runtime: ") + text);
  }
}

}  // namespace dkn
