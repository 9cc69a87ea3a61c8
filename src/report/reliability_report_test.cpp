#include "src/report/reliability_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "src/core/test_files.h"
#include "src/figures/figure.h"
#include "src/report/pictures.h"
#include "src/report/report.h"

namespace dkn::report {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// 10 * `pixels` errors: those of the part p of ten, from 0, are 10 - p at confidence p / 10.
eval::ConfidenceHistogram FallingErrors(std::int64_t pixels) {
  eval::ConfidenceHistogram histogram;
  for (int part = 0; part < 10; ++part) {
    const double error = 10 - part;
    const eval::ErrorSums sums{pixels, static_cast<double>(pixels) * error * error};
    histogram.by_confidence[100 * part] = sums;
    histogram.by_error[part == 9 ? 0 : 100 - 10 * part] = sums;
  }
  return histogram;
}

// Two sets; `net` tells its confidence on the first in two cases, `plain` nowhere.
class ReliabilityReportTest : public FolderTest {
 protected:
  ReliabilityReportTest() {
    experiment_.title = "A title";
    experiment_.cases = {{"dense", {}}, {"holes", {}}};
    experiment_.metrics = {{}};
    experiment_.sets.resize(2);
    experiment_.sets[0].label = "nyu 2";
    experiment_.sets[0].unit = "cm";
    experiment_.sets[1].label = "lu";
    experiment_.methods.resize(2);
    experiment_.methods[0].label = "plain";
    experiment_.methods[1].label = "net";
    report_.results = {{"plain", "nyu 2", "dense", {{"a", {5.0}}}},
                       {"net", "nyu 2", "dense", {{"a", {3.0}}}, FallingErrors(7)},
                       {"net", "nyu 2", "holes", {{"a", {3.0}}, {"b", {1.0}}}, FallingErrors(40)},
                       {"net", "lu", "dense", {{"a", {3.0}}}}};
  }

