#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "src/core/test_files.h"
#include "src/core/test_images.h"
#include "src/rivals/test_rivals.h"
#include "src/train/task.h"
#include "src/train/trainer.h"

namespace dkn::train {
namespace {

constexpr int kCrop = 48;

// A plane before another one, of an edge that colour and depth share, in 8-bit colours.
RgbdPair EdgePair() {
  RgbdPair pair{96, 64, {}, {}};
  const auto near = [](int i) { return i % 96 + i / 192 > 50; };
  for (int c = 0; c < 3; ++c) {
    for (int i = 0; i < 96 * 64; ++i) {
      pair.rgb.push_back(static_cast<std::uint8_t>((near(i) ? 200 - 40 * c : 30 + 20 * c) + i % 7));
    }
  }
  for (int i = 0; i < 96 * 64; ++i) {
    pair.depth.push_back(static_cast<std::uint16_t>(near(i) ? 1000 + i / 96 : 2000 + i % 96));
  }
  return pair;
}

TrainingConfig ConfigOf(const std::string& name, const FilterSettings& settings) {
  TrainingConfig config;
  config.degradation.scale = 4;
  config.network = RivalChoice{name, CompleteSettings(FindRival(name).parameters, settings)};
  config.crop = kCrop;
  config.crop_step = 4;
  return config;
}

std::vector<TrainingConfig> Configs() {
  const FilterSettings small = {{"stream_width", 8.0}, {"joint_width", 8.0}};
  FilterSettings residual = small;
  residual["residual"] = 1.0;
  return {ConfigOf("djf", small), ConfigOf("djf", residual), ConfigOf("dmsg", {{"levels", 2.0}}),
          ConfigOf("pac", {{"levels", 2.0}}),
          ConfigOf("pdn", {{"layers", 3.0}, {"width", 8.0}, {"iterations", 6.0}})};
}

torch::Tensor TensorOf(const Image& image) {
  return torch::from_blob(const_cast<float*>(image.data()), {1, 1, image.height(), image.width()})
      .clone();
}

// What the written file gives as a filter.
Image Filtered(const TrainedNetwork& network, ConstView guide, ConstView target, ConstView low) {
  FilterInput input{guide, target};
  input.samples = {low, {}, 1.5f, 1.5f, 4.0f, 4.0f};
  return ApplyRival(network.ToFile(), input);
}

Image GuideOf(const TrainingImage& image) {
  Image guide(image.width, image.height, 3);
  std::transform(image.guide.begin(), image.guide.end(), guide.data(),
                 [](std::uint8_t value) { return static_cast<float>(value) / 255.0f; });
  return guide;
}

Image Mirrored(ConstView from) {
  Image to(from.width, from.height, from.channels);
  for (int c = 0; c < from.channels; ++c) {
    for (int y = 0; y < from.height; ++y) {
      std::reverse_copy(from.Row(y, c), from.Row(y, c) + from.width, to.Row(y, c));
    }
  }
  return to;
}

// Of a whole image, and of a mirrored crop.
TEST(RivalTaskTest, GivesWhatTheTrainedFileGivesAsAFilter) {
  const TrainingImage image = MakeTrainingImage(EdgePair(), {.scale = 4}, 1);
  const Image guide = GuideOf(image);
  const torch::NoGradGuard no_gradients;
  for (const TrainingConfig& config : Configs()) {
    torch::manual_seed(1);
    const auto task = MakeTask(config);
    const auto network = task->MakeNetwork();
    const auto shown = task->Show(*network, image, 0, torch::kCPU);
    const Image whole = Filtered(*network, guide, image.input, image.samples);
    EXPECT_LT((shown.result - TensorOf(whole)).abs().max().item<float>(), 1e-5f);

    const Crop crop{.x = 8, .y = 12, .flip_x = true};
    Batch batch = task->EmptyBatch();
    task->Fill(image, crop, 0, batch);
    const auto part = [&](const Image& from, int step) {
      return Mirrored(from.view().Crop(8 / step, 12 / step, kCrop / step, kCrop / step));
    };
    const Image expected =
        Filtered(*network, part(guide, 1), part(image.input, 1), part(image.samples, 4));
    const torch::Tensor result = task->Forward(*network, batch, torch::kCPU);
    EXPECT_LT((result - TensorOf(expected)).abs().max().item<float>(), 1e-5f);
    EXPECT_LT((batch.truth - TensorOf(part(image.truth, 1))).abs().max().item<float>(), 1e-6f);
    EXPECT_EQ(batch.measured.min().item<float>(), 1.0f);
  }
}

class RivalTrainingTest : public FolderTest {};

TEST_F(RivalTrainingTest, LowersTheLossAndGoesOnWhereItStopped) {
  TrainingData data;
  data.images.push_back(MakeTrainingImage(EdgePair(), {.scale = 4}, 1));
  for (const TrainingConfig& config : Configs()) {
    Trainer trainer(config, data);
    const double before = trainer.Errors(data.images, 6).front();
    for (int step = 0; step < 40; ++step) {
      trainer.Step();
    }
    trainer.Save(Path("last.pt"));
    const double next = trainer.Step();
    EXPECT_LT(trainer.Errors(data.images, 6).front(), 0.99 * before) << config.network->name;

    Trainer resumed(config, data);
    resumed.Load(Path("last.pt"));
    EXPECT_EQ(resumed.step(), 40);
    EXPECT_NEAR(resumed.Step(), next, 1e-6);
  }
}

TEST_F(RivalTrainingTest, StartsFromAFile) {
  TrainingData data;
  data.images.push_back(MakeTrainingImage(EdgePair(), {.scale = 4}, 1));
  TrainingConfig config = ConfigOf("dmsg", {{"levels", 2.0}});
  const TensorFile file = RandomRivalFile("dmsg", {{"levels", 2.0}});
  config.init_from = Path("start.safetensors");
  WriteSafetensors(config.init_from, file);
  const Trainer trainer(config, data);
  const TensorFile kept = trainer.network().ToFile();
  EXPECT_EQ(kept.tensors.at("conv1-D.weight").values, file.tensors.at("conv1-D.weight").values);
  EXPECT_EQ(kept.metadata.at("network"), "dmsg");
  EXPECT_EQ(kept.metadata.at("levels"), "2");
}

}  // namespace
}  // namespace dkn::train
