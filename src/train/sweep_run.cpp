// One run of a sweep, which is a process of its own.
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "dkn/dkn.h"
#include "dkn/error.h"
#include "dkn/registry.h"
#include "src/core/file.h"
#include "src/eval/runner.h"
#include "src/train/run.h"
#include "src/train/sweep.h"
#include "src/train/sweep_folder.h"

namespace dkn::train {
namespace {

namespace fs = std::filesystem;

std::string TextOf(const std::string& path) {
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path);
  return {bytes.begin(), bytes.end()};
}

// Trains, or goes on, and keeps the folder's pace up to date.
void TrainIn(const SweepFolder& folder, const eval::Sweep& sweep, const eval::SweepRun& run,
             const std::string& data) {
  using Clock = std::chrono::steady_clock;
  const double earlier = folder.ReadPace().seconds;
  const Clock::time_point start = Clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  RunOptions options;
  options.data = (fs::path(data) / sweep.train).string();
  options.out = folder.Model();
  options.work = folder.path();
  double written = -10.0;
  std::int64_t last = 0;
  RunTraining(run.configuration, options,
              [&](const RunProgress& progress, const std::optional<LogRow>&) {
                last = progress.step;
                if (const double now = seconds(); now > written + 2.0) {
                  folder.WritePace({last, earlier + now});
                  written = now;
                }
              });
  folder.WritePace({last, earlier + seconds()});
}

// Throws Error where any image fails.
std::vector<eval::SweepFigure> Measure(const SweepFolder& folder, const eval::Sweep& sweep,
                                       const eval::SweepRun& run, const std::string& data) {
  const eval::Experiment experiment = eval::EvaluationOf(sweep, run.name, folder.Model());
  eval::RunOptions options;
  options.data = data;
  options.limit = sweep.images;
  options.results = folder.Evaluation();
  const eval::Report report = eval::RunExperiment(experiment, options);
  if (!report.problems.empty()) {
    throw Error(report.problems.front());
  }
  std::vector<eval::SweepFigure> figures;
  for (const eval::Result& result : report.results) {
    for (std::size_t i = 0; i < experiment.metrics.size(); ++i) {
      const eval::Statistics statistics = eval::StatisticsOf(result, i);
      if (statistics.count > 0) {
        figures.push_back({result.set, result.in_case, eval::ToString(experiment.metrics[i]),
                           statistics.mean, statistics.spread, statistics.count});
      }
    }
  }
  if (figures.empty()) {
    throw Error("none of the evaluation's sets is here: there is nothing to measure on");
  }
  return figures;
}

}  // namespace

bool SweepFolder::IsOfAnother(const eval::SweepRun& run) const {
  const std::string path = (path_ / "experiment.json").string();
  return fs::exists(path) && TextOf(path) != run.configuration;
}

std::optional<eval::SweepRecord> SweepFolder::ReadRecord() const {
  const std::vector<eval::SweepRecord> records = eval::ReadRecords(Record());
  return records.empty() ? std::nullopt : std::make_optional(records.front());
}

SweepFolder::Pace SweepFolder::ReadPace() const {
  Pace pace;
  std::ifstream file(PaceFile());
  return file >> pace.step >> pace.seconds ? pace : Pace{};
}

void SweepFolder::WritePace(const Pace& pace) const {
  std::ofstream(PaceFile()) << pace.step << " " << pace.seconds << "\n";
}

void RunOneOfSweep(const eval::Sweep& sweep, const std::string& name, const SweepOptions& options) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto found = std::find_if(sweep.runs.begin(), sweep.runs.end(),
                                  [&](const eval::SweepRun& run) { return run.name == name; });
  if (found == sweep.runs.end()) {
    throw Error(options.file + ": has no run '" + name + "'");
  }
  const eval::SweepRun& run = *found;
  const SweepFolder folder(options.work, run);
  if (!folder.HasModel()) {
    TrainIn(folder, sweep, run, options.data);
  }
  eval::SweepRecord record{run.name};
  record.configuration = eval::ConfigurationKey(run);
  record.evaluation = eval::EvaluationKey(sweep);
  record.steps = run.steps;
  record.figures = Measure(folder, sweep, run, options.data);
  record.seconds = folder.ReadPace().seconds;
  record.parameters = CostOf(folder.Model(), 640, 480)->parameters;
  record.loss = ReadLog((fs::path(folder.path()) / "log.csv").string()).back().loss;
  record.version = DKN_VERSION_STRING;
  WriteFileText(folder.Record(), eval::RecordLine(record));
}

}  // namespace dkn::train
