#include "cli/program.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <new>
#include <numeric>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/stop_on_signals.h"
#include "dkn/error.h"

namespace dkn {
namespace {

int Fail(const char* message) {
  std::fprintf(stderr, "dkn: %s\n", message);
  return 1;
}

// How many letters to exchange, insert or leave out turn one word into the other.
std::size_t LettersApart(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);  // from a's first i letters to b's first j
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({exchanged, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

// Of these the one that `word` was meant to be: half of its letters are right. Empty: none.
std::string Nearest(const std::string& word, const std::vector<std::string>& names) {
  std::string nearest;
  std::size_t least = word.size() / 2 + 1;
  for (const std::string& name : names) {
    const std::size_t apart = LettersApart(word, name);
    if (apart < least) {
      least = apart;
      nearest = name;
    }
  }
  return nearest;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

// Throws an error that names the nearest of what there is, or `all`.
[[noreturn]] void Refuse(const std::string& word, const std::string& what,
                         const std::vector<std::string>& names, const std::string& all) {
  const std::string nearest = Nearest(word, names);
  throw ArgumentError("'" + word + "' is no " + what + "; " +
                      (nearest.empty() ? all : "did you mean " + nearest + "?"));
}

// The command of this name; null where the first argument is none, as in `dkn --version`. (CLI11
// would answer `dkn sinth --help` by the program's own help, and with success.)
const CLI::App* FindCommand(const CLI::App& app, const std::string& name) {
  if (name.empty() || name[0] == '-') {
    return nullptr;
  }
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == name) {
      return command;
    }
    names.push_back(command->get_name());
  }
  Refuse(name, "command", names, "there are " + Joined(names) + " (see --help)");
}

// CLI11 tells what is missing before what it does not know: of `--ouput x` that --output is.
void CheckOptionNames(const CLI::App& command, const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  for (const std::string& word : words) {
    const std::string name = word.substr(0, word.find('='));
    if (name == "--") {
      return;
    }
    if (name.starts_with("--") && std::find(names.begin(), names.end(), name) == names.end()) {
      const std::string of = "dkn " + command.get_name();
      Refuse(name, "option of `" + of + "`", names, "`" + of + " --help` lists them");
    }
  }
}

}  // namespace

int RunProgram(std::span<const AddCommand> commands, int argc, char** argv) {
  CLI::App app(
      "Joint image filtering with learned kernels: sharp depth from a poor depth map and "
      "a good picture");
  app.set_version_flag("--version", DKN_VERSION);
  app.require_subcommand(1);
  app.footer("`dkn COMMAND --help` tells a command's options and gives an example.");
  for (const AddCommand add : commands) {
    add(app);
  }
  try {
    StopOnSignals();
    if (const CLI::App* command = FindCommand(app, argc > 1 ? argv[1] : "")) {
      CheckOptionNames(*command, {argv + 2, argv + argc});
    }
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::Success& done) {  // --help, --version
    return app.exit(done);
  } catch (const CLI::ParseError& error) {
    return Fail((std::string(error.what()) + " (see --help)").c_str());
  } catch (const Error& error) {
    return Fail(error.what());
  } catch (const std::bad_alloc&) {
    return Fail("out of memory");
  } catch (const std::exception& error) {
    return Fail(error.what());
  }
}

}  // namespace dkn
