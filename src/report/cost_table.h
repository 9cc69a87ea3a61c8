#ifndef DKN_SRC_REPORT_COST_TABLE_H_
#define DKN_SRC_REPORT_COST_TABLE_H_

#include <vector>

#include "src/eval/experiment.h"
#include "src/eval/runner.h"
#include "src/report/html_report.h"

namespace dkn::report {

// A table with a row for each method of the experiment that is a network: trained values, in
// millions, and 10^9 multiplications and additions for a frame of 640 x 480 with one channel to
// filter. None where no method is a network.
std::vector<ReportTable> CostTables(const eval::Experiment& experiment, const eval::Report& report);

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_COST_TABLE_H_
