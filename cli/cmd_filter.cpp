#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/command.h"
#include "cli/target_options.h"
#include "dkn/error.h"
#include "dkn/filter_image.h"
#include "dkn/io.h"
#include "dkn/registry.h"
#include "dkn/upsample_files.h"
#include "src/core/in_context.h"
#include "src/pipeline/sample_units.h"

namespace dkn {
namespace {

struct FilterOptions : TargetOptions {
  std::string guide;
  std::string target;
  std::string output;
};

bool GuideIsTarget(const FilterOptions& options) {
  std::error_code code;  // of a file that is not there: reading it will tell
  return std::filesystem::equivalent(options.guide, options.target, code);
}

void RemoveTextureOf(const FilterOptions& options) {
  if (options.SayHoles() || !options.task.packed.empty()) {
    throw Error(
        options.target +
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
  const FrameBuffer picture = ReadFrame(options.guide, reading);
  TellNotes(options.guide, notes);
  const int zeros = MeaningOf(ImageOf(picture), picture.type(), how).zero_holes;
  if (zeros > 0) {
    std::fprintf(stderr,
                 "dkn: %d pixels are 0, which is a value where TARGET is its own guide; with "
                 "another guide they are holes\n",
                 zeros);
  }
  const FrameBuffer smooth = InContext(
      options.guide, [&] { return RemoveFrameTexture(picture, *filter, how.upsample.iterations); });
  WriteFrame(options.output, smooth);
}

void Run(FilterOptions& options) {
  options.Apply();
  CheckOutput("-o", options.output, {options.guide, options.target, options.task.mask});
  if (GuideIsTarget(options)) {
    RemoveTextureOf(options);
    return;
  }
  const FileResult result = UpsampleFile(
      {options.guide, options.target, options.output, options.confidence}, options.task);
  TellNotes(result.notes);
  TellFindings(result.findings, options);
  TellWildValues(result.wild_values, result.wildest_value);
}

}  // namespace

void AddFilter(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "filter", "Remove noise or texture from a picture or map with the help of another picture");
  const auto options = std::make_shared<FilterOptions>();
  command
      ->add_option(
          "GUIDE", options->guide,
          "Picture that shows the structure to keep: PNG, JPEG, TIFF, OpenEXR, PFM, PNM, BMP, NPY "
          "or NPZ; FILE:NAME is one channel, layer or array of several")
      ->required();
  command
      ->add_option("TARGET", options->target,
                   "Picture or map of the guide's size, in any unit; each channel is filtered by "
                   "itself. Values that are not finite are holes, and so is 0 of 16-bit depth "
                   "(--invalid). May be the guide itself, to remove texture")
      ->required();
  command
      ->add_option("-o,--output", options->output,
                   "Result, in the target's type and unit where such a file can hold them, else "
                   "converted, see --scale")
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
  command->footer(
      "Example: dkn filter flash.jpg noflash.jpg -o clean.png; depth: dkn filter rgb.png "
      "depth.png -o clean.png --holes keep; texture: dkn filter mosaic.jpg "
      "mosaic.jpg -o smooth.png --iterations 4");
  command->callback([options] { Run(*options); });
}

}  // namespace dkn
