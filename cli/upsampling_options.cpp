#include "cli/upsampling_options.h"

#include "cli/command.h"
#include "dkn/placement.h"
#include "src/core/in_context.h"

namespace dkn {
namespace {

void AddGeometryOptions(CLI::App& command, UpsamplingOptions& options) {
  CLI::Option* camera = command.add_option(
      "--camera", options.camera,
      "JSON file of both cameras (docs/streams.md): TARGET is moved from the depth camera's view "
      "into the picture's first; what that leaves unmeasured are holes, and so are values of 0 and "
      "less");
  command
      .add_option(
          "--place", options.place,
          "X,Y,WIDTH,HEIGHT: TARGET covers this part of the guide alone, in its pixels (else the "
          "whole, and it is told where its shape is another); "
          "around it are holes in the result, whatever --holes says")
      ->excludes(camera);
}

}  // namespace

void UpsamplingOptions::Apply() {
  FrameOptions::Apply();
  Placement& placement = task.options.placement;
  if (!camera.empty()) {
    placement.cameras = ReadCameraPair(camera);
  }
  if (!place.empty()) {
    placement.place = InContext("--place", [&] { return ParseRectangle(place); });
  }
}

void AddUpsamplingNames(CLI::App& command, UpsamplingOptions& options, const std::string& more) {
  command
      .add_option(
          "GUIDE", options.names.guide,
          std::string(
              "Picture: PNG, JPEG, TIFF, OpenEXR, PFM, PNM, BMP, WebP, NPY or NPZ; FILE:NAME "
              "is one channel, "
              "layer or array of several. Values of 10 or 12 bits, floats beyond 1 and counts "
              "are brought into range, and told; "
              "of frames a folder, a pattern such as "
              "rgb_%04d.png, or one picture for all of them") +
              more)
      ->required();
  command
      .add_option(
          "TARGET", options.names.target,
          std::string("Map to upsample, no larger than the guide, in any unit; values that are not "
                      "finite are holes, and so is 0 of 16-bit depth (--invalid). A folder or a "
                      "pattern, as depth_%04d.png, is many frames") +
              more)
      ->required();
}

void AddUpsamplingOptions(CLI::App& command, UpsamplingOptions& options) {
  AddScaleOption(command, options);
  AddPackedOption(command, options);
  command.add_option(
      "--model", options.task.options.method,
      "Name of a method or model, or a model file; without it what fits the ratio of "
      "sizes and the noise: fdkn_any below 3.4 or where TARGET is noisy or of single points, else "
      "the nearest of fdkn_x4, fdkn_x8 and fdkn_x16; fdkn_photo for pictures of GUIDE's size");
  AddSetOption(command, options.settings);
  AddHoleOptions(command, options);
  command
      .add_option("--fidelity", options.task.options.upsample.fidelity_iterations,
                  "Iterations of back-projection: the result, shrunk again, returns the target, "
                  "and its noise; 5 are enough")
      ->check(IntegerFrom(0, 1000))
      ->capture_default_str();
  AddPrecisionOption(command, options.precision);
  AddOrientationsOption(command, options);
  AddMaxMemoryOption(command, options.task.options.network.max_memory_mb,
                     "of the whole program (where that cannot be, the error tells the least)");
  AddThreadsOption(command, options.threads);
  AddFramesOptions(command, options);
  AddGeometryOptions(command, options);
}

}  // namespace dkn
