#include "src/eval/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "dkn/io.h"

namespace dkn {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Two sets of two images each; `bicubic` is the one method.
class RunExperimentTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
    data_ = fs::path(testing::TempDir()) / ("dkn_run_experiment_" + test);
    fs::remove_all(data_);
    for (const char* set : {"first", "second"}) {
      fs::create_directories(data_ / set);
      experiment_.sets.push_back({set, set, "cm", 0.5});
      WritePair(set, "a", 10);
      WritePair(set, "b", 30);
    }
    experiment_.title = "A title";
    experiment_.methods.push_back({"identity", "bicubic", "", {}, {}});
  }
  void TearDown() override { fs::remove_all(data_); }

  // A depth map with a step of `step`: the RMSE is proportional to it.
  void WritePair(const std::string& set, const std::string& name, int step) {
    const std::string path = (data_ / set / name).string();
    Image depth(48, 32);
    for (int y = 0; y < 32; ++y) {
      for (int x = 20; x < 48; ++x) {
        depth(x, y) = static_cast<float>(step);
      }
    }
    WriteImage(path + "_color.png", Image(48, 32, 3), SampleType::kUint8);
    WriteImage(path + "_depth.png", depth, SampleType::kUint8);
  }
  Report Run(int limit = 0) {
    return RunExperiment(experiment_, data_.string(), limit, [](int, int) {});
  }

  fs::path data_;
  Experiment experiment_;
};

TEST_F(RunExperimentTest, GivesMeanAndSpreadOfEachSet) {
  const Report report = Run();
  EXPECT_THAT(report.problems, IsEmpty());
  ASSERT_EQ(report.results.size(), 2u);
  const Result& result = report.results[1];
  EXPECT_EQ(result.method, "identity");
  EXPECT_EQ(result.set, "second");
  ASSERT_EQ(result.scores.size(), 2u);
  const double a = result.scores[0].rmse;
  ASSERT_GT(a, 0.1);
  EXPECT_NEAR(result.scores[1].rmse, 3 * a, 1e-4);
  EXPECT_NEAR(result.rmse.mean, 2 * a, 1e-4);
  EXPECT_NEAR(result.rmse.spread, std::sqrt(2.0) * a, 1e-4);
}

TEST_F(RunExperimentTest, CountsImagesOverTheWholeExperiment) {
  experiment_.methods.push_back({"again", "bicubic", "", {}, {}});
  std::vector<int> done;
  RunExperiment(experiment_, data_.string(), 1, [&](int images, int total) {
    EXPECT_EQ(total, 4);
    done.push_back(images);
  });
  EXPECT_THAT(done, ElementsAre(1, 2, 3, 4));
}

TEST_F(RunExperimentTest, NamesADamagedImageOnceAndKeepsTheRest) {
  experiment_.methods.push_back({"again", "bicubic", "", {}, {}});
  const Report before = Run();
  std::ofstream(data_ / "first" / "b_color.png") << "no image";
  const Report report = Run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_THAT(report.problems[0], HasSubstr("b_color.png"));
  ASSERT_EQ(report.results.size(), 4u);
  EXPECT_EQ(report.results[0].scores.size(), 1u);
  EXPECT_EQ(report.results[0].rmse.mean, before.results[0].scores[0].rmse);
  EXPECT_EQ(report.results[1].rmse.mean, before.results[1].rmse.mean);
  EXPECT_EQ(report.results[3].rmse.mean, before.results[3].rmse.mean);
}

TEST_F(RunExperimentTest, NamesAMissingSetAndMethodAndKeepsTheRest) {
  experiment_.sets[0].folder = "absent";
  experiment_.methods.insert(experiment_.methods.begin(),
                             {"lost", "absent.safetensors", "", {}, {}});
  const Report report = Run();
  ASSERT_EQ(report.problems.size(), 2u);
  EXPECT_THAT(report.problems[0], HasSubstr("absent"));
  EXPECT_THAT(report.problems[1], HasSubstr("lost: "));
  EXPECT_THAT(report.problems[1], HasSubstr("absent.safetensors"));
  ASSERT_EQ(report.results.size(), 1u);
  EXPECT_EQ(report.results[0].set, "second");
}

TEST_F(RunExperimentTest, ReportsAFigureAboveItsLimit) {
  experiment_.methods[0].at_most = {{"first", 0.01}, {"second", 1000.0}};
  const Report report = Run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_THAT(report.problems[0], HasSubstr("identity on first: RMSE "));
  EXPECT_THAT(report.problems[0], HasSubstr("cm, expected at most 0.010"));
  EXPECT_THAT(Run(1).problems, IsEmpty());  // a part of a set says nothing about its mean
}

// Results with known figures, no images.
TEST(ReportOutput, AlignsTheTableAndFillsTheJson) {
  Experiment experiment;
  experiment.title = "A title";
  experiment.note = "A note";
  experiment.sets = {{"nyu", "f", "cm", 1.0}, {"lu", "f", "grey", 1.0}};
  experiment.methods = {{"bicubic", "bicubic", "", {}, {}},
                        {"ours", "o", "", {{"nyu", 3.58}}, {{"nyu", 3.1}}}};
  Report report;
  report.results = {{"bicubic", "nyu", {5.92844, 2.0}, {{"a", 5.0}, {"b", 6.0}}},
                    {"ours", "nyu", {3.063, 0.5}, {{"a", 3.0}, {"b", 3.1}}}};
  EXPECT_EQ(MarkdownTable(experiment, report), R"(A title
8x, down by bicubic, up by bicubic, normalised by the input's range, border of 6 pixels left out

| RMSE, mean +- deviation (images) | nyu, cm                                      | lu, grey |
|----------------------------------|----------------------------------------------|----------|
| bicubic                          | 5.928 +- 2.000 (2)                           | -        |
| ours                             | 3.063 +- 0.500 (2), paper 3.58, at most 3.10 | -        |

A note
)");

  const nlohmann::json list = nlohmann::json::parse(ResultsJson(experiment, report));
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0], nlohmann::json::parse(R"({"method": "bicubic", "dataset": "nyu", "scale": 8,
      "metric": "RMSE", "unit": "cm", "value": 5.92844, "spread": 2.0, "images": 2,
      "paper": null})"));
  EXPECT_EQ(list[1]["paper"], 3.58);
}

}  // namespace
}  // namespace dkn
