#ifndef DKN_CLI_UPSAMPLING_OPTIONS_H_
#define DKN_CLI_UPSAMPLING_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "cli/frame_options.h"

namespace dkn {

// What `dkn upsample` and `dkn view` say alike: of frames, and of what is done with them.
struct UpsamplingOptions : FrameOptions {
  std::string camera;  // empty: none
  std::string place;   // empty: none

  // As TargetOptions::Apply, and reads the cameras.
  void Apply();
};

// GUIDE and TARGET; `more` ends what is told of each.
void AddUpsamplingNames(CLI::App& command, UpsamplingOptions& options,
                        const std::string& more = "");
// All the options but those of outputs.
void AddUpsamplingOptions(CLI::App& command, UpsamplingOptions& options);

}  // namespace dkn

#endif  // DKN_CLI_UPSAMPLING_OPTIONS_H_
