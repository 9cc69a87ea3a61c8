#include "src/eval/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "dkn/io.h"
#include "dkn/threads.h"
#include "src/core/test_files.h"

namespace dkn::eval {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Two sets of two images each; `bicubic` is the one method.
class RunExperimentTest : public FolderTest {
 protected:
  void SetUp() override {
    for (const char* set : {"first", "second"}) {
      std::filesystem::create_directories(Path(set));
      EvaluationSet& added = experiment_.sets.emplace_back();
      added.label = set;
      added.data.path = set;
      added.data.unit_per_step = 0.5;
      added.unit = "cm";
      WritePair(set, "a", 10);
      WritePair(set, "b", 30);
    }
    experiment_.title = "A title";
    experiment_.cases = {{"", {}}};
    experiment_.metrics = {{}, {MetricKind::kMae, 0.0}};
    experiment_.methods.push_back(BicubicAs("identity"));
    options_.data = Path("");
  }
  void TearDown() override { SetThreads(0); }

  static Method BicubicAs(const std::string& label) {
    Method method;
    method.label = label;
    method.filter = "bicubic";
    return method;
  }
  // A depth map with a step of `step`: the RMSE is proportional to it.
  void WritePair(const std::string& set, const std::string& name, int step) {
    const std::string path = Path(set + "/" + name);
    Image depth(48, 32);
    for (int y = 0; y < 32; ++y) {
      for (int x = 20; x < 48; ++x) {
        depth(x, y) = static_cast<float>(step);
      }
    }
    WriteImage(path + "_color.png", Image(48, 32, 3), SampleType::kUint8);
    WriteImage(path + "_depth.png", depth, SampleType::kUint8);
  }
  Report Run() const { return RunExperiment(experiment_, options_); }

