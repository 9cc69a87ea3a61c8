#include "src/report/reliability_report.h"

#include <utility>

#include "src/core/number_text.h"
#include "src/core/text_table.h"
#include "src/eval/reliability.h"
#include "src/figures/figure.h"

namespace dkn::report {
namespace {

constexpr int kParts = 10;
constexpr int kPlotParts = 20;
constexpr std::size_t kStep = 10;  // percent from one column to the next
constexpr int kBlack = 6;          // Series::colour

// The results on a set whose methods tell a confidence, in the report's order.
std::vector<const eval::Result*> ResultsOn(const eval::EvaluationSet& set,
                                           const eval::Report& report) {
  std::vector<const eval::Result*> results;
  for (const eval::Result& result : report.results) {
    if (result.set == set.label && !result.reliability.by_confidence.empty()) {
      results.push_back(&result);
    }
  }
  return results;
}

std::string LabelOf(const eval::Result& result) {
  return result.in_case.empty() ? result.method : result.method + ", " + result.in_case;
}

std::string InUnit(const std::string& quantity, const eval::EvaluationSet& set) {
  return set.unit.empty() ? quantity : quantity + ", " + set.unit;
}

std::string Percent(std::size_t percent) {
  return std::to_string(percent) + " %";
}

ReportTable TenthsTable(const eval::EvaluationSet& set,
                        const std::vector<const eval::Result*>& results) {
  ReportTable table;
  table.caption = set.label + ": " + InUnit("RMSE", set) +
                  " (mean confidence), of each tenth of the pixels, the least confident first";
  table.head = {"method"};
  for (int part = 1; part <= kParts; ++part) {
    table.head.push_back(std::to_string(part));
  }
  for (const eval::Result* result : results) {
    TextRow& row = table.rows.emplace_back(1, LabelOf(*result));
    for (const eval::ReliabilityBin& bin : eval::Reliability(result->reliability, kParts)) {
      row.push_back(FixedText(bin.rmse, 3) + " (" + FixedText(bin.confidence, 2) + ")");
    }
  }
  return table;
}

ReportTable SparsificationTable(const eval::EvaluationSet& set,
                                const std::vector<const eval::Result*>& results) {
  ReportTable table;
  table.caption = set.label + ": " + InUnit("RMSE", set) +
                  ", of what is left without the least confident pixels (without the largest "
                  "errors); area between the two (AUSE)";
  table.head = {"method"};
  for (const eval::Result* result : results) {
    const eval::Sparsification curve = eval::Sparsify(result->reliability);
    TextRow& row = table.rows.emplace_back(1, LabelOf(*result));
    for (std::size_t i = 0; i < curve.rmse.size(); i += kStep) {
      if (result == results[0]) {
        table.head.push_back(Percent(i));
      }
      row.push_back(FixedText(curve.rmse[i], 3) + " (" + FixedText(curve.oracle[i], 3) + ")");
    }
    row.push_back(FixedText(curve.ause, 3));
    row.push_back(FixedText(curve.random_ause, 3));
  }
  table.head.insert(table.head.end(), {"AUSE", "AUSE at random"});
  return table;
}

Image ReliabilityPlot(const eval::EvaluationSet& set,
                      const std::vector<const eval::Result*>& results) {
  std::vector<figures::Series> lines;
  for (const eval::Result* result : results) {
    figures::Series& line = lines.emplace_back();
    line.label = LabelOf(*result);
    for (const eval::ReliabilityBin& bin : eval::Reliability(result->reliability, kPlotParts)) {
      line.xs.push_back(bin.confidence);
      line.ys.push_back(bin.rmse);
    }
  }
  return figures::LinePlot(lines, {.x_label = "mean confidence of each twentieth of the pixels",
                                   .y_label = InUnit("RMSE", set) + " (" + set.label + ")",
                                   .log_y = true});
}

Image SparsificationPlot(const eval::EvaluationSet& set,
                         const std::vector<const eval::Result*>& results) {
  std::vector<figures::Series> lines;
  for (std::size_t i = 0; i < results.size(); ++i) {
    eval::Sparsification curve = eval::Sparsify(results[i]->reliability);
    figures::Series line{LabelOf(*results[i]), {}, std::move(curve.rmse), static_cast<int>(i)};
    for (std::size_t percent = 0; percent < line.ys.size(); ++percent) {
      line.xs.push_back(static_cast<double>(percent));
    }
    figures::Series oracle{"", line.xs, std::move(curve.oracle), line.colour, true};
    lines.push_back(std::move(line));
    lines.push_back(std::move(oracle));
  }
  lines.push_back({"largest errors dropped first", {}, {}, kBlack, true});
  return figures::LinePlot(lines,
                           {.x_label = "least confident pixels dropped, %",
                            .y_label = InUnit("RMSE of the others", set) + " (" + set.label + ")"});
}

template <typename Body>
void ForEachSet(const eval::Experiment& experiment, const eval::Report& report, const Body& body) {
  for (const eval::EvaluationSet& set : experiment.sets) {
    const std::vector<const eval::Result*> results = ResultsOn(set, report);
    if (!results.empty()) {
      body(set, results);
    }
  }
}

}  // namespace

std::vector<ReportTable> ReliabilityTables(const eval::Experiment& experiment,
                                           const eval::Report& report) {
  std::vector<ReportTable> tables;
  ForEachSet(experiment, report, [&](const eval::EvaluationSet& set, const auto& results) {
    tables.push_back(TenthsTable(set, results));
    tables.push_back(SparsificationTable(set, results));
  });
  return tables;
}

std::vector<NamedPlot> ReliabilityPlots(const eval::Experiment& experiment,
                                        const eval::Report& report) {
  std::vector<NamedPlot> plots;
  ForEachSet(experiment, report, [&](const eval::EvaluationSet& set, const auto& results) {
    plots.push_back({"reliability_" + set.label,
                     {set.label + ": errors by confidence", ReliabilityPlot(set, results)}});
    plots.push_back({"sparsification_" + set.label,
                     {set.label + ": errors without the least confident pixels, and without the "
                                  "largest errors",
                      SparsificationPlot(set, results)}});
  });
  return plots;
}

std::vector<NamedFigure> ReliabilityFigures(const eval::Result& result, const std::string& unit) {
  std::vector<NamedFigure> figures;
  if (result.reliability.by_confidence.empty()) {
    return figures;
  }
  int part = 0;
  for (const eval::ReliabilityBin& bin : eval::Reliability(result.reliability, kParts)) {
    const std::string of = " of tenth " + std::to_string(++part) + " by confidence";
    figures.push_back({"RMSE" + of, unit, bin.rmse});
    figures.push_back({"confidence" + of, "", bin.confidence});
  }
  const eval::Sparsification curve = eval::Sparsify(result.reliability);
  for (std::size_t i = 0; i < curve.rmse.size(); i += kStep) {
    figures.push_back({"RMSE without the least confident " + Percent(i), unit, curve.rmse[i]});
    figures.push_back({"RMSE without the worst " + Percent(i), unit, curve.oracle[i]});
  }
  figures.push_back({"AUSE", "", curve.ause});
  figures.push_back({"AUSE at random", "", curve.random_ause});
  return figures;
}

}  // namespace dkn::report
