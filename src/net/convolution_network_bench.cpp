#include <benchmark/benchmark.h>

#include <utility>
#include <vector>

#include "src/net/convolution_network.h"

namespace dkn {
namespace {

// A layer of Tables 1 and 2 for an image of 640 x 480, direct or by Winograd's algorithm:
// what the table of convolution_plan.cpp rests on. Layouts are those that each takes and gives.
void BM_Layer(benchmark::State& state) {
  const int in = static_cast<int>(state.range(0));
  const int out = static_cast<int>(state.range(1));
  const int kernel = static_cast<int>(state.range(2));
  const Layer layer{"conv", in, out, kernel, 1, kernel / 2, false, Activation::kRelu};
  const ConvolutionNetwork network(
      {{layer, std::vector<float>(static_cast<std::size_t>(in) * out * kernel * kernel, 0.01f),
        std::vector<float>(static_cast<std::size_t>(out), 0.0f)}},
      {.outer_layout = ValueLayout::kBlocks, .winograd = state.range(3) == 1});
  const auto session = network.Prepare(160, 120);
  const std::vector<float> zeros(static_cast<std::size_t>(160) * 120 * in);
  for (auto _ : state) {
    session->RunConvolutions(zeros.data());
  }
  state.counters["GFLOP/s"] = benchmark::Counter(1e-9 * session->operations(),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_Layer)
    ->ArgNames({"in", "out", "kernel", "winograd"})
    ->Apply([](auto* benchmark) {
      for (const auto& [in, out] :
           {std::pair{16, 32}, {48, 32}, {32, 32}, {32, 64}, {64, 64}, {64, 128}, {128, 128}}) {
        benchmark->Args({in, out, 3, 0})->Args({in, out, 3, 1});
      }
      for (const auto& [in, out] : {std::pair{32, 64}, {64, 128}}) {
        benchmark->Args({in, out, 5, 0})->Args({in, out, 5, 1});
      }
    }) -> UseRealTime() -> Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dkn
