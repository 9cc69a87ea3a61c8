#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "dkn/error.h"
#include "dkn/threads.h"
#include "dkn/upsample_files.h"

namespace dkn {
namespace {

struct Options {
  FrameNames names;
  FileTask task;
  std::string precision = "auto";
  std::vector<std::string> settings;
  std::string invalid;  // a number or none; empty: by the type
  std::string holes = "fill";
  std::string camera;  // empty: none
  std::string place;   // empty: none
  std::string raw;     // empty: none
  std::optional<int> first;
  std::optional<int> last;
  int threads = 0;
};

void ParseInvalid(const std::string& text, UpsamplerOptions& options) {
  if (text.empty()) {
    return;
  }
  options.invalid_rule = text == "none" ? InvalidRule::kNone : InvalidRule::kValue;
  std::istringstream stream(text);
  if (text != "none" && (!(stream >> options.invalid) || !stream.eof())) {
    throw Error("--invalid: '" + text + "' is no number; expected one, or none");
  }
}

// What was chosen, for who asked for no method.
void Tell(const std::vector<MethodChoice>& choices) {
  for (const MethodChoice& choice : choices) {
    std::fprintf(stderr, "dkn: %.3gx: used %s%s%s%s\n", choice.scale, choice.method.c_str(),
                 choice.reason.empty() ? "" : " (", choice.reason.c_str(),
                 choice.reason.empty() ? "" : ")");
  }
}

// What was taken for no measurement though nothing marks it; `where` says in which frames.
void TellWildValues(std::int64_t count, float wildest, const std::string& where = "") {
  const bool one = count == 1;
  if (count > 0) {
    std::fprintf(stderr,
                 "dkn: %lld value%s%s far from all others (%s%.6g) count%s as %s; "
                 "--keep-wild-values takes %s for real\n",
                 static_cast<long long>(count), one ? "" : "s", where.c_str(), one ? "" : "up to ",
                 wildest, one ? "s" : "", one ? "a hole" : "holes", one ? "it" : "them");
  }
}

// What reading changed, also where nobody looks at a terminal.
void TellNotes(const std::vector<FileNote>& notes) {
  for (const FileNote& note : notes) {
    const std::string others =
        note.files > 1 ? " (and " + std::to_string(note.files - 1) + " more)" : "";
    std::fprintf(stderr, "dkn: %s%s: %s\n", note.file.c_str(), others.c_str(), note.note.c_str());
  }
}

// Of one image, beside its wild values, what a person at a terminal wants to know.
void Tell(const FileResult& result, const UpsamplerOptions& options) {
  TellNotes(result.notes);
  TellWildValues(result.wild_values, result.wildest_value);
  if (isatty(STDERR_FILENO) == 0) {
    return;
  }
  if (result.holes > 0 && !options.placement.cameras) {
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
  SetThreads(options.threads);
  UpsamplerOptions& how = options.task.options;
  how.network.precision = ChosenPrecision(options.precision);
  how.settings = ChosenSettings(options.settings);
  ParseInvalid(options.invalid, how);
  how.upsample.holes = ParseHoleMode(options.holes);
  if (!options.camera.empty()) {
    how.placement.cameras = ReadCameraPair(options.camera);
  }
  if (!options.place.empty()) {
    how.placement.place = ParseRectangle(options.place);
  }
  const bool many = options.raw.empty() && AreManyFrames(options.names.target);
  if ((options.first || options.last) && !(many && IsFramePattern(options.names.target))) {
    throw Error("--first and --last are for patterns of frames, such as depth_%04d.png");
  }
  if (many) {
    UpsampleMany(options);
  } else if (options.raw.empty() || HasImageEnding(options.names.output)) {
    const FileResult result = UpsampleFile(options.names, options.task, options.raw);
    Tell(result, how);
    Tell(result.choices);
  } else {
    Tell(UpsampleStream(options.names, options.task, options.raw));
  }
}

void AddScaleOption(CLI::App& command, Options& options) {
  command
      .add_option(
          "--scale", options.task.options.step,
          "Metres that one step of 16-bit integers is: a 16-bit target becomes float metres "
          "in .pfm and .exr (holes NaN), a float target 16 bits in .png (holes 0; an error "
          "where a value does not fit). Without effect where the result's file can hold "
          "the target's type, as .npy and .tif always can")
      ->check(CLI::Range(1e-9, 1e6))
      ->capture_default_str();
}

void AddHoleOptions(CLI::App& command, Options& options) {
  command.add_option("--invalid", options.invalid,
                     "The value that stands for a hole, in target and result, or none. Default: 0 "
                     "of integers; of floats those alone that are not finite");
  command.add_option(
      "--mask", options.task.mask,
      "Image of TARGET's size, of one channel, that is 0 where TARGET has a hole too; "
      "of frames one for all");
  command.add_flag("--keep-wild-values", options.task.options.upsample.keep_wild_values,
                   "Take isolated values more than 4 times as large as all others for real, else "
                   "they are told and count as holes; with --invalid none they are real");
  command
      .add_option("--holes", options.holes,
                  "fill: a value everywhere; keep: holes stay; measured: values where the kernel "
                  "has support, see --support")
      ->check(CLI::IsMember({"fill", "keep", "measured"}))
      ->capture_default_str();
  command
      .add_option("--support", options.task.options.upsample.least_support,
                  "For --holes measured: the least share of the kernel's weight on measured pixels")
      ->check(CLI::Range(0.001, 1.0))
      ->capture_default_str();
  command
      .add_option("--hole-refinements", options.task.options.upsample.hole_refinements,
                  "How often holes are filled anew by what the method made of them, each for half "
                  "of a network's time; 0: by the guide alone")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command
      .add_option("--fidelity", options.task.options.upsample.fidelity_iterations,
                  "Iterations of back-projection: the result, shrunk again, returns the target, "
                  "and its noise; 5 are enough")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command.add_option("--confidence", options.names.confidence,
                     "Write for each pixel how far to trust it, 0 to 1 (in PNG 65535 is 1); of "
                     "frames a folder or a pattern of its own, of --raw a file or a pipe, which "
                     "gets gray16le frames, 65535 for 1");
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
      "size, 16-bit little-endian (ffmpeg's gray16le), and so will the output; one frame alone may "
      "become an image, as depth.png. With the second size GUIDE holds as many frames of it in "
      "8-bit R,G,B (rgb24), else it is a picture, the same for all. Where both are -, each frame "
      "is its guide and then its target");
}

void AddGeometryOptions(CLI::App& command, Options& options) {
  CLI::Option* camera = command.add_option(
      "--camera", options.camera,
      "JSON file of both cameras (docs/streams.md): TARGET is moved from the depth camera's view "
      "into the picture's first; what that leaves unmeasured are holes, and so are values of 0 and "
      "less");
  command
      .add_option("--place", options.place,
                  "X,Y,WIDTH,HEIGHT: TARGET covers this part of the guide alone, in its pixels; "
                  "around it are holes in the result, whatever --holes says")
      ->excludes(camera);
}

constexpr const char* kFooter =
    "Example: dkn upsample examples/room_rgb.png examples/room_depth.png -o depth.png\n"
    "Many frames:\n"
    "  dkn upsample rgb/ depth/ -o sharp/    (files of equal names but for the ending)\n"
    "  dkn upsample rgb_%04d.png depth_%04d.png -o sharp_%04d.png --first 1 --last 500\n"
    "  ffmpeg -i depth.mkv -fps_mode passthrough -f rawvideo -pix_fmt gray16le - |\n"
    "    dkn upsample room.png - --raw 640x480 -o - |\n"
    "    ffmpeg -f rawvideo -pix_fmt gray16le -video_size 1280x960 -i - -c:v ffv1 sharp.mkv";

}  // namespace

void AddUpsample(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "upsample", "Bring a depth map (or any map) to a picture's size and sharpness");
  const auto options = std::make_shared<Options>();
  command
      ->add_option(
          "GUIDE", options->names.guide,
          "Picture: PNG, JPEG, TIFF, OpenEXR, PFM, PNM, BMP, NPY or NPZ; FILE:NAME is one channel, "
          "layer or array of several; "
          "of frames a folder, a pattern such as "
          "rgb_%04d.png, or one picture for all of them")
      ->required();
  command
      ->add_option("TARGET", options->names.target,
                   "Map to upsample, no larger than the guide, in any unit; values that are not "
                   "finite are holes, and so is 0 of integers (--invalid). A folder or a pattern, "
                   "as depth_%04d.png, is many frames")
      ->required();
  command
      ->add_option(
          "-o,--output", options->names.output,
          "Result, at the guide's size, in the target's type and unit where such a file can hold "
          "them, else converted, see --scale; of frames a folder or a pattern")
      ->required();
  AddScaleOption(*command, *options);
  command->add_option(
      "--model", options->task.options.method,
      "Name of a method or model, or a model file; without it what fits the ratio of "
      "sizes: fdkn_denoise up to 1.2, fdkn_any below 3.4, else the nearest of "
      "fdkn_x4, fdkn_x8 and fdkn_x16");
  AddSetOption(*command, options->settings);
  AddHoleOptions(*command, *options);
  AddPrecisionOption(*command, options->precision);
  AddMaxMemoryOption(*command, options->task.options.network.max_memory_mb);
  AddThreadsOption(*command, options->threads);
  AddFramesOptions(*command, *options);
  AddGeometryOptions(*command, *options);
  command->footer(kFooter);
  command->callback([options] { Run(*options); });
}

}  // namespace dkn
