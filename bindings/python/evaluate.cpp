// dkn.lib._eval: experiments and files, which need the libraries of all file formats. dkn.evaluate
// and dkn.distributed use it.

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings/python/files.h"
#include "bindings/python/thread_count.h"
#include "src/eval/experiment.h"
#include "src/eval/runner.h"
#include "src/report/report.h"

namespace dkn::python {
namespace {

namespace py = pybind11;

// What an experiment is, and of whom: `source` is a path, or with `is_text` what such a file holds.
struct Source {
  std::string source;
  bool is_text = false;
  std::vector<std::string> methods;
  std::vector<std::string> sets;

  eval::Experiment Read() const {
    return eval::Select(is_text ? eval::ParseExperiment(source) : eval::ReadExperiment(source),
                        methods, sets);
  }
};

eval::RunOptions OptionsOf(const std::string& data, int limit, const std::string& results,
                           int max_memory) {
  eval::RunOptions options;
  options.data = data;
  options.limit = limit;
  options.results = results;
  options.max_memory_mb = max_memory;
  return options;
}

// The rows as JSON, the tables as Markdown, problems, and what is missing. `failures`: of images by
// their keys. `progress` is None or called with (done, total).
py::tuple Evaluate(const Source& source, const std::string& data, int limit,
                   const std::string& results, int max_memory, int thread_count,
                   const std::map<std::string, std::string>& failures, const py::object& progress) {
  std::string rows;
  std::string tables;
  eval::Report report;
  eval::RunOptions options = OptionsOf(data, limit, results, max_memory);
  options.failures = failures;
  if (!progress.is_none()) {
    options.progress = [&progress](int done, int total) {
      const py::gil_scoped_acquire python;
      progress(done, total);
    };
  }
  {
    const py::gil_scoped_release other_threads_run;
    const auto threads = Threads(thread_count);
    const eval::Experiment experiment = source.Read();
    report = eval::RunExperiment(experiment, options);
    rows = report::JsonReport(experiment, report);
    tables = report::MarkdownReport(experiment, report);
  }
  return py::make_tuple(rows, tables, report.problems, report.missing);
}

using TaskTuple = std::tuple<int, int, int, int, std::string, std::string>;  // eval::ImageTask

class SplitExperiment {
 public:
  SplitExperiment(const Source& source, const std::string& data, int limit,
                  const std::string& results, int max_memory, int thread_count)
      : threads_(thread_count),
        split_(source.Read(), OptionsOf(data, limit, results, max_memory)) {}

  std::vector<TaskTuple> Left() {
    const py::gil_scoped_release other_threads_run;
    std::vector<TaskTuple> tuples;
    for (const eval::ImageTask& task : split_.Left()) {
      tuples.emplace_back(task.method, task.in_case, task.set, task.image, task.key, task.name);
    }
    return tuples;
  }

  // Of each its line and its failure.
  std::vector<std::pair<std::string, std::string>> Measure(const std::vector<TaskTuple>& tuples) {
    const py::gil_scoped_release other_threads_run;
    const auto threads = Threads(threads_);
    std::vector<eval::ImageTask> tasks;
    for (const auto& [method, in_case, set, image, key, name] : tuples) {
      tasks.push_back({method, in_case, set, image, key, name});
    }
    std::vector<std::pair<std::string, std::string>> pairs;
    for (eval::ImageOutcome& outcome : split_.Measure(tasks)) {
      pairs.emplace_back(std::move(outcome.line), std::move(outcome.failure));
    }
    return pairs;
  }

 private:
  const int threads_;
  eval::SplitExperiment split_;
};

}  // namespace
}  // namespace dkn::python

PYBIND11_MODULE(_eval, module) {
  pybind11::module_::import("dkn.lib._dkn");  // which makes Python's errors of ours
  namespace py = pybind11;
  using dkn::python::Source;
  using dkn::python::SplitExperiment;
  py::class_<Source>(module, "Source")
      .def(py::init<std::string, bool, std::vector<std::string>, std::vector<std::string>>());
  module.def("evaluate", &dkn::python::Evaluate);
  py::class_<SplitExperiment>(module, "SplitExperiment")
      .def(py::init<const Source&, const std::string&, int, const std::string&, int, int>())
      .def("left", &SplitExperiment::Left)
      .def("measure", &SplitExperiment::Measure);
  dkn::python::AddFiles(module);
}
