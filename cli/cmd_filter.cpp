#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/command.h"
#include "cli/frame_options.h"
#include "dkn/error.h"
#include "dkn/filter_image.h"
#include "dkn/io.h"
#include "dkn/registry.h"
#include "dkn/upsample_files.h"
#include "src/core/in_context.h"
#include "src/pipeline/sample_units.h"

namespace dkn {
namespace {

// One file that is guide and target.
bool IsItsOwnGuide(const FrameOptions& options) {
  const FrameNames& names = options.names;
  std::error_code code;  // of a file that is not there: reading it will tell
  return options.raw.empty() && !AreManyFrames(names.target) &&
         std::filesystem::equivalent(names.guide, names.target, code);
}

void RemoveTextureOf(const FrameOptions& options) {
  const FrameNames& names = options.names;
  if (options.SayHoles() || !options.task.packed.empty()) {
    throw Error(
        names.target +
        ": is its own guide; options of holes, masks, confidence and packed depth are for other "
        "targets");
  }
  const UpsamplerOptions& how = options.task.options;
  const auto filter =
      CreateFilter(how.method.empty() ? kTextureMethod : how.method, how.network, how.settings);
  std::vector<std::string> notes;
  ReadOptions reading;
  reading.guide = true;
  reading.notes = &notes;
  const FrameBuffer picture = ReadFrame(names.guide, reading);
  TellNotes(names.guide, notes);
  const int zeros = MeaningOf(ImageOf(picture), picture.type(), how).zero_holes;
  if (zeros > 0) {
    std::fprintf(stderr,
                 "dkn: %d pixels are 0, which is a value where TARGET is its own guide; with "
                 "another guide they are holes\n",
                 zeros);
  }
  const FrameBuffer smooth = InContext(
      names.guide, [&] { return RemoveFrameTexture(picture, *filter, how.upsample.iterations); });
  WriteFrame(names.output, smooth);
}

void Run(FrameOptions& options) {
  options.Apply();
  if (IsItsOwnGuide(options)) {
    const FrameNames& names = options.names;
    CheckOutput("-o", names.output, {names.guide, names.target, options.task.mask});
    RemoveTextureOf(options);
  } else {
    RunFrames(options);
  }
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
      ->add_option(
          "TARGET", options->names.target,
          "Picture or map of the guide's size, in any unit; each channel is filtered by "
          "itself. Values that are not finite are holes, and so is 0 of 16-bit depth "
          "(--invalid). May be the guide itself, to remove texture. A folder or a pattern, "
          "as depth_%04d.png, is many frames")
      ->required();
  command
      ->add_option("-o,--output", options->names.output,
                   "Result, in the target's type and unit where such a file can hold them, else "
                   "converted, see --scale; of frames a folder or a pattern")
      ->required();
  options->task.options.upsample.same_size = true;
  command->add_option("--model", options->task.options.method,
                      "Name of a method or model, or a model file; without it fdkn_any for maps, "
                      "fdkn_denoise for pictures, which changes them by no more than their noise "
                      "(of texture by any amount)");
  AddSetOption(*command, options->settings);
  command
      ->add_option("--iterations", options->task.options.upsample.iterations,
                   "How often to filter: each time after the first the target is the last result, "
                   "and so is the guide when TARGET is GUIDE (the paper removes texture in 4)")
      ->check(AtLeast(1))
      ->capture_default_str();
  AddHoleOptions(*command, *options);
  AddScaleOption(*command, *options);
  AddPackedOption(*command, *options);
  AddPrecisionOption(*command, options->precision);
  AddMaxMemoryOption(*command, options->task.options.network.max_memory_mb,
                     "of the whole program, and of the images and the network's work alone where "
                     "TARGET is GUIDE");
  AddThreadsOption(*command, options->threads);
  AddFramesOptions(*command, *options);
  command->footer(
      "Example: dkn filter flash.jpg noflash.jpg -o clean.png; depth: dkn filter rgb.png "
      "depth.png -o clean.png --holes keep; texture: dkn filter mosaic.jpg "
      "mosaic.jpg -o smooth.png --iterations 4; many frames: dkn filter rgb/ depth/ -o clean/");
  command->callback([options] { Run(*options); });
}

}  // namespace dkn
