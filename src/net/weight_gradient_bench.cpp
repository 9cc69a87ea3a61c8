#include <benchmark/benchmark.h>

#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

#include "src/net/weight_gradient.h"

namespace dkn {
namespace {

constexpr int kSide = 48;  // of a layer's results for a training crop of 192

// A layer for which HasOwnWeightGradient may hold, and images of ones for it.
struct LayerAtWork {
  explicit LayerAtWork(const benchmark::State& state)
      : layer{"conv",
              static_cast<int>(state.range(0)),
              static_cast<int>(state.range(1)),
              static_cast<int>(state.range(2)),
              1,
              static_cast<int>(state.range(2)) / 2},
        source(static_cast<std::size_t>(kSide) * kSide * layer.in, 1.0f),
        results(static_cast<std::size_t>(kSide) * kSide * layer.out, 1.0f),
        gradient(static_cast<std::size_t>(layer.in) * layer.out * layer.kernel * layer.kernel) {}

  void Report(benchmark::State& state) const {
    state.counters["GFLOP/s"] =
        benchmark::Counter(2e-9 * kSide * kSide * static_cast<double>(gradient.size()),
                           benchmark::Counter::kIsIterationInvariantRate);
  }

  Layer layer;
  std::vector<float> source;
  std::vector<float> results;
  std::vector<float> gradient;
};

void BM_WeightGradient(benchmark::State& state) {
  LayerAtWork work(state);
  std::vector<float> scratch(WeightGradientScratchFloats(work.layer, kSide, kSide));
  for (auto _ : state) {
    AddWeightGradient(work.layer, work.source.data(), kSide, kSide, work.results.data(),
                      work.gradient.data(), scratch.data());
  }
  work.Report(state);
}

// The same by oneDNN, images in the same layout.
void BM_WeightGradientByOneDnn(benchmark::State& state) {
  using dnnl::memory;
  LayerAtWork work(state);
  const Layer& layer = work.layer;
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  const auto image = [](int channels) {
    return memory::desc({1, channels, kSide, kSide}, memory::data_type::f32,
                        memory::format_tag::nhwc);
  };
  const memory::desc weights({layer.out, layer.in, layer.kernel, layer.kernel},
                             memory::data_type::f32, memory::format_tag::any);
  const memory::dims ones{1, 1};
  const memory::dims none{0, 0};
  const memory::dims padding{layer.padding, layer.padding};
  const dnnl::convolution_forward::primitive_desc forward(
      {dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, image(layer.in),
       weights, image(layer.out), ones, none, padding, padding},
      engine);
  const dnnl::convolution_backward_weights::primitive_desc backward(
      {dnnl::algorithm::convolution_direct, image(layer.in), weights, image(layer.out), ones, none,
       padding, padding},
      engine, forward);
  const dnnl::convolution_backward_weights primitive(backward);
  memory source(image(layer.in), engine, work.source.data());
  memory results(image(layer.out), engine, work.results.data());
  memory gradient(backward.diff_weights_desc(), engine);
  for (auto _ : state) {
    primitive.execute(
        stream,
        {{DNNL_ARG_SRC, source}, {DNNL_ARG_DIFF_DST, results}, {DNNL_ARG_DIFF_WEIGHTS, gradient}});
    stream.wait();
  }
  work.Report(state);
}

void Layers(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"in", "out", "kernel"})
      ->Args({32, 32, 3})
      ->Args({80, 32, 3})
      ->Args({32, 64, 3})
      ->Args({64, 128, 3})
      ->Args({128, 128, 3})
      ->Args({64, 128, 5})
      ->Args({128, 416, 1})
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}
BENCHMARK(BM_WeightGradient)->Apply(Layers);
BENCHMARK(BM_WeightGradientByOneDnn)->Apply(Layers);

}  // namespace
}  // namespace dkn
