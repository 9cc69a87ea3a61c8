#include <benchmark/benchmark.h>

#include "dkn/resample.h"
#include "src/core/test_images.h"
#include "src/imaging/guided_fill.h"
#include "src/imaging/holes.h"
#include "src/imaging/punch_holes.h"

namespace dkn {
namespace {

// Smooth depth under smooth colours, of random values each 40 pixels; range(0) percent are holes.
void Fill(benchmark::State& state, bool by_guide) {
  const Image guide = Resize(RandomImage(16, 12, 3, 1), 640, 480, Resampler::kBicubic);
  Image depth = Resize(RandomImage(16, 12, 1, 2), 640, 480, Resampler::kBicubic);
  PunchHoles(depth, 0.01 * static_cast<double>(state.range(0)), 3);
  for (auto _ : state) {
    Image filled = Image::Clone(depth);
    if (by_guide) {
      FillHolesByGuide(guide, filled);
    } else {
      FillHoles(filled);
    }
    benchmark::DoNotOptimize(filled.data());
  }
}

BENCHMARK_CAPTURE(Fill, averages, false)->Arg(5)->Arg(30)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Fill, by_guide, true)
    ->Arg(5)
    ->Arg(30)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace dkn
