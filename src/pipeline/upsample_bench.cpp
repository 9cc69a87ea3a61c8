#include <benchmark/benchmark.h>

#include "dkn/registry.h"
#include "dkn/resample.h"
#include "dkn/upsample.h"
#include "src/core/test_images.h"
#include "src/imaging/punch_holes.h"

namespace dkn {
namespace {

// One frame for a guide of 640 x 480: range(0) pixels wide, range(1) percent of them holes.
void BM_UpsampleFrame(benchmark::State& state, const char* model) {
  const int width = static_cast<int>(state.range(0));
  const Image guide = Resize(RandomImage(16, 12, 3, 1), 640, 480, Resampler::kBicubic);
  Image depth = Resize(RandomImage(16, 12, 1, 2), width, 3 * width / 4, Resampler::kBicubic);
  PunchHoles(depth, 0.01 * static_cast<double>(state.range(1)), 3);
  const auto filter = CreateFilter(model, {.precision = std::nullopt});
  for (auto _ : state) {
    benchmark::DoNotOptimize(UpsampleFrame(guide, depth, *filter).image.data());
  }
}

BENCHMARK_CAPTURE(BM_UpsampleFrame, fdkn_x8, "fdkn_x8")
    ->ArgsProduct({{80}, {0, 10, 30}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(BM_UpsampleFrame, fdkn_x4, "fdkn_x4")
    ->ArgsProduct({{160, 640}, {0, 10, 30}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace dkn
