#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/upsampling_options.h"

namespace dkn {
namespace {

void Run(UpsamplingOptions& options) {
  options.Apply();
  RunFrames(options);
}

constexpr const char* kFooter =
    "Example: dkn upsample examples/room_rgb.png examples/room_depth.png -o depth.png\n"
    "Many frames:\n"
    "  dkn upsample rgb/ depth/ -o sharp/    (files of equal names but for the ending)\n"
    "  dkn upsample rgb_%04d.png depth_%04d.png -o sharp_%04d.png --first 1 --last 500\n"
    "  dkn upsample rgb/ depth/ -o sharp/ --max-time 0.02    (names are times)\n"
    "  ffmpeg -i depth.mkv -fps_mode passthrough -f rawvideo -pix_fmt gray16le - |\n"
    "    dkn upsample room.png - --raw 640x480 -o - |\n"
    "    ffmpeg -f rawvideo -pix_fmt gray16le -video_size 1280x960 -i - -c:v ffv1 sharp.mkv";

}  // namespace

void AddUpsample(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "upsample", "Bring a depth map (or any map) to a picture's size and sharpness");
  const auto options = std::make_shared<UpsamplingOptions>();
  AddUpsamplingNames(*command, *options);
  command
      ->add_option(
          "-o,--output", options->names.output,
          "Result, at the guide's size, in the target's type and unit where such a file can hold "
          "them, else converted, see --scale; of frames a folder or a pattern. A file of its own; "
          "of a link the one that it leads to")
      ->required();
  AddUpsamplingOptions(*command, *options);
  command->footer(kFooter);
  command->callback([options] { Run(*options); });
}

}  // namespace dkn
