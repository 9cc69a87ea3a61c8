#include "cli/frame_options.h"

#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "dkn/error.h"
#include "dkn/upsample_files.h"
#include "src/io/frame_files.h"

namespace dkn {
namespace {

// What was chosen, for who asked for no method.
void Tell(const std::vector<MethodChoice>& choices) {
  for (const MethodChoice& choice : choices) {
    std::fprintf(stderr, "dkn: %.3gx: used %s%s%s%s\n", choice.scale, choice.method.c_str(),
                 choice.reason.empty() ? "" : " (", choice.reason.c_str(),
                 choice.reason.empty() ? "" : ")");
  }
}

// Of one image, beside what is always told, what a person at a terminal wants to know.
void Tell(const FileResult& result, const TargetOptions& said) {
  const UpsamplerOptions& options = said.task.options;
  TellNotes(result.notes);
  TellFindings(result.findings, said);
  TellWildValues(result.wild_values, result.wildest_value);
  if (isatty(STDERR_FILENO) == 0) {
    return;
  }
  if (result.holes > result.findings.zero_holes.pixels && !options.placement.cameras) {
    std::fprintf(stderr, "dkn: %.3g %% of the target's pixels are holes\n", result.holes_percent);
  }
  if (options.upsample.fidelity_iterations > 0) {
    std::fprintf(stderr, "dkn: shrunk again, the result differs from the target by %.4g (RMS)\n",
                 result.residual);
  }
}

FileResult RunOne(const FrameOptions& options) {
  ProgressLine line;
  FileTask task = options.task;
  task.options.upsample.progress = [&line](double done) {
    line(done);
    return true;
  };
  FileResult result = UpsampleFile(options.names, task, options.raw);
  TellPrecision(options.task.options.network.precision);
  return result;
}

void RunMany(const FrameOptions& options) {
  ProgressLine line("frames");
  const FilesResult result = UpsampleFiles(options.names, options.task, options.first, options.last,
                                           [&line](int done, int total) { line(done, total); });
  TellPrecision(options.task.options.network.precision);
  for (const FileFailure& failure : result.failures) {
    std::fprintf(stderr, "dkn: frame %s: %s\n", failure.frame.c_str(), failure.reason.c_str());
  }
  TellNotes(result.notes);
  TellFindings(result.findings, options, result.frames);
  TellWildValues(result.wild_values, result.wildest_value,
                 " in " + std::to_string(result.wild_frames) + " of " +
                     std::to_string(result.frames) + " frames");
  Tell(result.choices);
  if (!result.failures.empty()) {
    throw Error(std::to_string(result.failures.size()) + " of " + std::to_string(result.frames) +
                " frames failed, each told above");
  }
}

}  // namespace

void AddFramesOptions(CLI::App& command, FrameOptions& options) {
  command
      .add_option("--first", options.first,
                  "Of frames by pattern: the first number. With both, every number between must "
                  "exist; else all that exist are taken")
      ->check(AtLeast(0));
  command.add_option("--last", options.last, "The last number")->check(AtLeast(0));
  command.add_option(
      "--raw", options.raw,
      "WxH or WxH:WxH: TARGET, a pipe or file or - for standard input, holds raw frames of this "
      "size, and so will the output; one frame alone may become an image, as depth.png. With the "
      "second size GUIDE holds as many frames of it, else it is a picture, the same for all. Where "
      "both are -, each frame is its guide and then its target. Behind a size, after a comma, "
      "stands ffmpeg's name of the pixels, as in 80x60,grayf32le:640x480,nv12; without it "
      "gray16le of TARGET, 16 bits, and rgb24 of GUIDE");
  command.add_option(
      "--associations", options.names.pairing.associations,
      "Of two folders: a list in which each line names a file of each, as TUM's associations.txt "
      "(time file time file)");
  command
      .add_option("--max-time", options.names.pairing.max_time,
                  "Of two folders whose files are named by times, or two lists of times and files "
                  "(rgb.txt): each target has the nearest guide, at most these seconds away")
      ->check(NumberFrom("0", "1000000000"));
}

void RunFrames(FrameOptions& options) {
  options.names.confidence = options.confidence;
  const FramePairing& pairing = options.names.pairing;
  const bool paired = !pairing.associations.empty() || pairing.max_time;
  const bool many = options.raw.empty() && (paired || AreManyFrames(options.names.target));
  CheckPairing(options.names, many, options.first || options.last);
  if (many) {
    RunMany(options);
  } else if (options.raw.empty() || HasImageEnding(options.names.output)) {
    const FileResult result = RunOne(options);
    Tell(result, options);
    Tell(result.choices);
  } else {
    const StreamResult result = UpsampleStream(options.names, options.task, options.raw);
    TellNotes(result.notes);
    Tell(result.choices);
  }
}

}  // namespace dkn
