#ifndef DKN_CLI_FRAME_OPTIONS_H_
#define DKN_CLI_FRAME_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "cli/target_options.h"

namespace dkn {

// Where the frames of `dkn upsample` and `dkn filter` come from and go to: one file, many or raw
// streams.
struct FrameOptions : TargetOptions {
  FrameNames names;
  std::string raw;  // empty: none
  std::optional<int> first;
  std::optional<int> last;
};

// --first, --last, --raw, --associations and --max-time.
void AddFramesOptions(CLI::App& command, FrameOptions& options);

// Does the task with the frames, whichever they are, and tells of them, after Apply. Throws Error
// where options do not suit the frames, and where one fails.
void RunFrames(FrameOptions& options);

}  // namespace dkn

#endif  // DKN_CLI_FRAME_OPTIONS_H_
