#include <benchmark/benchmark.h>

#include "src/core/parallel_for.h"
#include "src/core/random_image.h"
#include "src/dkn/architecture.h"
#include "src/dkn/fast_kernel.h"
#include "src/dkn/test_heads.h"

namespace dkn {
namespace {

// What the networks give for a 640 x 480 image with 3 x 3 kernels; offsets of a pixel or so.
struct Input {
  static constexpr int kWidth = 640;
  static constexpr int kHeight = 480;

  Architecture architecture;
  RandomHeads random{architecture, kWidth, kHeight, 1.0f, 1};
  Image target = RandomImage(kWidth, kHeight, 1, 3);
  Image out{kWidth, kHeight};
};

void FilterBlocks(const Heads& heads, ConstView target, const Architecture& architecture,
                  View out) {
  FastKernel kernel(architecture);
  const int blocks = target.width / kResampling;
  ParallelFor(0, target.height / kResampling, [&](int row) {
    const Heads strip = HeadsFromBlock(heads, std::ptrdiff_t{row} * blocks);
    kernel.FilterBlocks(strip, target, {row, 0, 0, blocks}, out);
  });
}

void BM_CombineAndAverage(benchmark::State& state) {
  Input input;
  input.architecture.window_rule = state.range(0) == 0 ? WindowRule::kClamp : WindowRule::kZero;
  for (auto _ : state) {
    FilterBlocks(input.random.heads, input.target, input.architecture, input.out);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_CombineAndAverage)
    ->ArgName("zero_window")
    ->Arg(0)
    ->Arg(1)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void BM_PlainKernel(benchmark::State& state) {
  const Input input;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        PlainFilter(input.random.heads, HeadLayout::kBlocks, input.target, input.architecture));
  }
}
BENCHMARK(BM_PlainKernel)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dkn
