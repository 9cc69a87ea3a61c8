#ifndef DKN_SRC_TRAIN_SWEEP_H_
#define DKN_SRC_TRAIN_SWEEP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "src/eval/sweep.h"

namespace dkn::train {

struct SweepOptions {
  std::string file;        // of the sweep
  std::string data;        // folder in which the training pairs and the sets of evaluation lie
  std::string work;        // folder for a folder of each run
  std::string results;     // file of SweepRecords; empty: ResultsBeside
  std::string program;     // dkn-train itself, which runs are processes of
  std::int64_t steps = 0;  // of each run, with which the sweep was read; 0: the file's
  int limit = 0;           // of the evaluation's images, which the sweep has; 0: the file's
  int jobs = 1;            // runs at a time
  int threads = 0;         // of all jobs together; 0: one for each processor
  std::vector<std::string> only;   // runs whose names begin with one of these; none: all
  std::vector<std::string> fresh;  // likewise, to be begun anew; "all": every one
};

// kShared: another sweep has run it.
enum class RunState { kDone, kShared, kFailed, kBegun, kNew };

// The file that a sweep's results go to.
std::string ResultsOf(const SweepOptions& options);

// A run and what is known of it before any is started.
struct PlannedRun {
  const eval::SweepRun* run;
  RunState state;
  std::int64_t steps_left;        // of training; 0: it is to be measured only, or nothing at all
  bool fresh = false;             // what is there of it does not count
  eval::SweepRecord shared = {};  // of a run that is
};

// The runs that the options choose, in the sweep's order. Changes nothing. Throws Error for a
// configuration that is none, an `only` or `fresh` that no run's name begins with, and where
// results or folders are of runs whose configuration was another one: it names them, and --fresh.
// A run that has neither is shared where another sweep's results, *.results.jsonl in the folder of
// this one's, hold one of the same configuration that was measured in the same way.
std::vector<PlannedRun> PlanSweep(const eval::Sweep& sweep, const SweepOptions& options);

// What is told of a sweep at work.
struct SweepProgress {
  int ended = 0;  // of the runs that were left
  int failed = 0;
  int total = 0;
  std::vector<std::string> running;  // "NAME, step 200 of 1500"
  double seconds_left = -1.0;        // below 0: not known yet
};

// Both are called by the calling thread: `ended` after each run, `progress` about every second.
struct SweepReport {
  std::function<void(const eval::SweepRecord&, const SweepProgress&)> ended;
  std::function<void(const SweepProgress&)> progress;
};

// Takes over the results of runs that are shared, and runs what else PlanSweep says is left, failed
// ones again, each as a process of its own, so that one that fails or is killed leaves the others
// as they are. What ends is in the file of results at once; a sweep that was killed goes on where
// it was, and its runs at their last checkpoints. Returns how many failed. Throws Error as
// PlanSweep does, where the data are missing, and where another sweep is at work in the same
// folder.
int RunSweep(const eval::Sweep& sweep, const SweepOptions& options, const SweepReport& report);

// The process of one run: trains, measures, and leaves its SweepRecord in its folder. Ends with
// the process that started it.
void RunOneOfSweep(const eval::Sweep& sweep, const std::string& name, const SweepOptions& options);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_SWEEP_H_
