#include <filesystem>
#include <string>
#include <vector>

#include "dkn/upsample_files.h"
#include "src/io/frame_files.h"
#include "src/io/named_file.h"
#include "src/serve/live_view.h"

namespace dkn::serve {
namespace {

namespace fs = std::filesystem;

// Where the command writes.
std::string OutputOf(const ViewSetup& setup) {
  const std::string& target = setup.names.target;
  if (!setup.raw.empty()) {
    return "sharp.raw";
  }
  const std::string name = fs::path(SplitName(target).file).filename().string();
  if (IsFramePattern(target)) {
    return ResultsOf({"", "", "sharp"}, name).output;
  }
  const bool paired = !setup.names.pairing.associations.empty() || setup.names.pairing.max_time;
  return paired || AreManyFrames(target)
             ? "sharp/"
             : std::string("sharp") +
                   fs::path(ResultsOf({"", "", "sharp"}, name).output).extension().string();
}

// A camera's frames as a pipe, of bash.
std::string CameraPipe(const std::string& device, const char* pixels) {
  return std::string("<(ffmpeg -loglevel error -f v4l2 -i ") + ShellText({device}) +
         " -f rawvideo -pix_fmt " + pixels + " -)";
}

void Append(const std::vector<std::string>& more, std::vector<std::string>& words) {
  words.insert(words.end(), more.begin(), more.end());
}

}  // namespace

std::string UpsampleCommand(const ViewSetup& setup, const ViewControls& controls,
                            const std::string& camera_raw) {
  std::vector<std::string> options;
  std::string text = "dkn upsample ";
  if (camera_raw.empty()) {
    text += ShellText({setup.names.guide, setup.names.target});
    if (!setup.raw.empty()) {
      Append({"--raw", setup.raw}, options);
    }
    Append({"-o", OutputOf(setup)}, options);
  } else {
    const bool both = camera_raw.find(':') != std::string::npos;
    text += both ? CameraPipe(setup.names.guide, "rgb24") : ShellText({setup.names.guide});
    text += ' ';
    text += CameraPipe(setup.names.target, "gray16le");
    Append({"--raw", camera_raw, "-o", "sharp.raw"}, options);
  }
  Append(WordsOf(controls), options);
  Append(setup.words, options);
  if (controls.model == setup.filter.first_model) {
    Append(setup.method_words, options);
  }
  return text.append(" ").append(ShellText(options));
}

}  // namespace dkn::serve
