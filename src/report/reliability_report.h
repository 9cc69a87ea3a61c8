#ifndef DKN_SRC_REPORT_RELIABILITY_REPORT_H_
#define DKN_SRC_REPORT_RELIABILITY_REPORT_H_

#include <string>
#include <vector>

#include "src/eval/experiment.h"
#include "src/eval/runner.h"
#include "src/report/html_report.h"

namespace dkn::report {

// What an experiment says of confidence: for each set on which a method tells one. A row or line is
// a method in a case. All are empty where the experiment does not ask for it.

// For each set two tables: RMSE and mean confidence of each tenth of the pixels, the least
// confident first; and how the RMSE falls as pixels are dropped (Sparsification).
std::vector<ReportTable> ReliabilityTables(const eval::Experiment& experiment,
                                           const eval::Report& report);

struct NamedPlot {
  std::string name;  // reliability_SET or sparsification_SET
  ReportPlot plot;
};

// Two plots for each set that ReliabilityTables has tables of: RMSE against confidence, and RMSE
// against the share of pixels that is dropped, beside an oracle that drops the largest errors.
std::vector<NamedPlot> ReliabilityPlots(const eval::Experiment& experiment,
                                        const eval::Report& report);

struct NamedFigure {
  std::string name;
  std::string unit;
  double value = 0.0;
};

// The tables' figures of one result, for programs.
std::vector<NamedFigure> ReliabilityFigures(const eval::Result& result, const std::string& unit);

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_RELIABILITY_REPORT_H_
