#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/dkn/architecture.h"
#include "src/dkn/combine_and_average.h"
#include "src/dkn/kernel_field.h"
#include "src/dkn/weighted_average.h"

namespace dkn {
namespace {

// What the networks give for a 640 x 480 image with 3 x 3 kernels; offsets of a pixel or so.
struct Input {
  static constexpr int kWidth = 640;
  static constexpr int kHeight = 480;

  Input() : target(kWidth, kHeight), out(kWidth, kHeight) {
    std::mt19937 random(1);
    std::normal_distribution<float> values(0.0f, 1.0f);
    const std::size_t taps = static_cast<std::size_t>(architecture.kernel_size) *
                             static_cast<std::size_t>(architecture.kernel_size);
    guide_heads.resize(3 * taps * target.size());
    target_heads.resize(guide_heads.size());
    for (std::vector<float>* values_of : {&guide_heads, &target_heads}) {
      std::generate(values_of->begin(), values_of->end(), [&] { return values(random); });
    }
    heads = {HeadsOf(architecture, Stream::kGuide, guide_heads.data()),
             HeadsOf(architecture, Stream::kTarget, target_heads.data())};
    std::generate_n(target.data(), target.size(), [&] { return values(random); });
  }

  Architecture architecture;
  std::vector<float> guide_heads;
  std::vector<float> target_heads;
  Heads heads;
  Image target;
  Image out;
};

void FilterBlocks(const Heads& heads, ConstView target, const Architecture& architecture,
                  View out) {
  const int blocks = target.width / kResampling;
  ParallelFor(0, target.height / kResampling, [&](int row) {
    Heads strip;
    for (StreamHeads stream : heads) {
      stream.data += static_cast<std::ptrdiff_t>(row) * blocks * stream.channels * kPhases;
      strip.push_back(stream);
    }
    CombineAndAverageBlocks(strip, target, architecture, {row, 0, 0, blocks}, out);
  });
}

void BM_CombineAndAverage(benchmark::State& state) {
  Input input;
  input.architecture.window_rule = state.range(0) == 0 ? WindowRule::kClamp : WindowRule::kZero;
  for (auto _ : state) {
    FilterBlocks(input.heads, input.target, input.architecture, input.out);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_CombineAndAverage)
    ->ArgName("zero_window")
    ->Arg(0)
    ->Arg(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void BM_PlainCombineThenAverage(benchmark::State& state) {
  Input input;
  const SamplingGrid<float> grid(input.architecture);
  for (auto _ : state) {
    const KernelField field = CombineKernels(input.heads, HeadLayout::kBlocks, Input::kWidth,
                                             Input::kHeight, input.architecture);
    WeightedAverage<float>(input.target, field.weights, field.offsets, grid, input.out.view());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_PlainCombineThenAverage)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dkn
