#include <memory>

#include "cli/command.h"
#include "cli/frame_options.h"

namespace dkn {
namespace {

void Run(FrameOptions& options) {
  options.Apply();
  RunFrames(options);
}

}  // namespace

void AddFilter(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "filter", "Remove noise or texture from a picture or map with the help of another picture");
  const auto options = std::make_shared<FrameOptions>();
  command
      ->add_option(
          "GUIDE", options->names.guide,
          "Picture that shows the structure to keep: PNG, JPEG, TIFF, OpenEXR, PFM, PNM, BMP, "
          "WebP, NPY or NPZ; FILE:NAME is one channel, layer or array of several. Of frames a "
          "folder, a pattern such as rgb_%04d.png, or one picture for all of them")
      ->required();
  command
      ->add_option("TARGET", options->names.target,
                   "Picture or map of the guide's size, in any unit; each channel is filtered by "
                   "itself. Values that are not finite are holes, and so is 0 of 16-bit depth "
                   "(--invalid). May be the guide itself, a picture to remove texture or depth to "
                   "remove noise. A folder or a pattern, "
                   "as depth_%04d.png, is many frames")
      ->required();
  command
      ->add_option("-o,--output", options->names.output,
                   "Result, in the target's type and unit where such a file can hold them, else "
                   "converted, see --scale; of frames a folder or a pattern")
      ->required();
  options->task.options.upsample.same_size = true;
  command->add_option(
      "--model", options->task.options.method,
      "Name of a method or model, or a model file; without it fdkn_any for maps, "
      "fdkn_photo for colour pictures, which changes them by no more than their noise; "
      "fdkn_denoise for their texture, where GUIDE is TARGET, by any amount");
  AddSetOption(*command, options->settings);
  command
      ->add_option("--iterations", options->task.options.upsample.iterations,
                   "How often to filter: each time after the first the target is the last result, "
                   "and so is the guide when TARGET is GUIDE (the paper removes texture in 4)")
      ->check(IntegerFrom(1, 1000))
      ->capture_default_str();
  AddHoleOptions(*command, *options);
  AddScaleOption(*command, *options);
  AddPackedOption(*command, *options);
  AddPrecisionOption(*command, options->precision);
  AddOrientationsOption(*command, *options);
  AddMaxMemoryOption(*command, options->task.options.network.max_memory_mb,
                     "of the whole program (where that cannot be, the error tells the least)");
  AddThreadsOption(*command, options->threads);
  AddFramesOptions(*command, *options);
  command->footer(
      "Example: dkn filter flash.jpg noflash.jpg -o clean.png; depth: dkn filter rgb.png "
      "depth.png -o clean.png --holes keep; texture: dkn filter mosaic.jpg "
      "mosaic.jpg -o smooth.png --iterations 4; many frames: dkn filter rgb/ depth/ -o clean/");
  command->callback([options] { Run(*options); });
}

}  // namespace dkn
