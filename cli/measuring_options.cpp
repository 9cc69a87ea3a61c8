#include "cli/measuring_options.h"

#include <filesystem>

#include "cli/command.h"
#include "dkn/threads.h"

namespace dkn {

void AddMeasuringOptions(CLI::App& command, MeasuringOptions& options, const std::string& ending) {
  command.add_option("--data", options.run.data, "Folder in which the sets lie")->required();
  command.add_option("--sets", options.sets, "Only these sets, by label; several by commas");
  command
      .add_option("--limit", options.run.limit,
                  "Only the first N images of each set, for a quick look")
      ->check(AtLeast(1));
  command.add_option("--results", options.run.results,
                     "Keep the result of each image in this file, and take from it what is there: "
                     "so a run that was cut short goes on. Default: NAME." +
                         ending + " in the current folder for NAME.json");
  command.add_flag("--fresh", options.fresh, "Begin that file anew");
  command
      .add_option("--max-memory", options.run.max_memory_mb,
                  "In MB, for all images that are measured at a time; 0: half of what is free")
      ->check(AtLeast(0));
  AddThreadsOption(command, options.threads);
}

void BeginMeasuring(MeasuringOptions& options, const std::string& ending) {
  namespace fs = std::filesystem;
  if (options.run.results.empty()) {
    options.run.results = fs::path(options.experiment).stem().string() + "." + ending;
  }
  CheckOutput("--results", options.run.results, {options.experiment});
  SetThreads(options.threads);
  if (options.fresh) {
    fs::remove(options.run.results);
  }
}

}  // namespace dkn
