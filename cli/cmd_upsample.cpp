#include <algorithm>
#include <memory>
#include <string>

#include "cli/command.h"
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
  std::string model = "fdkn_x8";
  int threads = 0;
};

// Interpolation overshoots at edges: what lies outside an integer type's values goes to the
// nearest.
void ClampToType(Image& image, SampleType type) {
  if (type == SampleType::kFloat32) {
    return;
  }
  const float high = type == SampleType::kUint8 ? 255.0f : 65535.0f;
  for (std::size_t i = 0; i < image.size(); ++i) {
    image.data()[i] = std::clamp(image.data()[i], 0.0f, high);
  }
}

void Run(const Options& options) {
  SetThreads(options.threads);
  const auto filter = CreateFilter(options.model);
  const Image guide = ReadGuide(options.guide);
  const ImageFile target = ReadImage(options.target);
  Image result = Upsample(guide, target.image, *filter);
  ClampToType(result, target.type);
  WriteImage(options.output, result, target.type);
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
  command->add_option("--model", options->model, "Name of a method or model, or a model file")
      ->capture_default_str();
  command->add_option("--threads", options->threads, "0: one for each processor")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->footer(
      "Example: dkn upsample examples/room_rgb.png examples/room_depth.png -o depth.png");
  command->callback([options] { Run(*options); });
}

}  // namespace dkn
