#include "cli/command.h"
#include "cli/program.h"
#include "dkn/export.h"

namespace {

// The command table, in the order that --help shows.
constexpr dkn::AddCommand kCommands[] = {
    dkn::AddUpsample,  dkn::AddFilter, dkn::AddSegment, dkn::AddInfo,  dkn::AddInspect,
    dkn::AddCompare,   dkn::AddEval,   dkn::AddTune,    dkn::AddBench, dkn::AddExport,
    dkn::AddCalibrate, dkn::AddSynth,  dkn::AddView,    dkn::AddServe,
};

}  // namespace

// What the module is loaded for (main.cpp): the program with all of its commands.
extern "C" DKN_EXPORT int RunAllCommands(int argc, char** argv) {
  return dkn::RunProgram(kCommands, argc, argv);
}
