#ifndef DKN_CLI_COMMAND_H_
#define DKN_CLI_COMMAND_H_

#include <CLI/CLI.hpp>

namespace dkn {

// Each adds one command to the program: its options, an example, and what it does when chosen.
// Commands throw Error, which main prints.
void AddUpsample(CLI::App& app);
void AddFilter(CLI::App& app);
void AddInfo(CLI::App& app);
void AddCompare(CLI::App& app);
void AddEval(CLI::App& app);
void AddSynth(CLI::App& app);

// The option that SetThreads is called with.
inline void AddThreadsOption(CLI::App& command, int& threads) {
  command.add_option("--threads", threads, "0: one for each processor")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

}  // namespace dkn

#endif  // DKN_CLI_COMMAND_H_
