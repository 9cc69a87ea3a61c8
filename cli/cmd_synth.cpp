#include <cmath>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/progress_line.h"
#include "dkn/error.h"
#include "dkn/io.h"
#include "dkn/resample.h"
#include "src/core/size_text.h"
#include "src/figures/figure.h"
#include "src/report/sensor_figure.h"
#include "src/sensors/sensor.h"
#include "src/synth/pictures.h"
#include "src/synth/render.h"
#include "src/synth/scene.h"

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
  std::string sensor;         // empty: none
  std::string sensor_figure;  // empty: none
  std::vector<std::string> pictures;
  double texture_size = 1.0;
  CameraNoise noise;
};

void CheckOptions(const SynthOptions& options) {
  if (options.width % options.scale != 0 || options.height % options.scale != 0) {
    throw Error("dkn synth: " + SizeText(options.width, options.height) +
                " is not a multiple of the scale, " + std::to_string(options.scale));
  }
}

Image AsBytes(ConstView picture) {
  Image result = Image::Clone(picture);
  for (std::size_t i = 0; i < result.size(); ++i) {
    result.data()[i] *= 255.0f;
  }
  return result;
}

Image Millimetres(ConstView metres) {
  Image result = Image::Clone(metres);
  for (std::size_t i = 0; i < result.size(); ++i) {
    float& value = result.data()[i];
    value = std::isfinite(value) ? value * 1000.0f : 0.0f;  // 0 for a hole
  }
  return result;
}

// Writes PREFIX_rgb.png, PREFIX_truth.png and PREFIX_depth.png, and PREFIX_measured.png where there
// is a sensor.
void WriteScene(const RgbdImage& image, const SynthOptions& options,
                const std::optional<sensors::SensorOptions>& sensor, std::uint64_t seed,
                const std::string& prefix) {
  const Image millimetres = Millimetres(image.depth);
  const Image small = Resize(millimetres, options.width / options.scale,
                             options.height / options.scale, Resampler::kBicubic);
  WriteImage(prefix + "_rgb.png", AsBytes(image.rgb), SampleType::kUint8);
  WriteImage(prefix + "_truth.png", millimetres, SampleType::kUint16);
  WriteImage(prefix + "_depth.png", small, SampleType::kUint16);
  if (sensor) {
    const Image measured = sensors::Measure(image.depth, image.rgb, *sensor, seed);
    WriteImage(prefix + "_measured.png", Millimetres(measured), SampleType::kUint16);
  }
}

void Synth(const SynthOptions& options) {
  CheckOptions(options);
  std::vector<PictureKind> kinds;
  for (const std::string& name : options.pictures) {
    kinds.push_back(ParsePicture(name));
  }
  std::error_code failure;
  std::filesystem::create_directories(options.folder, failure);
  if (failure) {
    throw Error(options.folder + ": cannot make this folder: " + failure.message());
  }
  const double focal = Camera().focal * options.width;
  std::optional<sensors::SensorOptions> sensor;
  if (!options.sensor.empty()) {
    sensor = sensors::OptionsOf(sensors::ParseSensor(options.sensor), focal);
  }
  ProgressLine progress;
  for (int i = 0; i < options.count; ++i) {
    SceneOptions scene;
    scene.seed = options.seed + static_cast<std::uint64_t>(i);
    scene.width = options.width;
    scene.height = options.height;
    const std::string name =
        options.count == 1 ? options.name : options.name + "_" + std::to_string(scene.seed);
    const Scene room = WithTextureSize(RandomScene(scene.seed), options.texture_size);
    const RgbdImage image = RenderScene(room, scene);
    const std::string prefix = (std::filesystem::path(options.folder) / name).string();
    WriteScene(image, options, sensor, scene.seed, prefix);
    for (const PictureKind kind : kinds) {
      const Image picture = RenderPicture(room, kind, scene, options.noise);
      WriteImage(prefix + "_" + ToString(kind) + ".png", AsBytes(picture), SampleType::kUint8);
    }
    if (i == 0 && !options.sensor_figure.empty()) {
      figures::WriteFigure(options.sensor_figure,
                           report::SensorFigure(image.depth, image.rgb, focal, scene.seed));
    }
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
  const auto digits = [](const std::string& text) {  // CLI11 takes -1 for the largest
    return text.find_first_not_of("0123456789") == std::string::npos
               ? std::string()
               : "'" + text + "', expected an integer of at least 0";
  };
  command->add_option("--seed", options->seed, "Which room")
      ->check(CLI::Validator(digits, ">= 0"))
      ->capture_default_str();
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
  command->add_option("--sensor", options->sensor,
                      "Also write NAME_measured.png: the truth as this camera measures it, in "
                      "millimetres, 0 for a hole; one of " +
                          sensors::SensorNames());
  command->add_option("--sensor-figure", options->sensor_figure,
                      "Also draw what each of these sensors makes of the first room");
  command
      ->add_option("--pictures", options->pictures,
                   "Also write these pictures of each room, NAME_plain.png and so on, by commas: "
                   "plain, without texture; noflash, by the room's own light, without noise; "
                   "noisy, the same by a poor camera; flash; nir, near infrared")
      ->delimiter(',');
  command
      ->add_option("--texture-size", options->texture_size,
                   "How much larger the patterns of surfaces are than usual, posters excepted")
      ->check(NumberFrom("0.01", "100"))
      ->capture_default_str();
  command
      ->add_option("--electrons", options->noise.electrons,
                   "Of the noisy picture: how many the camera counts for white; fewer are noisier")
      ->check(NumberFrom("1", "100000000"))
      ->capture_default_str();
  command->footer(
      "Example: dkn synth -o rooms --seed 100 --count 20\n"
      "         dkn synth -o photos --pictures noflash,noisy,flash,nir --electrons 50\n"
      "         dkn synth -o rooms --sensor structured_light");
  command->callback([options] { Synth(*options); });
}

}  // namespace dkn
