#include <benchmark/benchmark.h>

#include "dkn/resample.h"

namespace dkn {
namespace {

void BM_Resize(benchmark::State& state) {
  const Image source(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(Resize(source, static_cast<int>(state.range(2)),
                                    static_cast<int>(state.range(3)), Resampler::kBicubic));
  }
}
BENCHMARK(BM_Resize)->Args({80, 60, 640, 480})->Args({640, 480, 80, 60})->UseRealTime();

}  // namespace
}  // namespace dkn
