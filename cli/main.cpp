#include <cstdio>
#include <exception>
#include <new>
#include <string>

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