  Experiment experiment_;
  RunOptions options_;
};

double Rmse(const Result& result, std::size_t image) {
  return result.scores[image].values[0];
}

TEST_F(RunExperimentTest, GivesMeanAndSpreadOfEachSet) {
  const Report report = Run();
  EXPECT_THAT(report.problems, IsEmpty());
  ASSERT_EQ(report.results.size(), 2u);
  const Result& result = report.results[1];
  EXPECT_EQ(result.method, "identity");
  EXPECT_EQ(result.set, "second");
  ASSERT_EQ(result.scores.size(), 2u);
  EXPECT_EQ(result.scores[1].image, "b");
  const double a = Rmse(result, 0);
  ASSERT_GT(a, 0.1);
  EXPECT_NEAR(Rmse(result, 1), 3 * a, 1e-4);
  EXPECT_NEAR(StatisticsOf(result, 0).mean, 2 * a, 1e-4);
  EXPECT_NEAR(StatisticsOf(result, 0).spread, std::sqrt(2.0) * a, 1e-4);
  EXPECT_LT(StatisticsOf(result, 1).mean, StatisticsOf(result, 0).mean);  // MAE below RMSE
}

TEST_F(RunExperimentTest, MeasuresEachCaseAndTheMethodsThatHaveIt) {
  experiment_.cases = {{"8x", {}}, {"4x", {}}};
  experiment_.cases[1].protocol.scale = 4;
  experiment_.methods.push_back(BicubicAs("again"));
  experiment_.methods[1].only = {"4x"};
  experiment_.methods.push_back({"lost", "", "", "nobody has it"});
  const Report report = Run();
  EXPECT_THAT(report.problems, IsEmpty());
  ASSERT_EQ(report.results.size(), 6u);
  EXPECT_EQ(FindResult(report, "again", "first", "8x"), nullptr);
  const Result* coarse = FindResult(report, "identity", "first", "8x");
  const Result* fine = FindResult(report, "again", "first", "4x");
  ASSERT_TRUE(coarse != nullptr && fine != nullptr);
  EXPECT_LT(Rmse(*fine, 0), Rmse(*coarse, 0));
  EXPECT_THAT(report.missing, ElementsAre("lost: nobody has it"));
}

TEST_F(RunExperimentTest, ToleratesSetsThatAreKnownToBeMissing) {
  experiment_.sets[0].missing = "ask its authors";
  EXPECT_THAT(Run().missing, IsEmpty());
  experiment_.sets[0].data.path = "absent";
  experiment_.sets[1].data.path = "";
  experiment_.sets[1].missing = "lost";
  const Report report = Run();
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_THAT(report.missing, ElementsAre("first: ask its authors", "second: lost"));
}

TEST_F(RunExperimentTest, GivesTheSameOnAnyNumberOfThreads) {
  for (const char* name : {"c", "d", "e"}) {
    WritePair("first", name, 50);
  }
  for (const MetricKind kind : {MetricKind::kRmseEdges, MetricKind::kRmseFlat, MetricKind::kPsnr}) {
    experiment_.metrics.push_back({kind, 0.0});
  }
  experiment_.cases[0].protocol.noise_variance = 0.005;
  experiment_.cases[0].protocol.holes = 0.2;
  for (const Precision precision : {Precision::kFp32, Precision::kBf16, Precision::kInt8}) {
    Method& network = experiment_.methods.emplace_back(BicubicAs(PrecisionName(precision)));
    network.filter = "fdkn_x8";
    network.precision = precision;
  }
  experiment_.methods[0].filter = "guided";
  options_.max_memory_mb = 4000;  // enough for all threads
  options_.results = Path("one.jsonl");
  SetThreads(1);
  const Report one = Run();
  EXPECT_THAT(one.problems, IsEmpty());
  options_.results = Path("three.jsonl");
  SetThreads(3);
  const Report three = Run();
  ASSERT_EQ(one.results.size(), 8u);
  ASSERT_EQ(three.results.size(), one.results.size());
  EXPECT_EQ(three.measured, 28);
  for (std::size_t i = 0; i < one.results.size(); ++i) {
    ASSERT_EQ(three.results[i].scores.size(), one.results[i].scores.size());
    for (std::size_t image = 0; image < one.results[i].scores.size(); ++image) {
      EXPECT_EQ(one.results[i].scores[image].values, three.results[i].scores[image].values);
    }
  }
}

// A metric that an image has no pixels for is left out, in this run and in one that goes on from
// it.
TEST_F(RunExperimentTest, LeavesOutWhatAnImageHasNot) {
  experiment_.metrics = {{MetricKind::kRmse}, {MetricKind::kRmseHoles}};
  experiment_.cases = {{"whole", {}}, {"holed", {}}};
  experiment_.cases[1].protocol.holes = 0.3;
  experiment_.sets[1].only = {"whole"};
  options_.results = Path("results.jsonl");
  for (const int reused : {0, 6}) {
    const Report report = Run();
    EXPECT_THAT(report.problems, IsEmpty());
    EXPECT_EQ(report.reused, reused);
    ASSERT_EQ(report.results.size(), 3u);
    EXPECT_EQ(StatisticsOf(report.results[0], 1).count, 0);
    EXPECT_EQ(FindResult(report, "identity", "second", "holed"), nullptr);
    const Result* holed = FindResult(report, "identity", "first", "holed");
    ASSERT_NE(holed, nullptr);
    EXPECT_EQ(StatisticsOf(*holed, 1).count, 2);
    EXPECT_GT(StatisticsOf(*holed, 1).mean, 0.0);
  }
}

TEST_F(RunExperimentTest, CountsImagesOverTheWholeExperiment) {
  experiment_.methods.push_back(BicubicAs("again"));
  options_.limit = 1;
  std::vector<int> done;
  options_.progress = [&](int images, int total) {
    EXPECT_EQ(total, 4);
    done.push_back(images);
  };
  Run();
  EXPECT_THAT(done, ElementsAre(1, 2, 3, 4));
}

TEST_F(RunExperimentTest, NamesADamagedImageOnceAndKeepsTheRest) {
  experiment_.methods.push_back(BicubicAs("again"));
  const Report before = Run();
  std::ofstream(Path("first/b_color.png")) << "no image";
  const Report report = Run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_THAT(report.problems[0], HasSubstr("b_color.png"));
  ASSERT_EQ(report.results.size(), 4u);
  EXPECT_EQ(report.results[0].scores.size(), 1u);
  EXPECT_EQ(Rmse(report.results[0], 0), Rmse(before.results[0], 0));
  EXPECT_EQ(Rmse(report.results[1], 1), Rmse(before.results[1], 1));
  EXPECT_EQ(Rmse(report.results[3], 1), Rmse(before.results[3], 1));
}

TEST_F(RunExperimentTest, NamesAMissingSetAndMethodAndKeepsTheRest) {
  experiment_.sets[0].data.path = "absent";
  experiment_.methods.insert(experiment_.methods.begin(), {"lost", "absent.safetensors", "", ""});
  const Report report = Run();
  ASSERT_EQ(report.problems.size(), 2u);
  EXPECT_THAT(report.problems[0], HasSubstr("absent"));
  EXPECT_THAT(report.problems[1], HasSubstr("lost: "));
  EXPECT_THAT(report.problems[1], HasSubstr("absent.safetensors"));
  ASSERT_EQ(report.results.size(), 1u);
  EXPECT_EQ(report.results[0].set, "second");
}

TEST_F(RunExperimentTest, ReportsAFigureAboveItsLimit) {
  experiment_.methods[0].at_most = {{{"first", ""}, 0.01}, {{"second", ""}, 1000.0}};
  const Report report = Run();
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_THAT(report.problems[0], HasSubstr("identity on first: RMSE "));
  EXPECT_THAT(report.problems[0], HasSubstr("cm, expected at most 0.010"));
  options_.limit = 1;
  EXPECT_THAT(Run().problems, IsEmpty());  // a part of a set says nothing about its mean
}

TEST_F(RunExperimentTest, StretchesWhereTheSetSaysSo) {
  experiment_.sets[0].stretch = ValueRange{0.0f, 60.0f};  // steps of 5 and 15 before
  const Report report = Run();
  EXPECT_NEAR(Rmse(report.results[0], 0), 12 * Rmse(report.results[1], 0), 1e-4);
  EXPECT_NEAR(Rmse(report.results[0], 1), 4 * Rmse(report.results[1], 1), 1e-4);
}

TEST_F(RunExperimentTest, MeasuresTheImagesThatCount) {
  experiment_.sets[1].images = {"b"};
  const Report report = Run();
  ASSERT_EQ(report.results.size(), 2u);
  ASSERT_EQ(report.results[1].scores.size(), 1u);
  EXPECT_EQ(report.results[1].scores[0].image, "b");
  experiment_.sets[1].images = {"c"};
  EXPECT_THAT(Run().problems, ElementsAre(HasSubstr("no image 'c'")));
}

TEST_F(RunExperimentTest, GoesOnWhereItWasCutShort) {
  options_.results = Path("results.jsonl");
  const Report whole = Run();
  EXPECT_EQ(whole.measured, 4);
  std::vector<std::uint8_t> lines = Get(options_.results);
  lines.resize(lines.size() - 20);  // the last image is lost
  Put("results.jsonl", lines);
  const Report resumed = Run();
  EXPECT_EQ(resumed.reused, 3);
  EXPECT_EQ(resumed.measured, 1);
  for (std::size_t i = 0; i < whole.results.size(); ++i) {
    EXPECT_EQ(Rmse(resumed.results[i], 0), Rmse(whole.results[i], 0));
    EXPECT_EQ(Rmse(resumed.results[i], 1), Rmse(whole.results[i], 1));
  }
  experiment_.methods[0].label = "another name";
  EXPECT_EQ(Run().reused, 4);
}

TEST_F(RunExperimentTest, MeasuresAnewWhatHasChanged) {
  options_.results = Path("results.jsonl");
  Run();
  WritePair("first", "a", 200);  // another size of file
  EXPECT_EQ(Run().reused, 3);
  experiment_.metrics.push_back({MetricKind::kBadPixels, 1.0});
  EXPECT_EQ(Run().reused, 0);
  EXPECT_EQ(Run().reused, 4);
  experiment_.cases[0].protocol.border = 5;
  EXPECT_EQ(Run().reused, 0);
  experiment_.methods[0].filter = "guided";
  EXPECT_EQ(Run().reused, 0);
  experiment_.methods[0].orientations = 2;
  EXPECT_EQ(Run().reused, 0);
  experiment_.sets[0].data.unit_per_step = 1.0;
  EXPECT_EQ(Run().reused, 2);
}

TEST_F(RunExperimentTest, PartsThatOtherProcessesMeasureGiveTheSame) {
  experiment_.methods.push_back(BicubicAs("cannot be made"));
  experiment_.methods.back().settings = {{"no such", 1.0}};
  Put("second/a_depth.png", {1, 2, 3});
  const Report whole = Run();
  options_.results = Path("results.jsonl");
  std::vector<ImageTask> left = SplitExperiment(experiment_, options_).Left();
  ASSERT_EQ(left.size(), 8u);
  EXPECT_EQ(left[1].name, "identity on first: b");
  RunOptions elsewhere;
  elsewhere.data = options_.data;
  SplitExperiment other(experiment_, elsewhere);
  std::ofstream results(options_.results);
  for (const ImageTask& task : left) {
    const ImageOutcome outcome = other.Measure({task})[0];
    results << outcome.line << std::flush;
    EXPECT_EQ(outcome.line.empty(), task.method == 1 || (task.set == 1 && task.image == 0));
    if (!outcome.failure.empty()) {
      options_.failures[task.key] = outcome.failure;
    }
  }
  EXPECT_EQ(options_.failures.size(), 1u);
  const Report report = Run();
  EXPECT_EQ(report.reused, 3);
  EXPECT_EQ(report.measured, 0);
  EXPECT_EQ(report.problems, whole.problems);
  for (std::size_t i = 0; i < whole.results.size(); ++i) {
    EXPECT_EQ(Rmse(report.results[i], 0), Rmse(whole.results[i], 0));
  }
  EXPECT_EQ(SplitExperiment(experiment_, options_).Left().size(), 5u);
  left[0].key += "x";
  EXPECT_THAT(ErrorText([&] { other.Measure({left[0]}); }), HasSubstr("not the same here"));
  experiment_.metrics.push_back({MetricKind::kSeconds, 0.0});
  EXPECT_THAT(ErrorText([&] { SplitExperiment timed(experiment_, options_); }), HasSubstr("times"));
}

std::int64_t PixelsOf(const Result& result) {
  std::int64_t pixels = 0;
  for (const auto& [bin, sums] : result.reliability.by_confidence) {
    pixels += sums.pixels;
  }
  return pixels;
}

double SquaresOf(const Result& result) {
  double squares = 0.0;
  for (const auto& [bin, sums] : result.reliability.by_confidence) {
    squares += sums.squares;
  }
  return squares;
}

// With a second method that tells its confidence.
class ReliabilityRunTest : public RunExperimentTest {
 protected:
  void SetUp() override {
    RunExperimentTest::SetUp();
    experiment_.methods.push_back(BicubicAs("net"));
    experiment_.methods[1].filter = "fdkn_x8";
    options_.results = Path("results.jsonl");
  }
};

TEST_F(ReliabilityRunTest, AddsUpTheErrorsOfImagesAndChangesNoScore) {
  options_.results = "";
  const Report without = Run();
  EXPECT_EQ(PixelsOf(without.results[2]), 0);
  experiment_.reliability = true;
  const Report report = Run();
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_EQ(PixelsOf(report.results[0]), 0);  // bicubic tells no confidence
  const Result& net = report.results[2];
  constexpr int kPixels = (48 - 2 * 6) * (32 - 2 * 6);
  EXPECT_EQ(PixelsOf(net), 2 * kPixels);
  EXPECT_NEAR(SquaresOf(net) / kPixels, Rmse(net, 0) * Rmse(net, 0) + Rmse(net, 1) * Rmse(net, 1),
              1e-6);
  for (std::size_t i = 0; i < report.results.size(); ++i) {
    EXPECT_EQ(Rmse(report.results[i], 0), Rmse(without.results[i], 0));
    EXPECT_EQ(Rmse(report.results[i], 1), Rmse(without.results[i], 1));
  }
}

TEST_F(ReliabilityRunTest, GoesOnWhereItWasCutShort) {
  experiment_.reliability = true;
  const Report whole = Run();
  EXPECT_EQ(whole.measured, 8);
  std::vector<std::uint8_t> lines = Get(options_.results);
  lines.resize(lines.size() - 20);  // the last image is lost
  Put("results.jsonl", lines);
  const Report resumed = Run();
  EXPECT_EQ(resumed.reused, 7);
  for (std::size_t i = 0; i < whole.results.size(); ++i) {
    EXPECT_EQ(resumed.results[i].reliability, whole.results[i].reliability);
  }
}

TEST_F(ReliabilityRunTest, MeasuresAnewWhatWasMeasuredWithout) {
  Run();
  experiment_.reliability = true;
  EXPECT_EQ(Run().reused, 0);
  const Report again = Run();
  EXPECT_EQ(again.reused, 8);
  EXPECT_GT(PixelsOf(again.results[2]), 0);
  experiment_.cases[0].protocol.border = 5;
  EXPECT_EQ(Run().reused, 0);
  experiment_.reliability = false;
  const Report without = Run();
  EXPECT_EQ(without.reused, 8);
  EXPECT_EQ(PixelsOf(without.results[2]), 0);
}

}  // namespace
}  // namespace dkn::eval
