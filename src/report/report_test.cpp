#include "src/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace dkn::report {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// Results with known figures, no images.
class ReportTest : public testing::Test {
 protected:
  ReportTest() {
    experiment_.title = "A title";
    experiment_.note = "A note";
    experiment_.cases = {{"", {}}};
    experiment_.metrics = {{}};
    experiment_.sets.resize(2);
    experiment_.sets[0].label = "nyu";
    experiment_.sets[0].unit = "cm";
    experiment_.sets[1].label = "lu";
    experiment_.sets[1].unit = "grey";
    experiment_.methods.resize(2);
    experiment_.methods[0].label = "bicubic";
    experiment_.methods[1].label = "ours & more";
    experiment_.methods[1].paper = {{{"nyu", ""}, 3.58}};
    experiment_.methods[1].at_most = {{{"nyu", ""}, 3.1}};
    report_.results = {{"bicubic", "nyu", "", {{"a", {5.0}}, {"b", {7.0}}}},
                       {"ours & more", "nyu", "", {{"a", {3.0}}, {"b", {3.25}}}}};
  }

  // Two scales, of which the second has no results yet, and two metrics.
  void AddScaleAndMetric() {
    experiment_.cases = {{"8x", {}}, {"16x", {}}};
    experiment_.cases[1].protocol.scale = 16;
    experiment_.metrics.push_back({eval::MetricKind::kSsim, 0.0});
    experiment_.methods[1].paper = {{{"nyu", "16x"}, 6.96}};
    experiment_.methods[1].at_most.clear();
    for (eval::Result& result : report_.results) {
      result.in_case = "8x";
      for (eval::ImageScore& score : result.scores) {
        score.values.push_back(0.5);
      }
    }
  }

  eval::Experiment experiment_;
  eval::Report report_;
};

TEST_F(ReportTest, AlignsTheTable) {
  EXPECT_EQ(MarkdownReport(experiment_, report_), R"(A title
8x, down by bicubic, up by bicubic, normalised by the input's range, border of 6 pixels left out

| RMSE, mean +- deviation (images) | nyu, cm                                      | lu, grey |
|----------------------------------|----------------------------------------------|----------|
| bicubic                          | 6.000 +- 1.414 (2)                           | -        |
| ours & more                      | 3.125 +- 0.177 (2), paper 3.58, at most 3.10 | -        |

A note
)");
}

TEST_F(ReportTest, TellsWhatNetworksTake) {
  report_.costs["ours & more"] = {655'000, 26.9e9};
  EXPECT_THAT(MarkdownReport(experiment_, report_), HasSubstr(R"(
Networks:

| method      | million parameters | GFLOP for 640 x 480 |
|-------------|--------------------|---------------------|
| ours & more | 0.655              | 26.9                |
)"));
  const json lines = json::parse(JsonReport(experiment_, report_));
  EXPECT_FALSE(lines[0].contains("parameters"));
  EXPECT_EQ(lines[1].at("parameters"), 655'000);
  EXPECT_EQ(lines[1].at("operations"), 26.9e9);
}

TEST_F(ReportTest, HasATableForEachMetricAndSetAndColumnsForEachCase) {
  AddScaleAndMetric();
  experiment_.methods[0].missing = "nobody has it";
  report_.missing = {"bicubic: nobody has it", "lu: no copy"};
  EXPECT_EQ(MarkdownReport(experiment_, report_), R"(A title
8x, down by bicubic, up by bicubic, normalised by the input's range, border of 6 pixels left out
16x, down by bicubic, up by bicubic, normalised by the input's range, border of 6 pixels left out

| RMSE, mean +- deviation (images) | nyu 8x, cm         | nyu 16x, cm   |
|----------------------------------|--------------------|---------------|
| bicubic                          | 6.000 +- 1.414 (2) | -             |
| ours & more                      | 3.125 +- 0.177 (2) | -, paper 6.96 |

| RMSE, mean +- deviation (images) | lu 8x, grey | lu 16x, grey |
|----------------------------------|-------------|--------------|
| bicubic                          | -           | -            |
| ours & more                      | -           | -            |

| SSIM, mean +- deviation (images) | nyu 8x             | nyu 16x |
|----------------------------------|--------------------|---------|
| bicubic                          | 0.500 +- 0.000 (2) | -       |
| ours & more                      | 0.500 +- 0.000 (2) | -       |

| SSIM, mean +- deviation (images) | lu 8x | lu 16x |
|----------------------------------|-------|--------|
| bicubic                          | -     | -      |
| ours & more                      | -     | -      |

A note

Not measured here:

- bicubic: nobody has it
- lu: no copy
)");
}

TEST_F(ReportTest, TellsOnHowManyImagesAMethodIsBetter) {
  experiment_.difference = {"bicubic", "ours & more"};
  report_.results[1].scores[0].values[0] = 5.5;  // 5.0 and 7.0 against 5.5 and 3.25
  EXPECT_THAT(MarkdownReport(experiment_, report_),
              HasSubstr("\nnyu: ours & more is better than bicubic on 50 % of 2 images\n"));
  report_.results[1].scores.pop_back();
  EXPECT_THAT(MarkdownReport(experiment_, report_), testing::Not(HasSubstr("is better")));
}

TEST_F(ReportTest, FillsTheJson) {
  const json list = json::parse(JsonReport(experiment_, report_));
  ASSERT_EQ(list.size(), 2u);
  json first = list[0];
  EXPECT_NEAR(first["spread"].get<double>(), 1.41421356, 1e-8);
  first.erase("spread");
  EXPECT_EQ(first, json::parse(R"({"method": "bicubic", "dataset": "nyu", "scale": 8,
      "metric": "RMSE", "unit": "cm", "value": 6.0, "images": 2, "paper": null})"));
  EXPECT_EQ(list[1]["paper"], 3.58);

  AddScaleAndMetric();
  const json more = json::parse(JsonReport(experiment_, report_));
  ASSERT_EQ(more.size(), 4u);
  EXPECT_EQ(more[1]["metric"], "SSIM");
  EXPECT_EQ(more[1]["unit"], "");
  EXPECT_EQ(more[1]["case"], "8x");
}

TEST_F(ReportTest, QuotesInTheCsv) {
  experiment_.methods[1].label = "ours, \"best\"";
  report_.results[1].method = experiment_.methods[1].label;
  report_.results[1].scores.resize(1);
  EXPECT_EQ(CsvReport(experiment_, report_),
            "method,dataset,case,scale,metric,unit,value,spread,images,paper\n"
            "bicubic,nyu,,8,RMSE,cm,6.0,1.4142135623730951,2,\n"
            "\"ours, \"\"best\"\"\",nyu,,8,RMSE,cm,3.0,0.0,1,3.58\n");
}

TEST_F(ReportTest, MarksTheBestInLatexAndEscapes) {
  const std::string text = LatexReport(experiment_, report_);
  EXPECT_THAT(text, HasSubstr("\\begin{tabular}{lrr}"));
  EXPECT_THAT(text, HasSubstr("RMSE & nyu, cm & lu, grey \\\\"));
  EXPECT_THAT(text, HasSubstr("bicubic & 6.00 & -- \\\\"));
  EXPECT_THAT(text, HasSubstr("ours \\& more & \\textbf{3.12} (3.58) & -- \\\\"));
}

}  // namespace
}  // namespace dkn::report
