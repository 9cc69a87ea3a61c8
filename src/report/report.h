#ifndef DKN_SRC_REPORT_REPORT_H_
#define DKN_SRC_REPORT_REPORT_H_

#include <string>
#include <vector>

#include "src/core/text_table.h"
#include "src/eval/experiment.h"
#include "src/eval/runner.h"

namespace dkn::report {

// What an experiment measured, written for people, programs and papers. In tables a row is a
// method, a column a set in a case; "-" stands where nothing was measured, and figures of the paper
// belong to the first metric.

// The protocol of each case in one line.
std::vector<std::string> ProtocolLines(const eval::Experiment& experiment);

// Tables of cells, their head first: one for each metric; where there are several cases, one for
// each metric and set.
std::vector<std::vector<TextRow>> TableCells(const eval::Experiment& experiment,
                                             const eval::Report& report);

// Title, protocols, tables in Markdown, aligned to be read as plain text, those of reliability and
// of what networks take, how the two methods of the experiment's difference compare, the note and
// what is missing.
std::string MarkdownReport(const eval::Experiment& experiment, const eval::Report& report);

// One line for each method, set, case and metric: method, dataset, case, scale, metric, unit,
// value, spread, images, paper. After those of a result its ReliabilityFigures, without spread.
std::string CsvReport(const eval::Experiment& experiment, const eval::Report& report);

// A `tabular` of the first metric for LaTeX with the package booktabs: the best of each column in
// bold, the paper's figures in brackets.
std::string LatexReport(const eval::Experiment& experiment, const eval::Report& report);

// A JSON array of objects, in the CSV's order, with members method, dataset, scale, metric, unit,
// value, spread (or null), images (their number), paper (the published value, or null), of networks
// parameters and operations (CostTables), and, where the experiment has several protocols, case.
std::string JsonReport(const eval::Experiment& experiment, const eval::Report& report);

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_REPORT_H_
