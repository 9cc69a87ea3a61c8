// What stands for the sweeps in a build without dkn::io.
#include "dkn/error.h"
#include "src/train/sweep_command.h"

namespace dkn::train {

std::function<int()> AddSweep(CLI::App& app) {
  app.add_subcommand("sweep", "Not in this build, which has no dkn::io to measure with");
  return []() -> int { throw Error("sweep: this build has no dkn::io to measure with"); };
}

}  // namespace dkn::train
