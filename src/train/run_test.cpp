#include "src/train/run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "dkn/error.h"
#include "dkn/model.h"
#include "src/core/file.h"
#include "src/net/safetensors.h"
#include "src/train/pair_files.h"

namespace dkn::train {
namespace {

namespace fs = std::filesystem;

// Scenes of two planes with a slanted edge that colour and depth share.
RgbdPair EdgePair(int seed) {
  RgbdPair pair{64, 48, {}, {}};
  for (int c = 0; c < 3; ++c) {
    for (int i = 0; i < 64 * 48; ++i) {
      const bool near = i % 64 + i / 64 * (seed % 3) > 20 + 5 * seed;
      pair.rgb.push_back(static_cast<std::uint8_t>(near ? 200 - 40 * c : 30 + 20 * c + seed));
    }
  }
  for (int i = 0; i < 64 * 48; ++i) {
    const bool near = i % 64 + i / 64 * (seed % 3) > 20 + 5 * seed;
    pair.depth.push_back(static_cast<std::uint16_t>(near ? 1000 + i / 64 : 2000 + i % 64));
  }
  return pair;
}

constexpr char kConfig[] = R"({
  "architecture": {"n1": 16, "n2": 16}, "degradation": {"scale": 4}, "steps": 12, "crop": 32,
  "crop_step": 4, "schedule": {"kind": "one_cycle"}, "validate_every": 6, "checkpoint_every": 4,
  "unit": "mm", "card": {"data": "two planes"}})";

class RunTest : public testing::Test {
 protected:
  RunTest() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    WritePack(folder_ + "/train", {EdgePair(1), EdgePair(2), EdgePair(3)});
    WritePack(folder_ + "/val", {EdgePair(4)});
  }
  ~RunTest() override { fs::remove_all(folder_); }

  RunOptions Options(const std::string& name) const {
    return {folder_ + "/train", folder_ + "/val", folder_ + "/" + name + ".safetensors",
            folder_ + "/" + name};
  }
  const std::string folder_ = testing::TempDir() + "run_test";
};

std::string With(const std::string& members) {
  return std::string(kConfig).insert(1, members);
}

// `members` have cases, which the degradation of kConfig would be in the way of.
std::string WithCases(const std::string& members) {
  std::string config = With(members);
  return config.erase(config.find("\"degradation\""),
                      std::string("\"degradation\": {\"scale\": 4}, ").size());
}

std::string Text(const std::string& path) {
  const auto bytes = ReadFileBytes(path);
  return {bytes.begin(), bytes.end()};
}

const auto kIgnore = [](const RunProgress&, const std::optional<LogRow>&) {};

struct Killed {};

class ResumedRunTest : public RunTest, public testing::WithParamInterface<const char*> {};

