// dkn.lib._eval: experiments, which need the libraries of all file formats. dkn.evaluate uses it.

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "bindings/python/thread_count.h"
#include "src/eval/experiment.h"
#include "src/eval/runner.h"
#include "src/report/report.h"

namespace dkn::python {
namespace {

namespace py = pybind11;

// The rows as JSON, the tables as Markdown, problems, and what is missing. `source` is a path,
// or with `is_text` what such a file holds.
py::tuple Evaluate(const std::string& source, bool is_text, const std::string& data,
                   const std::vector<std::string>& methods, const std::vector<std::string>& sets,
                   int limit, const std::string& results, int max_memory, int thread_count) {
  std::string rows;
  std::string tables;
  eval::Report report;
  {
    const py::gil_scoped_release other_threads_run;
    const auto threads = Threads(thread_count);
    const eval::Experiment experiment = eval::Select(
        is_text ? eval::ParseExperiment(source) : eval::ReadExperiment(source), methods, sets);
    eval::RunOptions options;
    options.data = data;
    options.limit = limit;
    options.results = results;
    options.max_memory_mb = max_memory;
    report = eval::RunExperiment(experiment, options);
    rows = report::JsonReport(experiment, report);
    tables = report::MarkdownReport(experiment, report);
  }
  return py::make_tuple(rows, tables, report.problems, report.missing);
}

}  // namespace
}  // namespace dkn::python

PYBIND11_MODULE(_eval, module) {
  pybind11::module_::import("dkn.lib._dkn");  // which makes Python's errors of ours
  module.def("evaluate", &dkn::python::Evaluate);
}
