#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "cli/target_options.h"
#include "dkn/error.h"
#include "dkn/upsample_files.h"
#include "src/core/in_context.h"

namespace dkn {
namespace {

struct Options : TargetOptions {
  FrameNames names;
  std::string camera;  // empty: none
  std::string place;   // empty: none
  std::string raw;     // empty: none
  std::optional<int> first;
  std::optional<int> last;
};

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

void UpsampleMany(const Options& options) {
  ProgressLine line("frames");
  const FilesResult result = UpsampleFiles(options.names, options.task, options.first, options.last,
                                           [&line](int done, int total) { line(done, total); });
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

void Run(Options& options) {
  options.Apply();
  options.names.confidence = options.confidence;
  UpsamplerOptions& how = options.task.options;
  if (!options.camera.empty()) {
    how.placement.cameras = ReadCameraPair(options.camera);
  }
  if (!options.place.empty()) {
    how.placement.place = InContext("--place", [&] { return ParseRectangle(options.place); });
  }
  const FramePairing& pairing = options.names.pairing;
  const bool paired = !pairing.associations.empty() || pairing.max_time;
  const bool many = options.raw.empty() && (paired || AreManyFrames(options.names.target));
  if (paired && (!many || IsFramePattern(options.names.target))) {
    throw Error("--associations and --max-time are for the frames of two folders");
  }
  if ((options.first || options.last) && !(many && IsFramePattern(options.names.target))) {
    throw Error("--first and --last are for patterns of frames, such as depth_%04d.png");
  }
  if (many) {
    UpsampleMany(options);
  } else if (options.raw.empty() || HasImageEnding(options.names.output)) {
    const FileResult result = UpsampleFile(options.names, options.task, options.raw);
    Tell(result, options);
    Tell(result.choices);
  } else {
    const StreamResult result = UpsampleStream(options.names, options.task, options.raw);
    TellNotes(result.notes);
    Tell(result.choices);
  }
}

void AddFramesOptions(CLI::App& command, Options& options) {
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
      "stands ffmpeg's name of the pixels, as in 80x60,grayf32le:640x480,bgr24; without it "
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

void AddGeometryOptions(CLI::App& command, Options& options) {
  CLI::Option* camera = command.add_option(
      "--camera", options.camera,
      "JSON file of both cameras (docs/streams.md): TARGET is moved from the depth camera's view "
      "into the picture's first; what that leaves unmeasured are holes, and so are values of 0 and "
      "less");
  command
      .add_option(
          "--place", options.place,
          "X,Y,WIDTH,HEIGHT: TARGET covers this part of the guide alone, in its pixels (else the "
          "whole, and it is told where its shape is another); "
          "around it are holes in the result, whatever --holes says")
      ->excludes(camera);
}

constexpr const char* kFooter =
    "Example: dkn upsample examples/room_rgb.png examples/room_depth.png -o depth.png\n"
    "Many frames:\n"
    "  dkn upsample rgb/ depth/ -o sharp/    (files of equal names but for the ending)\n"
    "  dkn upsample rgb_%04d.png depth_%04d.png -o sharp_%04d.png --first 1 --last 500\n"
    "  dkn upsample rgb/ depth/ -o sharp/ --max-time 0.02    (names are times)\n"
    "  ffmpeg -i depth.mkv -fps_mode passthrough -f rawvideo -pix_fmt gray16le - |\n"
    "    dkn upsample room.png - --raw 640x480 -o - |\n"
    "    ffmpeg -f rawvideo -pix_fmt gray16le -video_size 1280x960 -i - -c:v ffv1 sharp.mkv";

}  // namespace

void AddUpsample(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "upsample", "Bring a depth map (or any map) to a picture's size and sharpness");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("GUIDE", options->names.guide,
                   "Picture: PNG, JPEG, TIFF, OpenEXR, PFM, PNM, BMP, WebP, NPY or NPZ; FILE:NAME "
                   "is one channel, "
                   "layer or array of several. Values of 10 or 12 bits, floats beyond 1 and counts "
                   "are brought into range, and told; "
                   "of frames a folder, a pattern such as "
                   "rgb_%04d.png, or one picture for all of them")
      ->required();
  command
      ->add_option("TARGET", options->names.target,
                   "Map to upsample, no larger than the guide, in any unit; values that are not "
                   "finite are holes, and so is 0 of 16-bit depth (--invalid). A folder or a "
                   "pattern, as depth_%04d.png, is many frames")
      ->required();
  command
      ->add_option(
          "-o,--output", options->names.output,
          "Result, at the guide's size, in the target's type and unit where such a file can hold "
          "them, else converted, see --scale; of frames a folder or a pattern. A file of its own; "
          "of a link the one that it leads to")
      ->required();
  AddScaleOption(*command, *options);
  AddPackedOption(*command, *options);
  command->add_option(
      "--model", options->task.options.method,
      "Name of a method or model, or a model file; without it what fits the ratio of "
      "sizes and the noise: fdkn_any below 3.4 or where TARGET is noisy, else the nearest of "
      "fdkn_x4, fdkn_x8 and fdkn_x16; fdkn_denoise for pictures of GUIDE's size");
  AddSetOption(*command, options->settings);
  AddHoleOptions(*command, *options);
  command
      ->add_option("--fidelity", options->task.options.upsample.fidelity_iterations,
                   "Iterations of back-projection: the result, shrunk again, returns the target, "
                   "and its noise; 5 are enough")
      ->check(IntegerFrom(0, 1000))
      ->capture_default_str();
  AddPrecisionOption(*command, options->precision);
  AddMaxMemoryOption(*command, options->task.options.network.max_memory_mb,
                     "of the whole program (where that cannot be, the error tells the least)");
  AddThreadsOption(*command, options->threads);
  AddFramesOptions(*command, *options);
  AddGeometryOptions(*command, *options);
  command->footer(kFooter);
  command->callback([options] { Run(*options); });
}

}  // namespace dkn
