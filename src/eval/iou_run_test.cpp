#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "dkn/io.h"
#include "src/core/test_files.h"
#include "src/eval/runner.h"

namespace dkn::eval {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kSize = 16;
constexpr int kImages = 3;

// Metrics of whole sets: labels, half of whose rows and columns are left out.
class IouRunTest : public FolderTest {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(Path("streets/val"));
    for (int image = 0; image < kImages; ++image) {
      const std::string path = Path("streets/val/" + std::to_string(image));
      WriteImage(path + "_color.jpg", Image(kSize, kSize, 3), SampleType::kUint8);
      WriteImage(path + "_label.png", Truth(image), SampleType::kUint8);
    }
    EvaluationSet& set = experiment_.sets.emplace_back();
    set.label = "streets";
    set.data.path = "streets";
    set.data.layout = "camvid";
    Protocol protocol;
    protocol.scale = 2;
    protocol.down = Resampler::kNearest;
    protocol.up = Resampler::kNearest;
    protocol.border = 0;
    protocol.normalization = ValueRange{0.0f, 1.0f};  // labels stay whole
    experiment_.cases = {{"", protocol}};
    experiment_.metrics = {ParseMetric("mean_iou"), ParseMetric("mean_iou_band_1"),
                           ParseMetric("rmse")};
    Method& method = experiment_.methods.emplace_back();
    method.label = "nearest";
    method.filter = "bicubic";  // the target as it is
    options_.data = Path("");
    options_.results = Path("results.jsonl");
  }

  // A disc that grows with the image, of a label that is not in all of them; the first image has
  // no edge.
  static Image Truth(int image) {
    Image truth(kSize, kSize);
    for (int y = 0; y < kSize; ++y) {
      for (int x = 0; x < kSize; ++x) {
        const int square = (x - 5) * (x - 5) + (y - 6) * (y - 6);
        truth(x, y) = image > 0 && square < 20 * image ? static_cast<float>(image + 1) : 0.0f;
      }
    }
    return truth;
  }
  static IouCounts Expected(const std::string& metric, int first, int last) {
    IouCounts counts;
    for (int image = first; image <= last; ++image) {
      const Image truth = Truth(image);
      Image result(kSize, kSize);
      for (int y = 0; y < kSize; ++y) {
        for (int x = 0; x < kSize; ++x) {
          result(x, y) = truth(x / 2 * 2 + 1, y / 2 * 2 + 1);
        }
      }
      counts.Add(CountIou(ParseMetric(metric), {.result = result, .truth = truth}));
    }
    return counts;
  }
  Report Run() const { return RunExperiment(experiment_, options_); }

  Experiment experiment_;
  RunOptions options_;
};

TEST_F(IouRunTest, SumsThePixelsOfAllImagesBeforeItDivides) {
  const Report report = Run();
  ASSERT_THAT(report.problems, IsEmpty());
  ASSERT_EQ(report.results.size(), 1u);
  const Result& result = report.results[0];
  const Statistics all = StatisticsOf(result, 0);
  EXPECT_DOUBLE_EQ(all.mean, Expected("mean_iou", 0, 2).MeanPercent());
  EXPECT_EQ(all.count, 3);
  double mean = 0.0;
  for (int image = 0; image < kImages; ++image) {
    const double own = Expected("mean_iou", image, image).MeanPercent();
    EXPECT_DOUBLE_EQ(result.scores[static_cast<std::size_t>(image)].values[0], own);
    mean += own / kImages;
  }
  EXPECT_GT(std::abs(all.mean - mean), 0.1);  // another number
  const Statistics band = StatisticsOf(result, 1);
  EXPECT_DOUBLE_EQ(band.mean, Expected("mean_iou_band_1", 1, 2).MeanPercent());
  EXPECT_LT(band.mean, all.mean - 5.0);
  EXPECT_EQ(band.count, 2);  // the first image has no edge
  EXPECT_TRUE(std::isnan(result.scores[0].values[1]));
  EXPECT_TRUE(result.counts.contains(0) && result.counts.contains(1));
  EXPECT_FALSE(result.counts.contains(2));  // the RMSE
}

TEST_F(IouRunTest, TakesTheFirstImagesWhereThatIsAllThatIsAskedFor) {
  options_.limit = 2;
  EXPECT_DOUBLE_EQ(StatisticsOf(Run().results[0], 0).mean,
                   Expected("mean_iou", 0, 1).MeanPercent());
  options_.limit = 0;
  const Report report = Run();
  EXPECT_EQ(report.reused, 2);
  EXPECT_DOUBLE_EQ(StatisticsOf(report.results[0], 0).mean,
                   Expected("mean_iou", 0, 2).MeanPercent());
}

TEST_F(IouRunTest, GoesOnWhereItWasCutShort) {
  const Report whole = Run();
  std::vector<std::uint8_t> lines = Get(options_.results);
  lines.resize(lines.size() - 5);  // the last image is lost
  Put("results.jsonl", lines);
  const Report resumed = Run();
  EXPECT_EQ(resumed.reused, 2);
  EXPECT_EQ(resumed.measured, 1);
  EXPECT_EQ(resumed.results[0].counts, whole.results[0].counts);
}

TEST_F(IouRunTest, MeasuresAnewWhatHasNoCounts) {
  Run();
  std::string lines;
  std::ifstream file(options_.results);
  for (std::string line; std::getline(file, line);) {
    lines += line.substr(0, line.find(",\"counts\"")) + "}\n";
  }
  Put("results.jsonl", {lines.begin(), lines.end()});
  const Report report = Run();
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_EQ(report.reused, 0);
  experiment_.metrics = {ParseMetric("rmse")};
  EXPECT_EQ(Run().reused, 3);
}

TEST_F(IouRunTest, MayBeSplitAmongProcesses) {
  const Report whole = Run();
  options_.results = Path("split.jsonl");
  SplitExperiment split(experiment_, options_);
  std::ofstream file(options_.results);
  for (const ImageOutcome& outcome : split.Measure(split.Left())) {
    ASSERT_EQ(outcome.failure, "");
    EXPECT_THAT(outcome.line, HasSubstr("\"mean_iou\":[["));
    file << outcome.line << std::flush;
  }
  const Report report = Run();
  EXPECT_EQ(report.reused, 3);
  EXPECT_EQ(report.results[0].counts, whole.results[0].counts);
}

}  // namespace
}  // namespace dkn::eval
