#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

#include "cli/command.h"
#include "cli/program.h"
#include "src/figures/known_leaks.h"

namespace {

// What is called for a frame at a time is in the program itself, and starts in a few milliseconds.
// What all other commands use are some sixty shared libraries more, which take longer to load than
// a frame to filter: they come with a module that is loaded when one of those is called.
constexpr struct {
  const char* name;
  dkn::AddCommand add;
} kQuickCommands[] = {{"upsample", dkn::AddUpsample}, {"filter", dkn::AddFilter}};

// The function of cli/all_commands.cpp; null, and a message, where there is no module.
int (*LoadAllCommands())(int, char**) {
  std::error_code failure;
  const std::filesystem::path program = std::filesystem::canonical("/proc/self/exe", failure);
  const std::string file = (program.parent_path() / DKN_COMMANDS_FROM_PROGRAM).string();
  void* const module = dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL);
  void* const run = module == nullptr ? nullptr : dlsym(module, "RunAllCommands");
  if (run == nullptr) {
    std::fprintf(
        stderr,
        "dkn: the program is not whole: %s. Its commands but upsample and filter lie in "
        "the folder beside bin that it was built or installed with; a link to it will do\n",
        dlerror());
  }
  return reinterpret_cast<int (*)(int, char**)>(run);
}

// Else the next file that is opened would be taken for the standard input or output that is closed.
// Opened the other way round, so that reading or writing fails as before.
void TakePlacesOfClosedFiles() {
  for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(file, F_GETFD) < 0) {
      (void)!open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  TakePlacesOfClosedFiles();
  const std::string name = argc > 1 ? argv[1] : "";
  for (const auto& command : kQuickCommands) {
    if (name == command.name) {
      return dkn::RunProgram({&command.add, 1}, argc, argv);
    }
  }
  const auto run = LoadAllCommands();
  return run == nullptr ? 1 : run(argc, argv);
}
