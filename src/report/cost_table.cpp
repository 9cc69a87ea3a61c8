#include "src/report/cost_table.h"

#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/eval/trial_filter.h"

namespace dkn::report {

std::vector<ReportTable> CostTables(const eval::Experiment& experiment,
                                    const eval::Report& report) {
  ReportTable table;
  table.caption = "Networks";
  table.head = {"method", "million parameters",
                "GFLOP for " + SizeText(eval::kCostWidth, eval::kCostHeight)};
  for (const eval::Method& method : experiment.methods) {
    if (const auto cost = report.costs.find(method.label); cost != report.costs.end()) {
      table.rows.push_back({method.label,
                            FixedText(1e-6 * static_cast<double>(cost->second.parameters), 3),
                            FixedText(1e-9 * cost->second.operations, 1)});
    }
  }
  return table.rows.empty() ? std::vector<ReportTable>() : std::vector<ReportTable>{table};
}

}  // namespace dkn::report
