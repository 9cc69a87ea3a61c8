#include <malloc.h>
#include <omp.h>
#include <torch/torch.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <string>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/train/pair_files.h"
#include "src/train/ranks.h"
#include "src/train/run.h"
#include "src/train/segmentation_config.h"
#include "src/train/segmentation_run.h"
#include "src/train/sweep_command.h"

namespace dkn::train {
namespace {

struct Options {
  std::string experiment;
  RunOptions run;
  int threads = 0;
  std::string pack;
  int pack_crops = 190;
  int pack_size = 256;
};

// On a terminal, a line with step, loss and time left; elsewhere, one for each validation.
class Progress {
 public:
  void RoomsRendered(int done, int all) {
    if (terminal_ && Seconds() > 2.0) {
      std::printf("\r\033[Krendered %d of %d rooms, %.0f s left", done, all,
                  Seconds() / done * (all - done));
      std::fflush(stdout);
    }
  }

  void operator()(const RunProgress& progress, const std::optional<LogRow>& row) {
    const std::int64_t step = progress.step;
    const char* clear = terminal_ ? "\r\033[K" : "";
    if (first_ < 0) {
      first_ = step - 1;
      first_at_ = Seconds();
      if (SupportedPrecision(progress.precision) != progress.precision) {
        std::printf("%sthis processor has no instructions for %s: the steps are in fp32\n", clear,
                    PrecisionName(progress.precision).c_str());
        std::fflush(stdout);
      }
    }
    if (!row) {
      return;
    }
    if (row->validation) {
      std::printf("%sstep %lld: loss %.5f, validation %.4f %s\n", clear,
                  static_cast<long long>(step), row->loss, *row->validation, progress.unit.c_str());
      std::fflush(stdout);
    } else if (terminal_) {
      const double left = (Seconds() - first_at_) / static_cast<double>(step - first_) *
                          static_cast<double>(progress.steps - step);
      std::printf("%sstep %lld of %lld: loss %.5f, %.0f min left", clear,
                  static_cast<long long>(step), static_cast<long long>(progress.steps), row->loss,
                  left / 60.0);
      std::fflush(stdout);
    }
  }

 private:
  double Seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  const bool terminal_ = isatty(STDOUT_FILENO) == 1;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::int64_t first_ = -1;  // step at which this process began
  double first_at_ = 0.0;    // when it had taken one, seconds from the start
};

void Train(Options options) {
  const auto bytes = ReadFileBytes(options.experiment);
  const std::string text(bytes.begin(), bytes.end());
  Progress progress;
  if (Rank() == 0) {
    options.run.rooms_rendered = [&progress](int done, int all) {
      progress.RoomsRendered(done, all);
    };
  }
  const Report report = Rank() == 0 ? Report(std::ref(progress))
                                    : [](const RunProgress&, const std::optional<LogRow>&) {};
  (IsSegmentation(text) ? RunSegmentation : RunTraining)(text, options.run, report);
}

int Run(int argc, char** argv) {
  CLI::App app("Train a joint filter's network as an experiment file says, or go on with a run");
  Options options;
  app.add_option("EXPERIMENT", options.experiment, "experiments/train/*.json");
  app.add_option("--data", options.run.data, "Training pairs: a folder or a pack");
  app.add_option("--validation", options.run.validation,
                 "Validation pairs: a folder or a pack, instead of the experiment's");
  auto* out = app.add_option("--out", options.run.out, "Model file to write in the end");
  app.add_option("--work", options.run.work,
                 "Folder for checkpoints, log and curves; a run found there goes on (default: the "
                 "model file's name and .train)");
  app.add_option_function<std::string>(
         "--storage",
         [&options](const std::string& name) { options.run.storage = ParseStorageType(name); },
         "Values of the model file: f32, f16 or bf16")
      ->default_str("f32");
  app.add_option("--threads", options.threads, "0: one for each processor")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  app.add_option(
         "--pack", options.pack,
         "Train nothing: write crops of the training pairs to this file, for a machine that "
         "has neither the images nor the libraries that read them")
      ->excludes(out);
  app.add_option("--pack-crops", options.pack_crops, "How many")->capture_default_str();
  app.add_option("--pack-size", options.pack_size, "Pixels a side")->capture_default_str();
  app.footer(
      "Example: dkn-train experiments/train/fdkn_x8.json --data ../shared/data/nyu_train "
      "--out models/fdkn_x8.safetensors\n"
      "         mpirun -n 2 dkn-train ... : two processes, each with the experiment's batch");
  const std::function<int()> sweep = AddSweep(app);
  CLI11_PARSE(app, argc, argv);

  if (app.got_subcommand("sweep")) {
    if (RankCount() > 1) {
      throw Error("a sweep is one process, which starts the others: without mpirun, by --jobs");
    }
    return sweep();
  }
  if (options.experiment.empty() || options.run.data.empty()) {
    throw Error("EXPERIMENT or --data is missing: what shall be trained, and on what?");
  }
  if (!options.pack.empty() && RankCount() > 1) {
    throw Error("--pack is the work of one process: without mpirun");
  }
  if (!options.pack.empty()) {
    WritePack(options.pack, CropPairs(ReadPairs(options.run.data), options.pack_crops,
                                      options.pack_size, /*seed=*/1));
    return 0;
  }
  if (options.run.out.empty()) {
    throw Error("--out is missing: where shall the model go?");
  }
  if (options.run.work.empty()) {
    options.run.work = options.run.out + ".train";
  }
  // LibTorch counts cores, which some virtual machines report as one; OpenMP counts processors.
  torch::set_num_threads(options.threads == 0 ? ProcessorsOfRank() : options.threads);
  Train(options);
  return 0;
}

// A rank that cannot go on ends the others, which would wait for it.
int RunOrEnd(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    const std::string who = RankCount() > 1 ? "rank " + std::to_string(Rank()) + ": " : "";
    std::fprintf(stderr, "dkn-train: %s%s\n", who.c_str(), error.what());
    EndRanks();
    return 1;
  }
}

}  // namespace
}  // namespace dkn::train

int main(int argc, char** argv) {
  // Every step takes and frees the same large tensors: keeping the memory halves the kernel's part.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2000000000);
  try {
    const dkn::train::RankSession ranks;
    return dkn::train::RunOrEnd(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dkn-train: %s\n", error.what());
    return 1;
  }
}
