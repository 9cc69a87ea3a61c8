#ifndef DKN_CLI_TARGET_OPTIONS_H_
#define DKN_CLI_TARGET_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "dkn/upsample_files.h"

namespace dkn {

// What `dkn upsample` and `dkn filter` say of targets alike, and tell of them.
struct TargetOptions {
  FileTask task;
  std::string confidence;  // a file's name; empty: none
  std::string invalid;     // values, or none; empty: by what the target is
  std::string holes = "fill";
  std::optional<double> mask_at_least;
  std::string precision = "auto";
  std::vector<std::string> settings;
  int threads = 0;

  // Puts what was parsed into the task, and sets the number of threads. Throws Error for values
  // that mean nothing.
  void Apply();
};

// --invalid, --mask and its like, --keep-wild-values, --holes, --support, --hole-refinements and
// --confidence.
void AddHoleOptions(CLI::App& command, TargetOptions& options);
void AddOrientationsOption(CLI::App& command, TargetOptions& options);
void AddScaleOption(CLI::App& command, TargetOptions& options);
void AddPackedOption(CLI::App& command, TargetOptions& options);

// On standard error, also where nobody looks at a terminal: what reading changed, what was taken
// for a hole or may be one though no option says so. With `of_frames` > 0 of so many frames.
void TellNotes(const std::vector<FileNote>& notes);
void TellFindings(const TargetFindings& findings, const TargetOptions& options, int of_frames = 0);
void TellWildValues(std::int64_t count, float wildest, const std::string& where = "");

}  // namespace dkn

#endif  // DKN_CLI_TARGET_OPTIONS_H_
