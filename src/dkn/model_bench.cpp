#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "dkn/model.h"
#include "src/core/random_image.h"
#include "src/dkn/random_weights.h"

namespace dkn {
namespace {

// FDKN at its defaults. Speed does not depend on the weights' values.
std::unique_ptr<Model> RandomModel() {
  const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                     ("model_bench_" + std::to_string(getpid()) + ".safetensors");
  WriteSafetensors(path, RandomWeights({}, 1));
  std::unique_ptr<Model> model = Model::Load(path);
  std::filesystem::remove(path);
  return model;
}

// Arguments: width, height, channels of the target.
void BM_ModelApply(benchmark::State& state) {
  const int width = static_cast<int>(state.range(0));
  const int height = static_cast<int>(state.range(1));
  const auto model = RandomModel();
  const Image guide = RandomImage(width, height, 3, 1);
  const Image target = RandomImage(width, height, static_cast<int>(state.range(2)), 2);
  FilterOutput output;
  model->Apply({guide, target}, output);  // the first image of a size prepares for it
  for (auto _ : state) {
    model->Apply({guide, target}, output);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_ModelApply)
    ->ArgNames({"width", "height", "channels"})
    ->Args({640, 480, 1})
    ->Args({640, 480, 3})
    ->Args({638, 477, 1})  // padded and cropped
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace dkn
