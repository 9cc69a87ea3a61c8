#include "src/train/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/test_files.h"

namespace dkn::train {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// What is left of a sweep of two runs, as files tell. tests/e2e/sweep_test.py runs sweeps whole.
class PlanSweepTest : public FolderTest {
 protected:
  PlanSweepTest() : sweep_(SweepOf(20, "l2", 3)) {
    options_.file = Path("sweep.json");
    options_.work = Path("work");
  }

  static eval::Sweep SweepOf(int steps, const std::string& loss, int images) {
    return eval::ParseSweep(
        R"({"title": "t", "train": "train", "base": {"crop": 32}, "steps": )" +
            std::to_string(steps) +
            R"(, "rows": [{"label": "l1"}, {"label": "other", "set": {"loss": ")" + loss +
            R"("}}], "evaluation": {"protocol": {"scale": 8, "down": "bicubic", "up": "bicubic",
            "border": 6, "normalization": "input"}, "images": )" +
            std::to_string(images) +
            R"(, "sets": [{"label": "v", "folder": "v", "unit": "cm", "unit_per_step": 1}]}})",
        "");
  }

  std::vector<std::pair<RunState, std::int64_t>> Plan() const {
    std::vector<std::pair<RunState, std::int64_t>> states;
    for (const PlannedRun& planned : PlanSweep(sweep_, options_)) {
      states.emplace_back(planned.state, planned.steps_left);
    }
    return states;
  }

  std::string MessageOfPlan() const {
    try {
      PlanSweep(sweep_, options_);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  // As if the run had ended, or failed.
  void PutRecord(std::size_t run, const std::string& error) {
    eval::SweepRecord record{sweep_.runs[run].name};
    record.error = error;
    record.configuration = eval::ConfigurationKey(sweep_.runs[run]);
    record.evaluation = eval::EvaluationKey(sweep_);
    record.version = "1";
    lines_ += eval::RecordLine(record);
    WriteFileText(Path("sweep.results.jsonl"), lines_);
  }

  void PutInFolder(std::size_t run, const std::string& name, const std::string& text) {
    const fs::path folder = fs::path(options_.work) / sweep_.runs[run].folder;
    fs::create_directories(folder);
    WriteFileText((folder / name).string(), text);
  }

  eval::Sweep sweep_;
  SweepOptions options_;
  std::string lines_;
};

TEST_F(PlanSweepTest, AllIsNewInTheBeginning) {
  EXPECT_THAT(Plan(), ElementsAre(std::pair(RunState::kNew, 20), std::pair(RunState::kNew, 20)));
}

TEST_F(PlanSweepTest, WhatIsDoneIsDoneAndWhatFailedIsRunAgain) {
  PutRecord(0, "");
  PutRecord(1, "killed");
  EXPECT_THAT(Plan(), ElementsAre(std::pair(RunState::kDone, 0), std::pair(RunState::kFailed, 20)));
}

// By what was trained and how it was measured, whatever it is called there.
TEST_F(PlanSweepTest, WhatAnotherSweepHasRunIsShared) {
  eval::SweepRecord record{"another name"};
  record.configuration = eval::ConfigurationKey(sweep_.runs[1]);
  record.evaluation = "another";
  record.version = "1";
  WriteFileText(Path("a.results.jsonl"), eval::RecordLine(record));
  WriteFileText(Path("table.results.jsonl"), R"({"set": "no result of a sweep"})");
  EXPECT_THAT(Plan(), ElementsAre(std::pair(RunState::kNew, 20), std::pair(RunState::kNew, 20)));
  record.evaluation = eval::EvaluationKey(sweep_);
  WriteFileText(Path("b.results.jsonl"), eval::RecordLine(record));
  EXPECT_THAT(Plan(), ElementsAre(std::pair(RunState::kNew, 20), std::pair(RunState::kShared, 0)));
  options_.fresh = {"other"};
  EXPECT_THAT(Plan(), ElementsAre(std::pair(RunState::kNew, 20), std::pair(RunState::kNew, 20)));
}

TEST_F(PlanSweepTest, ARunThatWasCutShortGoesOn) {
  PutInFolder(1, "experiment.json", sweep_.runs[1].configuration);
  PutInFolder(1, "last.pt", "a checkpoint");
  PutInFolder(1, "pace.txt", "12 3.5\n");
  EXPECT_THAT(Plan(), ElementsAre(std::pair(RunState::kNew, 20), std::pair(RunState::kBegun, 8)));
}

TEST_F(PlanSweepTest, RunsAreChosenByTheBeginningOfTheirNames) {
  options_.only = {"oth"};
  EXPECT_EQ(PlanSweep(sweep_, options_).at(0).run->row, "other");
  EXPECT_EQ(Plan().size(), 1u);
  options_.only = {"ther"};
  EXPECT_THAT(MessageOfPlan(), HasSubstr("--only: no run's name begins with 'ther'"));
}

TEST_F(PlanSweepTest, ChangedRunsAreNamedAndMayBeginAnew) {
  PutRecord(0, "");
  PutRecord(1, "");
  sweep_ = SweepOf(20, "l1", 3);
  EXPECT_THAT(MessageOfPlan(), HasSubstr("'other, seed 1'"));
  EXPECT_THAT(MessageOfPlan(), Not(HasSubstr("'l1, seed 1'")));
  options_.fresh = {"other"};
  EXPECT_THAT(Plan(), ElementsAre(std::pair(RunState::kDone, 0), std::pair(RunState::kNew, 20)));
  options_.fresh = {"all"};
  EXPECT_THAT(Plan(), ElementsAre(std::pair(RunState::kNew, 20), std::pair(RunState::kNew, 20)));
}

TEST_F(PlanSweepTest, AFolderOfAnotherConfigurationHasChanged) {
  PutInFolder(0, "experiment.json", SweepOf(30, "l2", 3).runs[0].configuration);
  EXPECT_THAT(MessageOfPlan(), HasSubstr("'l1, seed 1'"));
}

// The weights that are there are measured anew; where there are none, training would have to begin.
TEST_F(PlanSweepTest, AnotherEvaluationMeasuresTheWeightsAnew) {
  PutRecord(0, "");
  PutRecord(1, "");
  PutInFolder(0, "model.safetensors", "weights");
  PutInFolder(0, "experiment.json", sweep_.runs[0].configuration);
  sweep_ = SweepOf(20, "l2", 2);
  options_.only = {"l1"};
  EXPECT_THAT(Plan(), ElementsAre(std::pair(RunState::kBegun, 0)));
  options_.only = {"other"};
  EXPECT_THAT(MessageOfPlan(), HasSubstr("'other, seed 1'"));
}

TEST_F(PlanSweepTest, AConfigurationThatIsNoneIsNamed) {
  sweep_ = SweepOf(20, "l3", 3);
  EXPECT_THAT(MessageOfPlan(), HasSubstr("run 'other, seed 1'"));
  EXPECT_THAT(MessageOfPlan(), HasSubstr("unknown loss 'l3'"));
}

// What ships must run, and its results be those of what ships.
TEST(SweepFilesTest, ShippedSweepsCanBePlanned) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(DKN_SOURCE_DIR "/experiments/train")) {
    SweepOptions options;
    options.file = entry.path().string();
    options.work = testing::TempDir() + "not_there";
    if (entry.path().extension() == ".json" && eval::IsSweep(options.file)) {
      EXPECT_NO_THROW(PlanSweep(eval::ReadSweep(options.file), options)) << options.file;
      ++count;
    }
  }
  EXPECT_GT(count, 0);
}

}  // namespace
}  // namespace dkn::train