TEST_P(ResumedRunTest, GoesOnExactlyWhereItWasKilled) {
  const std::string members = GetParam();
  const std::string config =
      members.find("cases") == std::string::npos ? With(members) : WithCases(members);
  RunTraining(config, Options("whole"), kIgnore);
  const auto kill_at_6 = [](const RunProgress& progress, const std::optional<LogRow>&) {
    if (progress.step ==
        6) {  // two steps after a checkpoint, and after a validation: those are lost
      throw Killed();
    }
  };
  EXPECT_THROW(RunTraining(config, Options("killed"), kill_at_6), Killed);
  EXPECT_FALSE(fs::exists(Options("killed").out));
  std::int64_t first = 0;
  RunTraining(config, Options("killed"),
              [&](const RunProgress& progress, const std::optional<LogRow>&) {
                first = first == 0 ? progress.step : first;
              });
  EXPECT_EQ(first, 5);
  const TensorFile whole = ReadSafetensors(Options("whole").out);
  const TensorFile killed = ReadSafetensors(Options("killed").out);
  EXPECT_EQ(whole.metadata, killed.metadata);
  for (const auto& [name, tensor] : whole.tensors) {
    EXPECT_EQ(tensor.values, killed.tensors.at(name).values) << name;
  }
  const auto rows = ReadLog(folder_ + "/killed/log.csv");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].validation, ReadLog(folder_ + "/whole/log.csv")[0].validation);
  if (fs::exists(folder_ + "/whole/cases.csv")) {
    EXPECT_EQ(Text(folder_ + "/killed/cases.csv"), Text(folder_ + "/whole/cases.csv"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Configurations, ResumedRunTest,
    testing::Values(R"()", R"("average_decay": 0.9, "largest_gradient": 0.1,)",
                    R"("metres_per_step": 0.001, "cases": [{"name": "a", "ratio": 4}],
                       "validation_cases": [{"name": "b", "ratio": 2}],)",
                    R"("cases": [{"name": "a", "picture": {"electrons": [20, 200], "change": 1}}],
                       "validation_cases": [{"name": "b", "picture": {}}],)"));

// The sum of the differences of all weights.
double Distance(const std::string& model, const std::string& other) {
  double sum = 0.0;
  const TensorFile file = ReadSafetensors(other);
  for (const auto& [name, tensor] : ReadSafetensors(model).tensors) {
    for (std::size_t i = 0; name.ends_with("weight") && i < tensor.values.size(); ++i) {
      sum += std::abs(file.tensors.at(name).values[i] - tensor.values[i]);
    }
  }
  return sum;
}

std::string WithoutLearning() {
  std::string config = kConfig;
  return config.replace(config.find("\"one_cycle\""), 11, "\"one_cycle\", \"rate\": 1e-12");
}

// Adam takes no notice of a gradient that is far below its epsilon.
TEST_F(RunTest, GradientsAreCutToTheirLargestNorm) {
  RunTraining(kConfig, Options("free"), kIgnore);
  RunTraining(With(R"("largest_gradient": 1e-14,)"), Options("cut"), kIgnore);
  RunTraining(WithoutLearning(), Options("start"), kIgnore);
  EXPECT_LT(Distance(Options("cut").out, Options("start").out),
            1e-3 * Distance(Options("free").out, Options("start").out));
}

// They lie between those of the start and of the end, some steps behind these.
TEST_F(RunTest, WeightsThatAreKeptAreTheAverages) {
  RunTraining(With(R"("average_decay": 0.75,)"), Options("average"), kIgnore);
  RunTraining(kConfig, Options("last"), kIgnore);
  RunTraining(WithoutLearning(), Options("start"), kIgnore);
  const double far = Distance(Options("start").out, Options("last").out);
  const double near = Distance(Options("average").out, Options("last").out);
  EXPECT_GT(near, 0.02 * far);
  EXPECT_LT(near, 0.7 * far);
}

TEST_F(RunTest, WritesAModelThatTellsItsOrigin) {
  RunTraining(kConfig, Options("model"), kIgnore);
  const auto model = Model::Load(Options("model").out);
  EXPECT_EQ(model->architecture().n1, 16);
  EXPECT_EQ(model->metadata().at("data"), "two planes");
  EXPECT_EQ(model->metadata().at("scale"), "4");
  EXPECT_NE(model->metadata().at("validation").find(" mm, 1 images"), std::string::npos);
}

// What the files show makes no difference where every crop is of a room.
TEST_F(RunTest, CasesOfRoomsLearnFromRooms) {
  WritePack(folder_ + "/other", {EdgePair(5), EdgePair(6), EdgePair(7)});
  const auto distance = [&](const std::string& rooms) {
    const std::string config = WithCases(R"("metres_per_step": 0.001, "focal": 57.6,
        "rooms": {"count": 2, "first_seed": 5},
        "cases": [{"name": "a", "ratio": 4, "rooms": )" +
                                         rooms + "}],");
    RunOptions train = Options("train" + rooms);
    RunOptions other = Options("other" + rooms);
    other.data = folder_ + "/other";
    RunTraining(config, train, kIgnore);
    RunTraining(config, other, kIgnore);
    return Distance(train.out, other.out);
  };
  EXPECT_EQ(distance("1"), 0.0);
  EXPECT_GT(distance("0"), 0.0);
}

// Of four pairs the first and the third are learned from: the same weights as from these alone.
TEST_F(RunTest, LearnsFromAPartThatIsSpreadOverThePairs) {
  WritePack(folder_ + "/four", {EdgePair(1), EdgePair(2), EdgePair(3), EdgePair(4)});
  WritePack(folder_ + "/two", {EdgePair(1), EdgePair(3)});
  RunOptions part = Options("part");
  part.data = folder_ + "/four";
  RunTraining(With(R"("training_images": 2,)"), part, kIgnore);
  RunOptions alone = Options("alone");
  alone.data = folder_ + "/two";
  RunTraining(kConfig, alone, kIgnore);
  EXPECT_EQ(Distance(part.out, alone.out), 0.0);
  EXPECT_EQ(ReadSafetensors(part.out).metadata.at("training_images"), "2");
  EXPECT_THROW(RunTraining(With(R"("training_images": 5,)"), Options("more"), kIgnore), Error);
}

TEST_F(RunTest, TrainingLowersTheLoss) {
  std::string config = kConfig;
  config.replace(config.find("\"steps\": 12"), 11, "\"steps\": 150");
  config.replace(config.find("\"validate_every\": 6"), 19, "\"validate_every\": 50");
  RunTraining(config, Options("longer"), kIgnore);
  const auto rows = ReadLog(folder_ + "/longer/log.csv");
  EXPECT_LT(rows.back().loss, 0.8 * rows.front().loss);
}

TEST_F(RunTest, RefusesAnotherConfigurationsFolder) {
  RunTraining(kConfig, Options("mine"), kIgnore);
  std::string other = kConfig;
  other.replace(other.find("\"steps\": 12"), 11, "\"steps\": 13");
  EXPECT_THROW(RunTraining(other, Options("mine"), kIgnore), Error);
}

}  // namespace
}  // namespace dkn::train
