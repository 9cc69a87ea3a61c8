// What of a sweep is left to run.
#include <algorithm>
#include <filesystem>
#include <iterator>

#include "dkn/error.h"
#include "src/core/in_context.h"
#include "src/train/sweep.h"
#include "src/train/sweep_folder.h"
#include "src/train/training_config.h"

namespace dkn::train {
namespace {

namespace fs = std::filesystem;
using eval::SweepRecord;
using eval::SweepRun;

// Whether the name begins with one of these.
bool IsAmong(const std::string& name, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const std::string& text) { return name.starts_with(text); });
}

bool IsFresh(const SweepRun& run, const SweepOptions& options) {
  return IsAmong(run.name, options.fresh) ||
         std::count(options.fresh.begin(), options.fresh.end(), "all") > 0;
}

void CheckBeginnings(const eval::Sweep& sweep, const std::vector<std::string>& beginnings,
                     const char* option) {
  for (const std::string& text : beginnings) {
    if (text != "all" &&
        std::none_of(sweep.runs.begin(), sweep.runs.end(),
                     [&](const SweepRun& run) { return run.name.starts_with(text); })) {
      throw Error(std::string(option) + ": no run's name begins with '" + text +
                  "'; the first one is '" + sweep.runs.front().name + "'");
    }
  }
}

// Whether what is there of the run was made by another configuration, or measured in another way
// by weights that are gone.
bool HasChanged(const eval::Sweep& sweep, const SweepRun& run, const SweepFolder& folder,
                const SweepRecord* record) {
  if (folder.IsOfAnother(run)) {
    return true;
  }
  return record != nullptr && record->error.empty() &&
         (record->configuration != eval::ConfigurationKey(run) ||
          (record->evaluation != eval::EvaluationKey(sweep) && !folder.HasModel()));
}

PlannedRun PlanRun(const eval::Sweep& sweep, const SweepRun& run, const SweepFolder& folder,
                   const SweepRecord* record) {
  const std::int64_t taken = folder.HasCheckpoint() ? folder.ReadPace().step : 0;
  const std::int64_t left = folder.HasModel() ? 0 : run.steps - std::min(run.steps, taken);
  if (record != nullptr && !record->error.empty()) {
    return {&run, RunState::kFailed, left};
  }
  if (record != nullptr && record->evaluation == eval::EvaluationKey(sweep)) {
    return {&run, RunState::kDone, 0};
  }
  const bool begun = folder.HasCheckpoint() || folder.HasModel();
  return {&run, begun ? RunState::kBegun : RunState::kNew, left};
}

// What other sweeps have in the same folder.
std::vector<SweepRecord> RecordsOfOthers(const std::string& results) {
  const fs::path own = fs::absolute(results);
  std::vector<SweepRecord> records;
  if (!fs::is_directory(own.parent_path())) {
    return records;
  }
  for (const auto& entry : fs::directory_iterator(own.parent_path())) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(eval::kResultsEnd) || name == own.filename().string()) {
      continue;
    }
    try {
      std::vector<SweepRecord> read = eval::ReadRecords(entry.path().string());
      std::move(read.begin(), read.end(), std::back_inserter(records));
    } catch (const Error&) {
      // An experiment's results end with the same letters.
    }
  }
  return records;
}

// Where the same training was measured in the same way, under whatever name.
void Share(const std::vector<SweepRecord>& others, const eval::Sweep& sweep, PlannedRun& planned) {
  const auto found = std::find_if(others.begin(), others.end(), [&](const SweepRecord& other) {
    return other.error.empty() && other.configuration == eval::ConfigurationKey(*planned.run) &&
           other.evaluation == eval::EvaluationKey(sweep);
  });
  if (found != others.end()) {
    planned = {planned.run, RunState::kShared, 0, false, *found};
    planned.shared.run = planned.run->name;
  }
}

}  // namespace

std::string ResultsOf(const SweepOptions& options) {
  return options.results.empty() ? eval::ResultsBeside(options.file) : options.results;
}

std::vector<PlannedRun> PlanSweep(const eval::Sweep& sweep, const SweepOptions& options) {
  for (const SweepRun& run : sweep.runs) {
    InContext(options.file + ": run '" + run.name + "'",
              [&] { ParseTrainingConfig(run.configuration); });
  }
  CheckBeginnings(sweep, options.only, "--only");
  CheckBeginnings(sweep, options.fresh, "--fresh");
  const std::vector<SweepRecord> records = eval::ReadRecords(ResultsOf(options));
  const std::vector<SweepRecord> others = RecordsOfOthers(ResultsOf(options));
  std::vector<PlannedRun> planned;
  std::string changed;
  for (const SweepRun& run : sweep.runs) {
    if (!options.only.empty() && !IsAmong(run.name, options.only)) {
      continue;
    }
    const SweepFolder folder(options.work, run);
    const SweepRecord* record = eval::FindRecord(records, run.name);
    if (IsFresh(run, options)) {
      planned.push_back({&run, RunState::kNew, run.steps, true});
    } else if (HasChanged(sweep, run, folder, record)) {
      changed += (changed.empty() ? "'" : "; '") + run.name + "'";
    } else {
      planned.push_back(PlanRun(sweep, run, folder, record));
      if (planned.back().state == RunState::kNew) {
        Share(others, sweep, planned.back());
      }
    }
  }
  if (!changed.empty()) {
    throw Error(options.file +
                ": says something else of these runs now than when they were run; --fresh NAME "
                "begins one anew, --fresh all every run: " +
                changed);
  }
  return planned;
}

}  // namespace dkn::train
