#include <benchmark/benchmark.h>

#include "src/core/random_image.h"
#include "src/sensors/degradations.h"
#include "src/sensors/random_fields.h"
#include "src/sensors/sensor.h"
#include "src/sensors/surface.h"

namespace dkn::sensors {
namespace {

constexpr int kSize = 192;  // a crop of the training

Image Steps() {
  Image depth(kSize, kSize);
  for (int y = 0; y < kSize; ++y) {
    for (int x = 0; x < kSize; ++x) {
      depth(x, y) = 1.5f + 0.5f * static_cast<float>((x / 24 + y / 32) % 4) + 0.002f * x;
    }
  }
  return depth;
}

void BM_Measure(benchmark::State& state) {
  const auto sensor = static_cast<Sensor>(state.range(0));
  const Image depth = Steps();
  const Image guide = RandomImage(kSize, kSize, 3, 1);
  const SensorOptions options = OptionsOf(sensor, 519.0);
  std::uint64_t seed = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Measure(depth, guide, options, ++seed));
  }
  state.SetLabel(ToString(sensor));
}
BENCHMARK(BM_Measure)->DenseRange(0, 4)->Unit(benchmark::kMillisecond);

void BM_Examine(benchmark::State& state) {
  const Image depth = Steps();
  const Image guide = RandomImage(kSize, kSize, 3, 1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Examine(depth, guide, 519.0).edge.data());
  }
}
BENCHMARK(BM_Examine)->Unit(benchmark::kMillisecond);

// A window of 1 is white noise.
void BM_Noise(benchmark::State& state) {
  std::uint64_t seed = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(SmoothNoise(kSize, kSize, static_cast<int>(state.range(0)), ++seed));
  }
}
BENCHMARK(BM_Noise)->Arg(1)->Arg(9)->Unit(benchmark::kMillisecond);

void BM_AddHoles(benchmark::State& state) {
  const Image guide = RandomImage(kSize, kSize, 3, 1);
  std::uint64_t seed = 0;
  for (auto _ : state) {
    Image depth = Steps();
    AddNoise(depth, kPoorCameraNoise, ++seed);
    AddHoles(depth, guide, 0.12, HoleCauses(), seed);
    benchmark::DoNotOptimize(depth);
  }
}
BENCHMARK(BM_AddHoles)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dkn::sensors
