#include "src/train/training_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/json_members.h"
#include "src/train/segmentation_config.h"

namespace dkn::train {
namespace {

TEST(TrainingConfigTest, PaperStepsDivideTheRateBy5Every10000) {
  const Schedule schedule;
  EXPECT_DOUBLE_EQ(LearningRate(schedule, 0, 40000), 0.001);
  EXPECT_DOUBLE_EQ(LearningRate(schedule, 9999, 40000), 0.001);
  EXPECT_DOUBLE_EQ(LearningRate(schedule, 10000, 40000), 0.0002);
  EXPECT_DOUBLE_EQ(LearningRate(schedule, 39999, 40000), 0.001 / 125);
}

TEST(TrainingConfigTest, OneCycleRisesThenFallsToNothing) {
  Schedule schedule;
  schedule.kind = ScheduleKind::kOneCycle;
  schedule.warm_up = 0.25;
  double peak = 0;
  for (int step = 0; step < 1000; ++step) {
    const double rate = LearningRate(schedule, step, 1000);
    EXPECT_GT(rate, 0);
    peak = std::max(peak, rate);
    if (step > 0) {
      EXPECT_EQ(rate > LearningRate(schedule, step - 1, 1000), step <= 250) << step;
    }
  }
  EXPECT_NEAR(peak, schedule.rate, 1e-5);
  EXPECT_LT(LearningRate(schedule, 0, 1000), 1e-5);
  EXPECT_LT(LearningRate(schedule, 999, 1000), 1e-6);
}

TEST(TrainingConfigTest, ReadsANetworkOfOthersInsteadOfAnArchitecture) {
  const TrainingConfig config =
      ParseTrainingConfig(R"({"network": {"name": "djf", "residual": 1, "joint_width": 32}})");
  ASSERT_TRUE(config.network.has_value());
  EXPECT_EQ(config.network->name, "djf");
  EXPECT_EQ(config.network->values.at("residual"), 1.0);
  EXPECT_EQ(config.network->values.at("joint_width"), 32.0);
  EXPECT_EQ(config.network->values.at("stream_width"), 96.0);
  EXPECT_FALSE(ParseTrainingConfig("{}").network.has_value());
  const auto message = [](const std::string& json) -> std::string {
    try {
      ParseTrainingConfig(json);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message(R"({"network": {"name": "unet"}})"), testing::HasSubstr("djf, dmsg"));
  EXPECT_THAT(message(R"({"network": {"levels": 3}})"), testing::HasSubstr("'name'"));
  EXPECT_THAT(message(R"({"network": {"name": "djf", "levels": 3}})"),
              testing::HasSubstr("no parameter is named 'levels'"));
  EXPECT_THAT(message(R"({"network": {"name": "dmsg", "levels": 2.5}})"),
              testing::HasSubstr("an integer from 1 to 5"));
  EXPECT_THAT(message(R"({"network": {"name": "djf"}, "architecture": {}})"),
              testing::HasSubstr("without an architecture"));
  EXPECT_THAT(message(R"({"network": {"name": "djf"}, "batch_statistics": "running",
                          "init_from": "start.safetensors"})"),
              testing::HasSubstr("'batch_statistics'"));
}

TEST(TrainingConfigTest, ReadsEveryField) {
  const TrainingConfig config = ParseTrainingConfig(R"({
    "architecture": {"kernel_size": 5}, "degradation": {"scale": 4, "resampler": "lanczos"},
    "schedule": {"kind": "one_cycle", "rate": 0.01, "warm_up": 0.3},
    "steps": 7, "batch": 2, "crop": 64, "crop_step": 4, "flip": false, "invert": true, "seed": 9,
    "validation": "../val", "validate_every": 3, "checkpoint_every": 2, "unit": "cm",
    "init_from": "start.safetensors", "batch_statistics": "running", "training_images": 50,
    "unit_per_step": 0.2, "card": {"data": "rooms"}})");
  EXPECT_EQ(config.architecture.kernel_size, 5);
  EXPECT_EQ(config.degradation.scale, 4);
  EXPECT_EQ(config.degradation.resampler, Resampler::kLanczos);
  EXPECT_EQ(config.schedule.kind, ScheduleKind::kOneCycle);
  EXPECT_DOUBLE_EQ(config.schedule.rate, 0.01);
  EXPECT_DOUBLE_EQ(config.schedule.warm_up, 0.3);
  EXPECT_EQ(config.steps, 7);
  EXPECT_EQ(config.batch, 2);
  EXPECT_EQ(config.crop, 64);
  EXPECT_EQ(config.crop_step, 4);
  EXPECT_FALSE(config.augmentation.flip);
  EXPECT_TRUE(config.augmentation.invert);
  EXPECT_EQ(config.seed, 9u);
  EXPECT_EQ(config.init_from, "start.safetensors");
  EXPECT_EQ(config.batch_statistics, BatchStatistics::kRunning);
  EXPECT_EQ(config.training_images, 50);
  EXPECT_EQ(config.validation, "../val");
  EXPECT_EQ(config.validate_every, 3);
  EXPECT_EQ(config.checkpoint_every, 2);
  EXPECT_EQ(config.unit, "cm");
  EXPECT_DOUBLE_EQ(config.unit_per_step, 0.2);
  EXPECT_EQ(config.card.at("data"), "rooms");
}

std::string MessageOf(const std::string& json) {
  try {
    ParseTrainingConfig(json);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(TrainingConfigTest, RefusesWrongFieldsByName) {
  EXPECT_THAT(MessageOf("{"), testing::HasSubstr("not JSON"));
  EXPECT_THAT(MessageOf(R"({"step": 1})"), testing::HasSubstr("'step'"));
  EXPECT_THAT(MessageOf(R"({"steps": 0})"), testing::HasSubstr("'steps'"));
  EXPECT_THAT(MessageOf(R"({"steps": "1"})"), testing::HasSubstr("'steps'"));
  EXPECT_THAT(MessageOf(R"({"crop": 30})"), testing::HasSubstr("'crop'"));
  EXPECT_THAT(MessageOf(R"({"schedule": {"kind": "cosine"}})"),
              testing::HasSubstr("unknown schedule 'cosine', expected steps or one_cycle"));
  EXPECT_THAT(MessageOf(R"({"degradation": {"resampler": "cubic"}})"),
              testing::HasSubstr("'resampler'"));
  EXPECT_THAT(MessageOf(R"({"batch_statistics": "both"})"),
              testing::HasSubstr("'both', expected batch or running"));
  EXPECT_THAT(MessageOf(R"({"architecture": {"kernel": 3}})"), testing::HasSubstr("'kernel'"));
  EXPECT_THAT(MessageOf(R"({"precision": "int8"})"), testing::HasSubstr("fp32 or bf16"));
  EXPECT_THAT(MessageOf(R"({"batch_statistics": "running"})"),
              testing::HasSubstr("'batch_statistics'"));
}

TEST(TrainingConfigTest, ReadsTheLoss) {
  EXPECT_EQ(ParseTrainingConfig("{}").loss, LossKind::kL1);
  EXPECT_EQ(ParseTrainingConfig(R"({"loss": "l2"})").loss, LossKind::kL2);
  EXPECT_EQ(LossName(LossKind::kL1Perceptual), "l1_perceptual");
  const TrainingConfig config = ParseTrainingConfig(
      R"({"loss": "l1_perceptual", "perceptual": {"vgg": "vgg16.safetensors", "weight": 0.5}})");
  EXPECT_EQ(config.loss, LossKind::kL1Perceptual);
  EXPECT_EQ(config.perceptual.vgg, "vgg16.safetensors");
  EXPECT_DOUBLE_EQ(config.perceptual.weight, 0.5);
}

TEST(TrainingConfigTest, RefusesLossesThatCannotBe) {
  EXPECT_THAT(MessageOf(R"({"loss": "l3"})"),
              testing::HasSubstr("unknown loss 'l3', expected l1, l2 or l1_perceptual"));
  EXPECT_THAT(MessageOf(R"({"loss": "l1_perceptual"})"), testing::HasSubstr("'perceptual'"));
  EXPECT_THAT(MessageOf(R"({"loss": "l1_perceptual", "perceptual": {"weight": 1}})"),
              testing::HasSubstr("'vgg'"));
  EXPECT_THAT(MessageOf(R"({"loss": "l1_perceptual", "perceptual": {"vgg": "a", "weight": 0}})"),
              testing::HasSubstr("'weight'"));
  EXPECT_THAT(MessageOf(R"({"loss": "l2", "perceptual": {"vgg": "a", "weight": 1}})"),
              testing::HasSubstr("'perceptual': belongs to the loss l1_perceptual alone"));
  EXPECT_THAT(MessageOf(R"({"architecture": {"kind": "dkn"}, "loss": "l1_perceptual",
                            "perceptual": {"vgg": "a", "weight": 1}})"),
              testing::HasSubstr("l1_perceptual needs dense outputs: kind fdkn"));
}

TEST(TrainingConfigTest, ReadsRoomsBesideCases) {
  const TrainingConfig config = ParseTrainingConfig(
      R"({"cases": [{"name": "a", "guide_shift": [0, 2], "rooms": 0.5}], "metres_per_step": 0.002,
          "rooms": {"count": 3, "first_seed": 90}})");
  EXPECT_EQ(config.cases[0].depth.guide_shift.high, 2.0);
  EXPECT_EQ(config.cases[0].rooms, 0.5);
  EXPECT_EQ(config.rooms.count, 3);
  EXPECT_EQ(config.rooms.first_seed, 90u);
  EXPECT_THAT(MessageOf(R"({"rooms": {"count": 3}})"), testing::HasSubstr("'rooms'"));
  EXPECT_THAT(MessageOf(R"({"cases": [{"name": "a", "rooms": 1}], "metres_per_step": 1})"),
              testing::HasSubstr("'rooms'"));
  EXPECT_THAT(MessageOf(R"({"cases": [{"name": "a"}], "metres_per_step": 1, "rooms": {"count": 3},
                            "validation_cases": [{"name": "b", "rooms": 1}]})"),
              testing::HasSubstr("'validation_cases'"));
  EXPECT_THAT(
      MessageOf(R"({"cases": [{"name": "a"}], "metres_per_step": 1, "rooms": {"count": 0}})"),
      testing::HasSubstr("'count'"));
}

