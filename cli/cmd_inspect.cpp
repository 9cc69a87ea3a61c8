#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "dkn/error.h"
#include "dkn/io.h"
#include "dkn/model.h"
#include "dkn/registry.h"
#include "dkn/threads.h"
#include "src/core/size_text.h"
#include "src/figures/figure.h"
#include "src/figures/kernel_figure.h"
#include "src/io/kernel_file.h"
#include "src/pipeline/sample_units.h"
#include "src/pipeline/session_upsample.h"
#include "src/pipeline/target_traits.h"
#include "src/report/inspection.h"

namespace dkn {
namespace {

struct InspectOptions {
  std::string guide;
  std::string target;
  std::vector<std::string> pixels;
  std::string model;    // empty: chosen by the scale
  std::string figure;   // empty: none
  std::string kernels;  // empty: none
  int radius = 0;       // 0: two pixels more than the model's window
  std::string precision = "auto";
  int threads = 0;
};

std::pair<int, int> ParsePixel(const std::string& text) {
  int x = 0;
  int y = 0;
  int length = 0;
  if (std::sscanf(text.c_str(), "%9d,%9d%n", &x, &y, &length) != 2 ||
      length != static_cast<int>(text.size())) {
    throw Error("--at: '" + text + "' is no pixel; expected X,Y, as 320,240");
  }
  return {x, y};
}

std::unique_ptr<Model> LoadModel(const std::string& name, const std::string& precision) {
  const std::string path = FindModelFile(name);
  if (path.empty()) {
    throw Error("'" + name + "' is no network: it has no learned kernels");
  }
  const std::optional<Precision> chosen = ChosenPrecision(precision);
  auto model = Model::Load(path, {.precision = chosen});
  TellPrecision(chosen);
  return model;
}

// NaN for what `dkn upsample` takes for holes without --invalid.
Image ReadTarget(const std::string& path) {
  const ImageFile file = ReadImage(path);
  const ValueMeaning meaning = MeaningOf(file.image, file.type, {});
  return MarkTarget(file.image, meaning.invalid, {}, meaning.all_count).values;
}

std::string KernelTitle(const Architecture& architecture) {
  const std::string size = SizeText(architecture.kernel_size, architecture.kernel_size);
  return "Kernel, " + size + (architecture.residual ? ", with the residual" : ", no residual");
}

void Run(const InspectOptions& options) {
  SetThreads(options.threads);
  std::vector<std::pair<int, int>> pixels;
  for (const std::string& text : options.pixels) {
    pixels.push_back(ParsePixel(text));
  }
  CheckOutput("-o", options.figure, {options.guide, options.target, options.model});
  CheckOutput("--kernels", options.kernels, {options.guide, options.target, options.model});
  CheckApart({{"-o", options.figure}, {"--kernels", options.kernels}});
  const Image guide = ReadGuideTelling(options.guide);
  const Image target = ReadTarget(options.target);
  const std::string name =
      options.model.empty() ? ChooseUpsamplingMethod(TraitsOf(guide, target)).name : options.model;
  const auto model = LoadModel(name, options.precision);
  const report::Inspection inspection(guide, target, *model);

  std::string text = "model: " + name + "\n";
  std::vector<figures::PixelKernel> kernels;
  for (const auto& [x, y] : pixels) {
    const report::PixelReading reading = inspection.At(x, y);
    text += "\n" + report::ReadingText(reading);
    kernels.push_back(report::KernelOf(reading));
  }
  if (!options.kernels.empty()) {
    WriteKernels(options.kernels, inspection.kernels());
  }
  const Architecture& architecture = model->architecture();
  if (!options.figure.empty()) {
    const Image figure = figures::KernelFigure(
        guide, inspection.target(), inspection.result(), kernels,
        {.target_title = "Target, " + SizeText(target),
         .result_title = "Result of " + name,
         .kernel_title = KernelTitle(architecture),
         .window = architecture.window,
         .radius = options.radius > 0 ? options.radius : architecture.window / 2 + 2});
    figures::WriteFigure(options.figure, figure);
  }
  std::cout << text;
}

}  // namespace

void AddInspect(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "inspect", "Show where a network samples, and by what weights, at pixels of your choice");
  const auto options = std::make_shared<InspectOptions>();
  command->add_option("GUIDE", options->guide, "Picture, in any format that `dkn upsample` reads")
      ->required();
  command
      ->add_option(
          "TARGET", options->target,
          "Map of one channel, no larger than the guide, brought to its size and its holes "
          "(0 of integers, NaN) filled as `dkn upsample` does")
      ->required();
  command
      ->add_option("--at", options->pixels,
                   "Pixel X,Y of the guide, from the top left, 0,0; may be given several times")
      ->required()
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--model", options->model,
                      "Name of a network, or a model file; without it as `dkn upsample` chooses");
  command->add_option("-o,--output", options->figure,
                      "Figure to write: the samples in guide and target, the kernel as a heat map");
  command
      ->add_option("--window", options->radius,
                   "Pixels that the figure shows on each side of a pixel; 0: two more than the "
                   "network can sample")
      ->check(IntegerFrom(0, 100))
      ->capture_default_str();
  command->add_option("--kernels", options->kernels,
                      "The kernels of all pixels, to write as .npy: float32 [H, W, k * k, 3], "
                      "weight, x and y of each tap, in pixels from the pixel");
  AddPrecisionOption(*command, options->precision);
  AddThreadsOption(*command, options->threads);
  command->footer(
      "The table: x and y are where a tap samples, target is its value there, contribution the "
      "weight times that value's difference from the pixel's own.\n"
      "Example: dkn inspect examples/room_rgb.png examples/room_depth.png --at 330,360 "
      "-o kernels.png");
  command->callback([options] { Run(*options); });
}

}  // namespace dkn
