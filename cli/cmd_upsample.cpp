#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "cli/command.h"
#include "cli/sample_type.h"
#include "dkn/error.h"
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
  std::string invalid;  // empty: 0 of integers
  std::string holes = "fill";
  UpsampleOptions upsample;
  std::string confidence;  // empty: none
  int max_memory_mb = 0;
  int threads = 0;
};

// The value that stands for a hole besides those that are not finite.
std::optional<float> InvalidValue(const std::string& text, SampleType type) {
  if (text.empty()) {
    return type == SampleType::kFloat32 ? std::nullopt : std::optional<float>(0.0f);
  }
  if (text == "none") {
    return std::nullopt;
  }
  std::istringstream stream(text);
  float value = 0.0f;
  if (!(stream >> value) || !stream.eof()) {
    throw Error("--invalid: '" + text + "' is no number; expected one, or none");
  }
  return value;
}

// The file's name tells the type: PNG has no floats, JPEG no 16 bits.
void WriteConfidence(const std::string& path, Image confidence) {
  const std::string ending = std::filesystem::path(path).extension().string();
  const SampleType type = ending == ".png"                        ? SampleType::kUint16
                          : ending == ".jpg" || ending == ".jpeg" ? SampleType::kUint8
                                                                  : SampleType::kFloat32;
  std::for_each(confidence.data(), confidence.data() + confidence.size(),
                [type](float& value) { value *= FullScale(type); });
  WriteImage(path, confidence, type);
}

// What a person at a terminal wants to know.
void Tell(const Options& options, const Upsampled& result, ConstView target) {
  if (isatty(STDERR_FILENO) == 0) {
    return;
  }
  if (result.holes > 0) {
    std::fprintf(stderr, "dkn: %.3g %% of the target's pixels are holes\n",
                 100.0 * result.holes / target.width / target.height);
  }
  if (options.upsample.fidelity_iterations > 0) {
    std::fprintf(stderr, "dkn: shrunk again, the result differs from the target by %.4g (RMS)\n",
                 result.residual);
  }
}

void Run(Options options) {
  SetThreads(options.threads);
  const Image guide = ReadGuide(options.guide);
  ImageFile target = ReadImage(options.target);
  const std::optional<float> invalid = InvalidValue(options.invalid, target.type);
  if (invalid) {
    std::replace(target.image.data(), target.image.data() + target.image.size(), *invalid,
                 std::numeric_limits<float>::quiet_NaN());
  }
  const double scale = UpsamplingScale(guide, target.image);
  const std::string model = options.model.empty() ? ChooseUpsamplingModel(scale) : options.model;
  const auto filter = CreateFilter(model, {.precision = ChosenPrecision(options.precision),
                                           .max_memory_mb = options.max_memory_mb});
  options.upsample.holes = ParseHoleMode(options.holes);
  options.upsample.limit_to_measured = target.type != SampleType::kFloat32;
  options.upsample.confidence = !options.confidence.empty();
  Upsampled result = UpsampleFrame(guide, target.image, *filter, options.upsample);
  MarkInvalid(result.image, target.type, invalid);
  WriteImage(options.output, result.image, target.type);
  if (options.upsample.confidence) {
    WriteConfidence(options.confidence, std::move(result.confidence));
  }
  Tell(options, result, target.image);
  if (options.model.empty()) {
    std::fprintf(stderr, "dkn: %.3gx: used %s\n", scale, model.c_str());
  }
}

void AddHoleOptions(CLI::App& command, Options& options) {
  command.add_option("--invalid", options.invalid,
                     "The value that stands for a hole, in target and result, or none. Default: 0 "
                     "of integers; of floats those alone that are not finite");
  command
      .add_option("--holes", options.holes,
                  "fill: a value everywhere; keep: holes stay; measured: values where the kernel "
                  "has support, see --support")
      ->check(CLI::IsMember({"fill", "keep", "measured"}))
      ->capture_default_str();
  command
      .add_option("--support", options.upsample.least_support,
                  "For --holes measured: the least share of the kernel's weight on measured pixels")
      ->check(CLI::Range(0.001, 1.0))
      ->capture_default_str();
  command
      .add_option("--hole-refinements", options.upsample.hole_refinements,
                  "How often holes are filled anew by what the method made of them, which takes "
                  "as long as the first time; 0: by the guide alone")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
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
                   "Map to upsample, no larger than the guide, in any unit; values that are not "
                   "finite are holes, and so is 0 of integers (--invalid)")
      ->required();
  command
      ->add_option("-o,--output", options->output,
                   "Result, at the guide's size, in the target's type and unit")
      ->required();
  command->add_option("--model", options->model,
                      "Name of a method or model, or a model file; without it the one of fdkn_x4, "
                      "fdkn_x8 and fdkn_x16 that is nearest to the ratio of sizes");
  AddHoleOptions(*command, *options);
  command
      ->add_option("--fidelity", options->upsample.fidelity_iterations,
                   "Iterations of back-projection: the result, shrunk again, returns the target, "
                   "and its noise; 5 are enough")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command->add_option("--confidence", options->confidence,
                      "Write for each pixel how far to trust it, 0 to 1 (in PNG 65535 is 1)");
  AddPrecisionOption(*command, options->precision);
  AddMaxMemoryOption(*command, options->max_memory_mb);
  AddThreadsOption(*command, options->threads);
  command->footer(
      "Example: dkn upsample examples/room_rgb.png examples/room_depth.png -o depth.png");
  command->callback([options] { Run(*options); });
}

}  // namespace dkn
