#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/measuring_options.h"
#include "cli/progress_line.h"
#include "dkn/error.h"
#include "src/core/file.h"
#include "src/eval/sweep.h"
#include "src/report/html_report.h"
#include "src/report/pictures.h"
#include "src/report/report.h"
#include "src/report/sweep_table.h"

namespace dkn {
namespace {

constexpr char kResults[] = "results.jsonl";

struct EvalOptions : MeasuringOptions {
  std::vector<std::string> methods;
  // Files to write; empty: none.
  std::string markdown;
  std::string csv;
  std::string latex;
  std::string json;
  std::string figures;  // a folder
  std::string report;
  std::vector<std::string> shown;
};

void WriteText(const std::string& path, const std::string& text) {
  if (!path.empty()) {
    WriteFileText(path, text);
  }
}

eval::Report Run(const eval::Experiment& experiment, EvalOptions& options) {
  BeginMeasuring(options, kResults);
  ProgressLine line;
  options.run.progress = [&line](int done, int total) { line(done, total); };
  return eval::RunExperiment(experiment, options.run);
}

void WritePictures(const eval::Experiment& experiment, const eval::Report& report,
                   const EvalOptions& options) {
  if (options.figures.empty() && options.report.empty()) {
    return;
  }
  std::vector<report::CaseImage> images =
      report::ShowImages(experiment, report,
                         {.data = options.run.data,
                          .images = options.shown,
                          .middle_case_only = options.figures.empty(),
                          .kernels = !options.report.empty()});
  if (!options.figures.empty()) {
    report::WriteFigures(experiment, report, images, options.figures);
  }
  if (!options.report.empty()) {
    report::ReportPage page = report::MakeReportPage(experiment, report, std::move(images));
    page.footer = "dkn " DKN_VERSION " eval " + options.experiment;
    WriteText(options.report, report::HtmlReport(page));
  }
}

// The table of a sweep of dkn-train, whose results are there already: nothing is measured.
void DrawSweep(const EvalOptions& options) {
  if (!options.methods.empty() || !options.sets.empty() || options.fresh ||
      !options.figures.empty() || !options.csv.empty() || !options.latex.empty() ||
      !options.json.empty() || !options.report.empty()) {
    throw Error(options.experiment +
                ": is a sweep, whose table is drawn from its file of results; expected no options "
                "but --results and --markdown");
  }
  const eval::Sweep sweep = eval::ReadSweep(options.experiment);
  const std::string results =
      options.run.results.empty() ? eval::ResultsBeside(options.experiment) : options.run.results;
  const std::string text = report::MarkdownSweep(sweep, eval::ReadRecords(results));
  std::cout << text << std::flush;
  WriteText(options.markdown, text);
}

void Eval(EvalOptions& options) {
  for (const std::string& made :
       {options.markdown, options.csv, options.latex, options.json, options.report}) {
    CheckOutput("a result", made, {options.experiment});
  }
  if (eval::IsSweep(options.experiment)) {
    DrawSweep(options);
    return;
  }
  if (options.run.data.empty()) {
    throw Error("--data is missing: in which folder do the sets lie?");
  }
  const eval::Experiment experiment =
      eval::Select(eval::ReadExperiment(options.experiment), options.methods, options.sets);
  const eval::Report report = Run(experiment, options);
  if (report.reused > 0 && isatty(STDERR_FILENO) == 1) {
    std::fprintf(stderr, "dkn: %d of %d results are from %s; --fresh measures all anew\n",
                 report.reused, report.reused + report.measured, options.run.results.c_str());
  }
  const std::string text = report::MarkdownReport(experiment, report);
  std::cout << text << std::flush;
  WriteText(options.markdown, text);
  WriteText(options.csv, report::CsvReport(experiment, report));
  WriteText(options.latex, report::LatexReport(experiment, report));
  WriteText(options.json, report::JsonReport(experiment, report));
  WritePictures(experiment, report, options);
  for (const std::string& problem : report.problems) {
    std::cerr << problem << "\n";
  }
  if (!report.problems.empty()) {
    throw Error(options.experiment + ": the table has problems, listed above: " +
                std::to_string(report.problems.size()));
  }
}

}  // namespace

void AddEval(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "eval", "Measure methods on data sets, as an experiment file says: a table of the paper");
  const auto options = std::make_shared<EvalOptions>();
  command
      ->add_option("EXPERIMENT", options->experiment,
                   "Experiment file (JSON), or a sweep's of dkn-train, whose table is drawn from "
                   "NAME.results.jsonl beside it")
      ->required();
  AddMeasuringOptions(*command, *options, kResults);
  command->get_option("--data")->required(false);  // a sweep's table needs none
  command->add_option("--methods", options->methods,
                      "Only these rows, by label; several by commas");
  command->add_option("--markdown", options->markdown, "Write the tables to this file too");
  command->add_option("--csv", options->csv, "The same as comma-separated values");
  command->add_option("--latex", options->latex, "The same as a table for LaTeX");
  command->add_option("--json", options->json, "The same for programs");
  command->add_option("--figures", options->figures,
                      "Draw each method's result on one image of each set into this folder, and "
                      "times against errors, and errors by confidence, where the experiment has "
                      "them");
  command->add_option("--report", options->report,
                      "Write one HTML page with tables, plots, and images to compare and to look "
                      "into, kernels included");
  command->add_option("--show", options->shown,
                      "SET/NAME of an image for figures and report; several by spaces. Default: of "
                      "each set the one with the median score");
  command->footer(
      "Example: dkn eval experiments/table03.json --data ../shared/data --json "
      "table03.results.json");
  command->callback([options] { Eval(*options); });
}

}  // namespace dkn