TEST(TrainingConfigTest, LastPixelsAreNotMirrored) {
  const std::string cases =
      R"({"cases": [{"name": "a", "ratio": 8, "last_pixel": true}], "metres_per_step": 1, )";
  EXPECT_FALSE(ParseTrainingConfig(cases + R"("flip": false})").augmentation.flip);
  EXPECT_THAT(MessageOf(cases + R"("flip": true})"), testing::HasSubstr("'flip'"));
}

TEST(TrainingConfigTest, ReadsCasesOfPictures) {
  const TrainingConfig config = ParseTrainingConfig(
      R"({"cases": [{"name": "a", "picture": {"from": "pictures", "electrons": [10, 1000]}}],
          "validation_cases": [{"name": "b", "picture": {}}],
          "pictures": {"folder": "../flash", "splits": ["flash", "infrared"]}})");
  ASSERT_TRUE(config.cases[0].picture);
  EXPECT_TRUE(config.cases[0].picture->of_pictures);
  EXPECT_EQ(config.cases[0].picture->electrons.high, 1000.0);
  EXPECT_FALSE(config.validation_cases[0].picture->of_pictures);
  EXPECT_EQ(config.pictures.folder, "../flash");
  EXPECT_EQ(config.pictures.splits, (std::vector<std::string>{"flash", "infrared"}));
  EXPECT_THAT(MessageOf(R"({"cases": [{"name": "a", "picture": {"from": "pictures"}}]})"),
              testing::HasSubstr("'pictures'"));
  EXPECT_THAT(MessageOf(R"({"cases": [{"name": "a", "picture": {}}],
                            "pictures": {"folder": "a"}})"),
              testing::HasSubstr("'pictures'"));
  EXPECT_THAT(MessageOf(R"({"cases": [{"name": "a", "picture": {}}, {"name": "b"}]})"),
              testing::HasSubstr("'metres_per_step'"));
  EXPECT_THAT(MessageOf(R"({"cases": [{"name": "a", "picture": {}}],
                            "validation_cases": [{"name": "b"}]})"),
              testing::HasSubstr("'metres_per_step'"));
  EXPECT_THAT(MessageOf(R"({"cases": [{"name": "a", "picture": {"electrons": 0}}]})"),
              testing::HasSubstr("'electrons'"));
  EXPECT_THAT(MessageOf(R"({"cases": [{"name": "a", "ratio": 2, "picture": {}}]})"),
              testing::HasSubstr("'ratio'"));
}

// What ships must run.
TEST(TrainingConfigTest, ShippedExperimentsParse) {
  int count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(DKN_SOURCE_DIR "/experiments/train")) {
    const auto bytes = ReadFileBytes(entry.path().string());
    const std::string text(bytes.begin(), bytes.end());
    // Sweeps and their results: sweep_test.cpp sees to them.
    if (entry.path().extension() == ".json" && !ParseJson(text).contains("base")) {
      EXPECT_NO_THROW(IsSegmentation(text) ? void(ParseSegmentationConfig(text))
                                           : void(ParseTrainingConfig(text)))
          << entry.path();
      ++count;
    }
  }
  EXPECT_GT(count, 0);
}

}  // namespace
}  // namespace dkn::train
