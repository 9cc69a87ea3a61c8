#include "src/io/listed_frames.h"

#include <filesystem>
#include <system_error>

#include "dkn/error.h"
#include "src/io/named_file.h"

namespace dkn {
namespace {

namespace fs = std::filesystem;

// The file's name, or its path below `root` where there is one.
std::string NameBelow(const std::string& file, const std::string& root) {
  if (root.empty()) {
    return fs::path(file).filename().string();
  }
  const fs::path below = fs::absolute(file).lexically_normal().lexically_relative(
      fs::absolute(root).lexically_normal());
  if (below.empty() || *below.begin() == "..") {
    throw Error(file + ": does not lie in " + root +
                ", below which results are named as their targets are");
  }
  return below.string();
}

}  // namespace

std::vector<FrameFiles> ListedFrames(const std::vector<ListedFrame>& listed,
                                     const std::string& root, const std::string& output,
                                     const std::string& confidence) {
  std::vector<FrameFiles> frames;
  frames.reserve(listed.size());
  for (const ListedFrame& item : listed) {
    const FrameNames folders{item.guide, item.target, output, confidence};
    FrameFiles frame = ResultsOf(folders, NameBelow(SplitName(item.target).file, root));
    frame.name = item.target;
    frame.guide = item.guide;
    frame.target = item.target;
    frame.mask = item.mask;
    frames.push_back(std::move(frame));
  }
  CheckApart(frames, /*own_guides=*/false);
  return frames;
}

bool IsMade(const FrameFiles& frame) {
  std::error_code absent;
  return fs::is_regular_file(frame.output, absent) &&
         (frame.confidence.empty() || fs::is_regular_file(frame.confidence, absent));
}

}  // namespace dkn
