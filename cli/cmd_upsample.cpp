#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/frame_options.h"
#include "dkn/upsample_files.h"
#include "src/core/in_context.h"

namespace dkn {
namespace {

struct Options : FrameOptions {
  std::string camera;  // empty: none
  std::string place;   // empty: none
};

void Run(Options& options) {
  options.Apply();
  UpsamplerOptions& how = options.task.options;
  if (!options.camera.empty()) {
    how.placement.cameras = ReadCameraPair(options.camera);
  }
  if (!options.place.empty()) {
    how.placement.place = InContext("--place", [&] { return ParseRectangle(options.place); });
  }
  RunFrames(options);
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
