#include <cstdio>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/sample_type.h"
#include "dkn/io.h"
#include "dkn/registry.h"
#include "dkn/threads.h"
#include "dkn/upsample.h"

namespace dkn {
namespace {

struct Options {
  std::string guide;
  std::string target;
  std::string output;
  std::string model;  // empty: chosen by the scale
  std::string precision = "auto";
  int max_memory_mb = 0;
  int threads = 0;
};

void Run(const Options& options) {
  SetThreads(options.threads);
  const Image guide = ReadGuide(options.guide);
  const ImageFile target = ReadImage(options.target);
  const double scale = UpsamplingScale(guide, target.image);
  const std::string model = options.model.empty() ? ChooseUpsamplingModel(scale) : options.model;
  const auto filter = CreateFilter(model, {.precision = ChosenPrecision(options.precision),
                                           .max_memory_mb = options.max_memory_mb});
  Image result = Upsample(guide, target.image, *filter);
  ClampToType(result, target.type);
  WriteImage(options.output, result, target.type);
  if (options.model.empty()) {
    std::fprintf(stderr, "dkn: %.3gx: used %s\n", scale, model.c_str());
  }
}

}  // namespace

void AddUpsample(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "upsample", "Bring a depth map (or any map) to a picture's size and sharpness");
  const auto options = std::make_shared<Options>();
  command->add_option("GUIDE", options->guide, "Picture: PNG, JPEG, TIFF, OpenEXR, PFM or NPY")
      ->required();
  command
      ->add_option("TARGET", options->target,
                   "Map to upsample, no larger than the guide, in any unit; every value counts "
                   "as measured, 0 too")
      ->required();
  command
      ->add_option("-o,--output", options->output,
                   "Result, at the guide's size, in the target's type and unit")
      ->required();
  command->add_option("--model", options->model,
                      "Name of a method or model, or a model file; without it the one of fdkn_x4, "
                      "fdkn_x8 and fdkn_x16 that is nearest to the ratio of sizes");
  AddPrecisionOption(*command, options->precision);
  AddMaxMemoryOption(*command, options->max_memory_mb);
  AddThreadsOption(*command, options->threads);
  command->footer(
      "Example: dkn upsample examples/room_rgb.png examples/room_depth.png -o depth.png");
  command->callback([options] { Run(*options); });
}

}  // namespace dkn
