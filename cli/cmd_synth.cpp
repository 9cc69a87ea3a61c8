#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "dkn/error.h"
#include "dkn/io.h"
#include "dkn/resample.h"
#include "src/core/size_text.h"
#include "src/synth/render.h"

namespace dkn {
namespace {

struct SynthOptions {
  std::string folder;
  std::string name = "room";
  std::uint64_t seed = 0;
  int count = 1;
  int width = 640;
  int height = 480;
  int scale = 8;
};

void CheckOptions(const SynthOptions& options) {
  if (options.width % options.scale != 0 || options.height % options.scale != 0) {
    throw Error("dkn synth: " + SizeText(options.width, options.height) +
                " is not a multiple of the scale, " + std::to_string(options.scale));
  }
}

// Writes PREFIX_rgb.png, PREFIX_truth.png and PREFIX_depth.png.
void WriteScene(const SceneOptions& scene, int scale, const std::string& prefix) {
  const RgbdImage image = RenderScene(scene);
  Image rgb = Image::Clone(image.rgb);
  for (std::size_t i = 0; i < rgb.size(); ++i) {
    rgb.data()[i] *= 255.0f;
  }
  Image millimetres = Image::Clone(image.depth);
  for (std::size_t i = 0; i < millimetres.size(); ++i) {
    millimetres.data()[i] *= 1000.0f;
  }
  const Image small =
      Resize(millimetres, scene.width / scale, scene.height / scale, Resampler::kBicubic);
  WriteImage(prefix + "_rgb.png", rgb, SampleType::kUint8);
  WriteImage(prefix + "_truth.png", millimetres, SampleType::kUint16);
  WriteImage(prefix + "_depth.png", small, SampleType::kUint16);
}

void Synth(const SynthOptions& options) {
  CheckOptions(options);
  std::error_code failure;
  std::filesystem::create_directories(options.folder, failure);
  if (failure) {
    throw Error(options.folder + ": cannot make this folder: " + failure.message());
  }
  ProgressLine progress;
  for (int i = 0; i < options.count; ++i) {
    SceneOptions scene;
    scene.seed = options.seed + static_cast<std::uint64_t>(i);
    scene.width = options.width;
    scene.height = options.height;
    const std::string name =
        options.count == 1 ? options.name : options.name + "_" + std::to_string(scene.seed);
    WriteScene(scene, options.scale, (std::filesystem::path(options.folder) / name).string());
    progress(i + 1, options.count);
  }
}

}  // namespace

void AddSynth(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "synth", "Render rooms at random: colour, exact depth, and depth as a poor sensor gives it");
  const auto options = std::make_shared<SynthOptions>();
  command
      ->add_option("-o,--output", options->folder,
                   "Folder for NAME_rgb.png, NAME_truth.png (millimetres) and NAME_depth.png (the "
                   "truth shrunk by the scale)")
      ->required();
  command
      ->add_option("--name", options->name,
                   "First part of the files' names; with --count, NAME_SEED is used instead")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Which room")->capture_default_str();
  command->add_option("--count", options->count, "How many rooms, of seeds SEED, SEED + 1, ...")
      ->check(AtLeast(1))
      ->capture_default_str();
  command->add_option("--width", options->width, "Pixels")
      ->check(AtLeast(1))
      ->capture_default_str();
  command->add_option("--height", options->height, "Pixels")
      ->check(AtLeast(1))
      ->capture_default_str();
  command->add_option("--scale", options->scale, "How much smaller the depth is")
      ->check(AtLeast(1))
      ->capture_default_str();
  command->footer("Example: dkn synth -o rooms --seed 100 --count 20");
  command->callback([options] { Synth(*options); });
}

}  // namespace dkn
