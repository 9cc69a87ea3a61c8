#ifndef DKN_SRC_TRAIN_SWEEP_COMMAND_H_
#define DKN_SRC_TRAIN_SWEEP_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>

namespace dkn::train {

// Adds `dkn-train sweep`. What is returned runs it once the arguments are parsed and gives the
// program's status. A build without dkn::io has no such command: it throws Error.
std::function<int()> AddSweep(CLI::App& app);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_SWEEP_COMMAND_H_
