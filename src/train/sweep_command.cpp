#include "src/train/sweep_command.h"

#include <omp.h>
#include <torch/torch.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "dkn/threads.h"
#include "src/core/file.h"
#include "src/core/number_text.h"
#include "src/core/text_table.h"
#include "src/report/sweep_table.h"
#include "src/train/sweep.h"

namespace dkn::train {
namespace {

namespace fs = std::filesystem;

struct SweepArguments {
  SweepOptions options;
  bool dry_run = false;
  std::string one;  // the run that this process is for
  std::string markdown;
};

std::string TimeText(double seconds) {
  if (seconds < 0.0) {
    return "time left not known yet";
  }
  const auto minutes = static_cast<long>(seconds / 60.0);
  return "about " +
         (minutes < 60
              ? std::to_string(minutes) + " min"
              : std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min") +
         " left";
}

std::string StateText(RunState state) {
  switch (state) {
    case RunState::kDone:
      return "done";
    case RunState::kShared:
      return "done by another sweep";
    case RunState::kFailed:
      return "failed, again";
    case RunState::kBegun:
      return "goes on";
    case RunState::kNew:
      return "new";
  }
  return "";
}

// What would run, and how many steps that is.
void PrintPlan(const std::vector<PlannedRun>& planned) {
  std::vector<TextRow> table = {{"run", "state", "steps left"}};
  std::int64_t steps = 0;
  int left = 0;
  for (const PlannedRun& item : planned) {
    table.push_back({item.run->name, StateText(item.state), std::to_string(item.steps_left)});
    steps += item.steps_left;
    left += item.state == RunState::kDone || item.state == RunState::kShared ? 0 : 1;
  }
  std::printf("%s\n%d of %zu runs are left, %lld steps together\n", AlignedTable(table).c_str(),
              left, planned.size(), static_cast<long long>(steps));
}

// The first figure, or what went wrong.
std::string Outcome(const eval::SweepRecord& record) {
  if (!record.error.empty()) {
    return "failed: " + record.error;
  }
  const eval::SweepFigure& figure = record.figures.front();
  return figure.metric + " " + FixedText(figure.mean, 3) + " on " + figure.set + ", " +
         FixedText(record.seconds, 0) + " s";
}

// On a terminal a line of what runs now; everywhere one for each run that has ended.
SweepReport Tell() {
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  const char* clear = terminal ? "\r\033[K" : "";
  return {[clear](const eval::SweepRecord& record, const SweepProgress& progress) {
            std::printf("%s%d of %d: %s: %s; %s\n", clear, progress.ended, progress.total,
                        record.run.c_str(), Outcome(record).c_str(),
                        TimeText(progress.seconds_left).c_str());
            std::fflush(stdout);
          },
          [terminal, clear](const SweepProgress& progress) {
            if (terminal && !progress.running.empty()) {
              std::printf("%s%d of %d done, %s; %s", clear, progress.ended, progress.total,
                          progress.running.front().c_str(),
                          TimeText(progress.seconds_left).c_str());
              std::fflush(stdout);
            }
          }};
}

int Sweep(SweepArguments& arguments) {
  SweepOptions& options = arguments.options;
  eval::Sweep sweep = eval::ReadSweep(options.file, options.steps);
  sweep.images = options.limit > 0 ? options.limit : sweep.images;
  options.threads = options.threads == 0 ? omp_get_num_procs() : options.threads;
  if (options.work.empty()) {
    options.work = fs::path(options.file).stem().string() + ".sweep";
  }
  if (options.results.empty()) {
    options.results = eval::ResultsBeside(options.file);
  }
  if (!arguments.one.empty()) {
    torch::set_num_threads(options.threads);
    SetThreads(options.threads);
    RunOneOfSweep(sweep, arguments.one, options);
    return 0;
  }
  if (arguments.dry_run) {
    PrintPlan(PlanSweep(sweep, options));
    return 0;
  }
  options.program = fs::read_symlink("/proc/self/exe").string();
  const int failed = RunSweep(sweep, options, Tell());
  const std::string table = report::MarkdownSweep(sweep, eval::ReadRecords(options.results));
  std::printf("\n%s", table.c_str());
  if (!arguments.markdown.empty()) {
    WriteFileText(arguments.markdown, table);
  }
  return failed > 0 ? 1 : 0;
}

}  // namespace

std::function<int()> AddSweep(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "sweep", "Train and measure many networks that differ in a few fields, as a sweep file says");
  const auto arguments = std::make_shared<SweepArguments>();
  SweepOptions& options = arguments->options;
  command->add_option("SWEEP", options.file, "Sweep file (JSON): docs/training.md")->required();
  command
      ->add_option("--data", options.data,
                   "Folder in which the training pairs and the sets of the evaluation lie")
      ->required();
  command->add_option("--work", options.work,
                      "Folder for a folder of each run, with checkpoint, log, weights and "
                      "evaluation; what is found there goes on (default: NAME.sweep in the current "
                      "folder for NAME.json)");
  command->add_option("--results", options.results,
                      "File of results, a line for each run; what is there is not run again "
                      "(default: NAME.results.jsonl beside NAME.json)");
  command->add_option("--only", options.only,
                      "Only runs whose names begin with this; several by spaces");
  command->add_option("--fresh", options.fresh,
                      "Begin runs whose names begin with this anew; all: every run");
  command->add_option("--jobs", options.jobs, "Runs at a time")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command
      ->add_option("--threads", options.threads, "Of all jobs together; 0: one for each processor")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command
      ->add_option("--steps", options.steps,
                   "Of each run, instead of the file's; give --results and --work too, since those "
                   "of another number are of other runs")
      ->check(CLI::Range(1, 1000000000));
  command
      ->add_option("--limit", options.limit,
                   "Measure on the first N images of each set, instead of the file's; give "
                   "--results and --work too")
      ->check(CLI::Range(1, 1000000));
  command->add_flag("--dry-run", arguments->dry_run, "List what would run, and run nothing");
  command->add_option("--markdown", arguments->markdown, "Write the table to this file too");
  command->add_option("--one", arguments->one, "This process is for that run")->group("");
  command->footer("Example: dkn-train sweep experiments/train/table09.json --data ../shared/data");
  return [arguments] { return Sweep(*arguments); };
}

}  // namespace dkn::train