  eval::Experiment experiment_;
  eval::Report report_;
};

TEST_F(ReliabilityReportTest, HasTwoTablesForEachSetThatSomeoneTellsConfidenceOn) {
  const std::vector<ReportTable> tables = ReliabilityTables(experiment_, report_);
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_THAT(tables[0].caption, HasSubstr("nyu 2: RMSE, cm (mean confidence)"));
  EXPECT_THAT(tables[0].head,
              ElementsAre("method", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"));
  ASSERT_EQ(tables[0].rows.size(), 2u);
  EXPECT_THAT(tables[0].rows[1],
              ElementsAre("net, holes", "10.000 (0.00)", "9.000 (0.10)", "8.000 (0.20)",
                          "7.000 (0.30)", "6.000 (0.40)", "5.000 (0.50)", "4.000 (0.60)",
                          "3.000 (0.70)", "2.000 (0.80)", "1.000 (0.90)"));
  EXPECT_EQ(tables[0].rows[0][3], tables[0].rows[1][3]);
  EXPECT_THAT(tables[1].caption, HasSubstr("AUSE"));
  ASSERT_EQ(tables[1].head.size(), 13u);
  EXPECT_EQ(tables[1].head[2], "10 %");
  EXPECT_EQ(tables[1].head[12], "AUSE at random");
  EXPECT_EQ(tables[1].rows[0][0], "net, dense");
  EXPECT_EQ(tables[1].rows[0][1], "6.205 (6.205)");  // sqrt(385 / 10)
  EXPECT_EQ(tables[1].rows[0][2], "5.627 (5.627)");  // sqrt(285 / 9)
  EXPECT_EQ(tables[1].rows[0][10], "1.000 (1.000)");
  EXPECT_EQ(tables[1].rows[0][11], "0.000");
  ASSERT_EQ(tables[1].rows[0].size(), 13u);
  EXPECT_THAT(MarkdownReport(experiment_, report_),
              HasSubstr(tables[0].caption + ":\n\n| method     | 1             | 2"));
}

TEST_F(ReliabilityReportTest, SaysNothingWhereNobodyTellsConfidence) {
  for (eval::Result& result : report_.results) {
    result.reliability = {};
  }
  EXPECT_THAT(ReliabilityTables(experiment_, report_), IsEmpty());
  EXPECT_TRUE(ReliabilityPlots(experiment_, report_).empty());
  EXPECT_TRUE(ReliabilityFigures(report_.results[0], "cm").empty());
  EXPECT_EQ(json::parse(JsonReport(experiment_, report_)).size(), 4u);
}

TEST_F(ReliabilityReportTest, GivesTheSameFiguresToPrograms) {
  const json list = json::parse(JsonReport(experiment_, report_));
  ASSERT_EQ(list.size(), 4u + 2u * 42u);
  EXPECT_EQ(list[2], json::parse(R"({"method": "net", "dataset": "nyu 2", "scale": 8,
      "metric": "RMSE of tenth 1 by confidence", "unit": "cm", "value": 10.0, "spread": null,
      "images": 1, "paper": null, "case": "dense"})"));
  std::map<std::string, double> values;
  for (const NamedFigure& figure : ReliabilityFigures(report_.results[2], "cm")) {
    EXPECT_EQ(figure.unit, figure.name.starts_with("RMSE") ? "cm" : "") << figure.name;
    EXPECT_TRUE(values.emplace(figure.name, figure.value).second) << figure.name;
  }
  EXPECT_EQ(values.at("RMSE of tenth 10 by confidence"), 1.0);
  EXPECT_NEAR(values.at("confidence of tenth 10 by confidence"), 0.9005, 1e-6);
  EXPECT_NEAR(values.at("RMSE without the least confident 90 %"), 1.0, 1e-12);
  EXPECT_NEAR(values.at("RMSE without the worst 0 %"), std::sqrt(38.5), 1e-12);
  EXPECT_GT(values.at("AUSE at random"), 0.3);
  const std::string csv = CsvReport(experiment_, report_);
  EXPECT_THAT(csv, HasSubstr("net,nyu 2,holes,8,RMSE,cm,2.0,1.4142135623730951,2,\n"
                             "net,nyu 2,holes,8,RMSE of tenth 1 by confidence,cm,10.0,,2,\n"));
}

// Columns that the series' colour, of those that LinePlot gives in turn, is seen in.
int CountColumns(const Image& plot, float red, float green, float blue) {
  int count = 0;
  for (int x = 0; x < plot.width(); ++x) {
    bool seen = false;
    for (int y = 0; y < plot.height(); ++y) {
      const float distance = std::abs(plot(x, y, 0) - red / 255) +
                             std::abs(plot(x, y, 1) - green / 255) +
                             std::abs(plot(x, y, 2) - blue / 255);
      seen = seen || distance < 0.3f;
    }
    count += seen ? 1 : 0;
  }
  return count;
}

TEST_F(ReliabilityReportTest, DrawsALineForEachMethodAndCase) {
  for (eval::ErrorSums* sums : {&report_.results[2].reliability.by_confidence[300],
                                &report_.results[2].reliability.by_error[100]}) {
    sums->squares *= 3;  // so that lines do not hide each other
  }
  const std::vector<NamedPlot> plots = ReliabilityPlots(experiment_, report_);
  ASSERT_EQ(plots.size(), 2u);
  EXPECT_EQ(plots[0].name, "reliability_nyu 2");
  EXPECT_EQ(plots[1].name, "sparsification_nyu 2");
  for (const NamedPlot& plot : plots) {
    // The second line is whole; of the first, what it does not hide.
    EXPECT_GT(CountColumns(plot.plot.image, 0, 114, 178), 100) << plot.name;
    EXPECT_GT(CountColumns(plot.plot.image, 213, 94, 0), 700) << plot.name;
    EXPECT_EQ(CountColumns(plot.plot.image, 0, 158, 115), 0) << plot.name;
  }
  report_.results.pop_back();
  report_.results.pop_back();
  EXPECT_EQ(CountColumns(ReliabilityPlots(experiment_, report_)[0].plot.image, 213, 94, 0), 0);
}

TEST_F(ReliabilityReportTest, GoesIntoFilesAndOntoThePage) {
  const std::string folder = Path("figures");
  EXPECT_THAT(WriteFigures(experiment_, report_, {}, folder),
              ElementsAre(folder + "/reliability_nyu_2.png", folder + "/sparsification_nyu_2.png"));
  EXPECT_TRUE(std::filesystem::exists(folder + "/sparsification_nyu_2.png"));
  const ReportPage page = MakeReportPage(experiment_, report_, {});
  EXPECT_EQ(page.tables.size(), 4u);
  ASSERT_EQ(page.plots.size(), 2u);
  EXPECT_THAT(HtmlReport(page), HasSubstr("nyu 2: errors by confidence"));
}

}  // namespace
}  // namespace dkn::report
