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

namespace {

// The command table, in the order that --help shows.
constexpr void (*kCommands[])(CLI::App&) = {
    dkn::AddUpsample, dkn::AddFilter, dkn::AddInfo,   dkn::AddInspect,   dkn::AddCompare,
    dkn::AddEval,     dkn::AddBench,  dkn::AddExport, dkn::AddCalibrate, dkn::AddSynth,
};

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

// CLI11 would answer `dkn sinth --help` by the program's own help, and with success.
void CheckCommand(CLI::App& app, const std::string& name) {
  constexpr std::size_t kMisspelt = 2;
  if (name.empty() || name[0] == '-') {
    return;
  }
  std::string nearest;
  std::size_t least = kMisspelt + 1;
  for (const CLI::App* command : app.get_subcommands({})) {
    const std::size_t apart = LettersApart(name, command->get_name());
    if (apart == 0) {
      return;
    }
    if (apart < least) {
      least = apart;
      nearest = command->get_name();
    }
  }
  throw dkn::ArgumentError("'" + name + "' is no command" +
                           (nearest.empty() ? "" : "; did you mean " + nearest + "?") +
                           " (see --help)");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Joint image filtering with learned kernels: sharp depth from a poor depth map and "
      "a good picture");
  app.set_version_flag("--version", DKN_VERSION);
  app.require_subcommand(1);
  app.footer("`dkn COMMAND --help` tells a command's options and gives an example.");
  for (const auto add : kCommands) {
    add(app);
  }
  try {
    dkn::StopOnSignals();
    CheckCommand(app, argc > 1 ? argv[1] : "");
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::Success& done) {  // --help, --version
    return app.exit(done);
  } catch (const CLI::ParseError& error) {
    return Fail((std::string(error.what()) + " (see --help)").c_str());
  } catch (const dkn::Error& error) {
    return Fail(error.what());
  } catch (const std::bad_alloc&) {
    return Fail("out of memory");
  } catch (const std::exception& error) {
    return Fail(error.what());
  }
}
