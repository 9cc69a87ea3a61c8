#ifndef DKN_SRC_REPORT_SWEEP_TABLE_H_
#define DKN_SRC_REPORT_SWEEP_TABLE_H_

#include <string>
#include <vector>

#include "src/eval/sweep.h"

namespace dkn::report {

// What a sweep's runs came to, as tables in Markdown, one for each metric: a row for each of its
// rows, a column for each of its columns on each set in each case. A cell is the mean over the
// seeds that have been run and, where there are several, +- their sample deviation and their
// number. The paper's figures stand in the first set's cells of the first metric. "-" stands where
// nothing was run yet, "failed" where all that was run failed. Below: how many steps and seconds
// the runs took, which are left and the command that runs them, which failed and why, and the
// sweep's note.
std::string MarkdownSweep(const eval::Sweep& sweep, const std::vector<eval::SweepRecord>& records);

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_SWEEP_TABLE_H_
