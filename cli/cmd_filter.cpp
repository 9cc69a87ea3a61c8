#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/command.h"
#include "dkn/error.h"
#include "dkn/filter_image.h"
#include "dkn/io.h"
#include "dkn/registry.h"
#include "dkn/threads.h"
#include "src/core/size_text.h"

namespace dkn {
namespace {

struct FilterOptions {
  std::string guide;
  std::string target;
  std::string output;
  std::string model = "fdkn_denoise";
  int iterations = 1;
  std::string precision = "auto";
  std::vector<std::string> settings;
  int max_memory_mb = 0;
  int threads = 0;
};

bool GuideIsTarget(const FilterOptions& options) {
  std::error_code code;  // of a file that is not there: reading it will tell
  return std::filesystem::equivalent(options.guide, options.target, code);
}

void Run(const FilterOptions& options) {
  SetThreads(options.threads);
  const auto filter = CreateFilter(
      options.model,
      {.precision = ChosenPrecision(options.precision), .max_memory_mb = options.max_memory_mb},
      ChosenSettings(options.settings));
  std::vector<std::string> guide_notes, target_notes;
  ReadOptions reading;
  reading.notes = &guide_notes;
  const Image guide = ReadGuide(options.guide, reading);
  reading.notes = &target_notes;
  const FrameBuffer target = ReadFrame(options.target, reading);
  TellNotes(options.guide, guide_notes);
  if (!GuideIsTarget(options)) {
    TellNotes(options.target, target_notes);
  }
  if (guide.width() != target.width() || guide.height() != target.height()) {
    throw Error(options.target + ": is " + SizeText(target.width(), target.height()) +
                ", expected the guide's size, " + SizeText(guide.width(), guide.height()) +
                "; `dkn upsample` takes smaller targets");
  }
  WriteFrame(options.output,
             GuideIsTarget(options)
                 ? RemoveFrameTexture(target, *filter, options.iterations)
                 : FilterFrame(FrameOf(guide), target, *filter, options.iterations));
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
                   "itself. May be the guide itself, to remove texture")
      ->required();
  command->add_option("-o,--output", options->output, "Result, in the target's type and unit")
      ->required();
  command->add_option("--model", options->model, "Name of a method or model, or a model file")
      ->capture_default_str();
  AddSetOption(*command, options->settings);
  command
      ->add_option("--iterations", options->iterations,
                   "How often to filter: each time after the first the target is the last result, "
                   "and so is the guide when TARGET is GUIDE (the paper removes texture in 4)")
      ->check(AtLeast(1))
      ->capture_default_str();
  AddPrecisionOption(*command, options->precision);
  AddMaxMemoryOption(*command, options->max_memory_mb);
  AddThreadsOption(*command, options->threads);
  command->footer(
      "Example: dkn filter flash.jpg noflash.jpg -o clean.png; texture: dkn filter mosaic.jpg "
      "mosaic.jpg -o smooth.png --iterations 4");
  command->callback([options] { Run(*options); });
}

}  // namespace dkn
