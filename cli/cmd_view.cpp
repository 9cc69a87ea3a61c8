#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/serving_options.h"
#include "cli/upsampling_options.h"
#include "src/io/frame_source.h"
#include "src/serve/live_view.h"
#include "src/serve/local_server.h"
#include "src/serve/view_page.h"

namespace dkn {
namespace {

struct ViewOptions : UpsamplingOptions {
  int port = 8001;
  bool once = false;
  double fps = 30.0;
};

// Options that the page changes, that are told anew, and that are no ones of `dkn upsample`.
constexpr const char* kNotRepeated[] = {"--model", "--invalid", "--holes", "--fidelity", "--raw",
                                        "--set",   "--port",    "--once",  "--fps"};

// The words of options as they were given, for the command that makes the same.
std::vector<std::string> GivenWords(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    const bool repeated =
        std::find(std::begin(kNotRepeated), std::end(kNotRepeated), name) == std::end(kNotRepeated);
    if (option->get_positional() || option->count() == 0 || !repeated) {
      continue;
    }
    words.push_back(name);
    if (option->get_items_expected_min() > 0) {
      words.insert(words.end(), option->results().begin(), option->results().end());
    }
  }
  return words;
}

serve::ViewSetup SetupOf(const ViewOptions& options, const CLI::App& command) {
  serve::ViewSetup setup;
  const UpsamplerOptions& how = options.task.options;
  setup.filter = {options.task, how.method};
  setup.controls = {.model = how.method,
                    .invalid = options.invalid,
                    .holes = options.holes,
                    .fidelity = how.upsample.fidelity_iterations};
  setup.names = options.names;
  setup.raw = options.raw;
  setup.words = GivenWords(command);
  for (const std::string& setting : options.settings) {
    setup.method_words.insert(setup.method_words.end(), {"--set", setting});
  }
  setup.again = !options.once;
  setup.most_fps = options.fps;
  setup.tell = [](const std::string& line) { std::fprintf(stderr, "dkn: %s\n", line.c_str()); };
  return setup;
}

void Run(ViewOptions& options, const CLI::App& command) {
  options.Apply();
  std::unique_ptr<FrameSource> source =
      OpenFrameSource(options.names, options.task, options.raw, options.first, options.last);
  serve::LocalServer server(options.port);
  serve::ViewSetup setup = SetupOf(options, command);
  setup.filter.may_be_empty = source->MayBeEmpty();
  setup.began = [&server] { StartTelling(server); };
  serve::LiveView view(std::move(source), std::move(setup));
  TellPrecision(options.task.options.network.precision);
  serve::ServeView(view, server);
  view.Run();  // until a signal, or because no frame is good
}

constexpr const char* kCamera =
    "; of cameras a device, as /dev/video0, whose format --raw sets where it is told";

constexpr const char* kFooter =
    "The page shows input and result side by side as they come, with the time of each stage, and "
    "changes method, holes and fidelity while it runs. Only browsers of this machine get an "
    "answer; the address is printed once the first frame is there, and Ctrl-C ends it. A sequence "
    "begins anew at its end. What a browser cannot take in time it misses.\n"
    "Example: dkn view examples/room_rgb.png examples/room_depth.png\n"
    "Frames and cameras:\n"
    "  dkn view rgb/ depth/\n"
    "  dkn view rgb_%04d.png depth_%04d.png --once\n"
    "  dkn view /dev/video0 /dev/video2\n"
    "  dkn view /dev/video0 /dev/video2 --raw 640x480,gray16le:1280x720,yuyv422\n"
    "  ffmpeg -i depth.mkv -f rawvideo -pix_fmt gray16le - | dkn view room.png - --raw 640x480";

}  // namespace

void AddView(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "view", "Watch results in a browser while frames come, and try methods on them");
  const auto options = std::make_shared<ViewOptions>();
  AddUpsamplingNames(*command, *options, kCamera);
  AddUpsamplingOptions(*command, *options);
  command->remove_option(command->get_option("--confidence"));  // the page shows it
  AddPortOption(*command, options->port);
  command->add_flag("--once", options->once, "Stay at the last frame of a sequence");
  command
      ->add_option("--fps", options->fps,
                   "The most frames a second, but of cameras, which have their own")
      ->check(NumberFrom("0.01", "1000"))
      ->capture_default_str();
  command->footer(kFooter);
  command->callback([options, command] { Run(*options, *command); });
}

}  // namespace dkn
