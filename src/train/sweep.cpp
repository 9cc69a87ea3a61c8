#include "src/train/sweep.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>
#include <utility>

#include "dkn/dkn.h"
#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/json_members.h"
#include "src/train/sweep_folder.h"
#include "src/train/training_config.h"

namespace dkn::train {
namespace {

namespace fs = std::filesystem;
using eval::SweepRecord;
using eval::SweepRun;

// Of a run's process that ended badly: the last line that it printed.
std::string FailureOf(int status, const SweepFolder& folder) {
  if (WIFSIGNALED(status)) {
    return std::string("killed by signal ") + std::to_string(WTERMSIG(status)) + " (" +
           strsignal(WTERMSIG(status)) + ")";
  }
  std::ifstream file(folder.Output());
  std::string last = "its process ended with status " + std::to_string(WEXITSTATUS(status));
  for (std::string line; std::getline(file, line);) {
    last = line.empty() ? last : line;
  }
  const std::string program = "dkn-train: ";
  return last.starts_with(program) ? last.substr(program.size()) : last;
}

// Throws Error where a folder is missing that every run needs: in the beginning, not after hours.
void CheckFolders(const eval::Sweep& sweep, const std::string& data) {
  std::vector<std::string> folders = {sweep.train};
  for (const eval::EvaluationSet& set : eval::EvaluationOf(sweep, "a run", "bicubic").sets) {
    if (set.missing.empty()) {
      folders.push_back(set.data.path);
    }
  }
  for (const std::string& folder : folders) {
    if (const fs::path path = fs::path(data) / folder; !fs::exists(path)) {
      throw Error(path.string() + ": is not there, and the sweep needs it; --data is the folder " +
                  "that holds '" + folder + "'");
    }
  }
}

// A sweep at work: it owns the folder, the file of results and the processes.
class Sweeper {
 public:
  Sweeper(const eval::Sweep& sweep, const SweepOptions& options, const SweepReport& report)
      : sweep_(sweep), options_(options), report_(report) {
    fs::create_directories(options.work);
    lock_ = open((fs::path(options.work) / "lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
    if (lock_ < 0 || flock(lock_, LOCK_EX | LOCK_NB) != 0) {
      throw Error(options.work + ": another sweep is at work there, or it cannot be written to");
    }
  }
  ~Sweeper() {
    for (const Job& job : jobs_) {
      kill(job.process, SIGKILL);
      waitpid(job.process, nullptr, 0);
    }
    close(lock_);
  }
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

  int Run() {
    records_ = eval::ReadRecords(ResultsOf(options_));
    std::deque<PlannedRun> left;
    for (const PlannedRun& planned : PlanSweep(sweep_, options_)) {
      if (planned.state == RunState::kShared) {
        Keep(planned.shared);
      } else if (planned.state != RunState::kDone) {
        left.push_back(planned);
      }
    }
    progress_.total = static_cast<int>(left.size());
    for (const PlannedRun& planned : left) {
      Forget(planned);
    }
    auto told = std::chrono::steady_clock::now();
    while (!left.empty() || !jobs_.empty()) {
      while (!left.empty() && jobs_.size() < static_cast<std::size_t>(options_.jobs)) {
        Start(left.front());
        left.pop_front();
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      Collect(left);
      if (const auto now = std::chrono::steady_clock::now(); now - told > std::chrono::seconds(1)) {
        told = now;
        Describe(left);
        report_.progress(progress_);
      }
    }
    return progress_.failed;
  }

 private:
  struct Job {
    PlannedRun planned;
    pid_t process;
    SweepFolder folder;
    double seconds_before;  // that the run had taken already
  };

  // What does not count any more of a run that is to be run.
  void Forget(const PlannedRun& planned) {
    const SweepFolder folder(options_.work, *planned.run);
    if (planned.fresh) {
      fs::remove_all(folder.path());
    }
    fs::remove(folder.Record());
  }

  void Start(const PlannedRun& planned) {
    const SweepFolder folder(options_.work, *planned.run);
    fs::create_directories(folder.path());
    std::vector<std::string> arguments = {
        options_.program,
        "sweep",
        options_.file,
        "--data",
        options_.data,
        "--work",
        options_.work,
        "--one",
        planned.run->name,
        "--threads",
        std::to_string(std::max(1, options_.threads / options_.jobs))};
    const std::pair<const char*, std::int64_t> numbers[] = {{"--steps", options_.steps},
                                                            {"--limit", options_.limit}};
    for (const auto& [option, number] : numbers) {
      if (number > 0) {
        arguments.insert(arguments.end(), {option, std::to_string(number)});
      }
    }
    std::vector<char*> argv;
    for (std::string& argument : arguments) {
      argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, folder.Output().c_str(),
                                     O_CREAT | O_WRONLY | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    pid_t process = -1;
    const int error =
        posix_spawn(&process, options_.program.c_str(), &files, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0) {
      throw Error(options_.program + ": cannot be started: " + std::strerror(error));
    }
    jobs_.push_back({planned, process, folder, folder.ReadPace().seconds});
  }

  // Takes in what has ended.
  void Collect(const std::deque<PlannedRun>& left) {
    for (std::size_t i = 0; i < jobs_.size();) {
      int status = 0;
      if (waitpid(jobs_[i].process, &status, WNOHANG) != jobs_[i].process) {
        ++i;
        continue;
      }
      const Job job = jobs_[i];
      jobs_.erase(jobs_.begin() + static_cast<std::ptrdiff_t>(i));
      SweepRecord record = RecordOf(job, status);
      ++progress_.ended;
      progress_.failed += record.error.empty() ? 0 : 1;
      Keep(record);
      Describe(left);
      report_.ended(record, progress_);
    }
  }

  SweepRecord RecordOf(const Job& job, int status) const {
    if (status == 0) {
      if (const std::optional<SweepRecord> record = job.folder.ReadRecord()) {
        return *record;
      }
    }
    SweepRecord record{job.planned.run->name};
    record.error = FailureOf(status, job.folder);
    record.configuration = eval::ConfigurationKey(*job.planned.run);
    record.evaluation = eval::EvaluationKey(sweep_);
    record.steps = job.folder.ReadPace().step;
    record.seconds = job.folder.ReadPace().seconds;
    record.version = DKN_VERSION_STRING;
    return record;
  }

  // The file of results is whole at all times, its lines in the sweep's order.
  void Keep(const SweepRecord& record) {
    std::erase_if(records_, [&](const SweepRecord& old) { return old.run == record.run; });
    records_.push_back(record);
    const auto place = [&](const SweepRecord& item) {
      return std::find_if(sweep_.runs.begin(), sweep_.runs.end(),
                          [&](const SweepRun& run) { return run.name == item.run; });
    };
    std::stable_sort(
        records_.begin(), records_.end(),
        [&](const SweepRecord& a, const SweepRecord& b) { return place(a) < place(b); });
    std::string text;
    for (const SweepRecord& item : records_) {
      text += eval::RecordLine(item);
    }
    WriteFileText(ResultsOf(options_), text);
  }

  void Describe(const std::deque<PlannedRun>& left) {
    progress_.running.clear();
    for (const Job& job : jobs_) {
      progress_.running.push_back(job.planned.run->name + ", step " +
                                  std::to_string(job.folder.ReadPace().step) + " of " +
                                  std::to_string(job.planned.run->steps));
    }
    progress_.seconds_left = SecondsLeft(left);
  }

  // By what steps of runs of the same kind of network took, or, where there was none, any step;
  // what runs now counts as well.
  double SecondsLeft(const std::deque<PlannedRun>& left) const {
    struct Effort {
      double steps = 0.0;
      double seconds = 0.0;
    };
    std::map<std::string, Effort> efforts;
    const auto add = [&](const std::string& kind, double steps, double seconds) {
      for (const std::string& key : {kind, std::string()}) {
        efforts[key].steps += steps;
        efforts[key].seconds += seconds;
      }
    };
    double all = 0.0;
    for (const SweepRun& run : sweep_.runs) {
      const SweepRecord* record = eval::FindRecord(records_, run.name);
      if (record != nullptr && record->error.empty()) {
        add(KindOf(run), static_cast<double>(record->steps), record->seconds);
      }
    }
    for (const Job& job : jobs_) {
      const SweepFolder::Pace pace = job.folder.ReadPace();
      add(KindOf(*job.planned.run), static_cast<double>(pace.step), pace.seconds);
    }
    if (efforts[""].steps < 1.0) {
      return -1.0;
    }
    const auto expected = [&](const SweepRun& run, std::int64_t steps) {
      const Effort& own = efforts[KindOf(run)];
      const Effort& effort = own.steps < 1.0 ? efforts[""] : own;
      return static_cast<double>(steps) * effort.seconds / effort.steps;
    };
    for (const PlannedRun& planned : left) {
      all += expected(*planned.run, planned.steps_left);
    }
    for (const Job& job : jobs_) {
      all += expected(*job.planned.run, job.planned.run->steps - job.folder.ReadPace().step);
    }
    return all / static_cast<double>(options_.jobs);
  }

  // Of the network.
  static std::string KindOf(const SweepRun& run) {
    const TrainingConfig config = ParseTrainingConfig(run.configuration);
    return config.network                                  ? config.network->name
           : config.architecture.kind == NetworkKind::kDkn ? "dkn"
                                                           : "fdkn";
  }

  const eval::Sweep& sweep_;
  const SweepOptions& options_;
  const SweepReport& report_;
  int lock_ = -1;
  std::vector<SweepRecord> records_;
  std::vector<Job> jobs_;
  SweepProgress progress_;
};

}  // namespace

int RunSweep(const eval::Sweep& sweep, const SweepOptions& options, const SweepReport& report) {
  PlanSweep(sweep, options);  // what it refuses leaves no folder behind
  CheckFolders(sweep, options.data);
  return Sweeper(sweep, options, report).Run();
}

}  // namespace dkn::train
