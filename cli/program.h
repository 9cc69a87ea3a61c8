#ifndef DKN_CLI_PROGRAM_H_
#define DKN_CLI_PROGRAM_H_

#include <span>

#include "cli/command.h"

namespace dkn {

using AddCommand = void (*)(CLI::App& app);

// The program `dkn` with these of its commands, in the order that --help shows: runs the one that
// the arguments name. Gives the exit status.
int RunProgram(std::span<const AddCommand> commands, int argc, char** argv);

}  // namespace dkn

#endif  // DKN_CLI_PROGRAM_H_
