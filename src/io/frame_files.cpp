#include "src/io/frame_files.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>
#include <unordered_set>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/io/named_file.h"
#include "src/io/own_guides.h"

namespace dkn {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxDigits = 9;
constexpr int kMaxFrames = 1'000'000;
// Of images, and what results of theirs are, where files like them are read and not written.
struct Ending {
  const char* read;
  const char* written;
};
constexpr Ending kEndings[] = {
    {".png", ".png"},   {".jpg", ".jpg"}, {".jpeg", ".jpeg"}, {".tif", ".tif"},
    {".tiff", ".tiff"}, {".exr", ".exr"}, {".pfm", ".pfm"},   {".npy", ".npy"},
    {".npz", ".npy"},   {".dpt", ".npy"}, {".pbm", ".png"},   {".pgm", ".png"},
    {".ppm", ".png"},   {".pnm", ".png"}, {".bmp", ".png"},   {".webp", ".png"}};

// The table's row of the name's ending, in any case; null where there is none.
const Ending* FindEnding(const std::string& path) {
  std::string ending = fs::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const Ending* const found = std::find_if(std::begin(kEndings), std::end(kEndings),
                                           [&](const Ending& row) { return ending == row.read; });
  return found == std::end(kEndings) ? nullptr : found;
}

// The name of a target's result.
std::string ResultName(const std::string& target) {
  const Ending* const ending = FindEnding(target);
  const bool same = ending == nullptr || std::string_view(ending->read) == ending->written;
  return same ? target : fs::path(target).replace_extension(ending->written).string();
}

bool IsDigit(char c) {
  return '0' <= c && c <= '9';
}

// Names in a folder, sorted; of folders in it too.
std::vector<std::string> NamesIn(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code failure;
  fs::directory_iterator entry(folder.empty() ? "." : folder, failure);
  for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
    names.push_back(entry->path().filename().string());
  }
  if (failure) {
    throw Error(folder.string() + ": cannot read this folder: " + failure.message());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Names of a folder's images by their stems.
std::map<std::string, std::string> ImagesByStem(const std::string& folder) {
  std::map<std::string, std::string> images;
  for (const std::string& name : ImagesIn(folder)) {
    const auto [same, added] = images.emplace(fs::path(name).stem().string(), name);
    if (!added) {
      throw Error(folder + ": " + same->second + " and " + name +
                  " are both named so; which one belongs to a frame?");
    }
  }
  return images;
}

// A file of a folder, and what of it is named (SplitName).
std::string FileIn(const std::string& folder, const std::string& file, const std::string& name) {
  return (fs::path(folder) / file).string() + (name.empty() ? "" : ":" + name);
}

// Pictures of frames: of a folder those of equal stems, else one for all.
class FolderOrFile {
 public:
  // `what` names one of them; `advice` follows where there is none. An empty name is that of all
  // frames.
  FolderOrFile(const std::string& named, const char* what, const char* advice = "")
      : named_(named), what_(what), advice_(advice) {
    const auto [path, name] = SplitName(named);
    if (fs::is_directory(path)) {
      folder_ = path;
      name_ = name;
      images_ = ImagesByStem(path);
    }
  }

  // Where there is none, "", and it is a problem, unless there is one already.
  std::string Find(const std::string& stem, std::string& problem) const {
    if (folder_.empty()) {
      return named_;
    }
    const auto found = images_.find(stem);
    if (found != images_.end()) {
      return FileIn(folder_, found->second, name_);
    }
    if (problem.empty()) {
      problem = folder_ + ": has no " + what_ + " named " + stem + " with any ending" + advice_;
    }
    return "";
  }

 private:
  const std::string named_;
  const char* const what_;
  const char* const advice_;
  std::string folder_;  // empty: one for all
  std::string name_;
  std::map<std::string, std::string> images_;
};

// One path, ending in a slash, for all names of a file or folder, which need not exist.
fs::path FullPath(const fs::path& path) {
  std::error_code absent;
  return fs::weakly_canonical(fs::absolute(path.empty() ? "." : path), absent) / "";
}

// The file that a name leads to, whatever way its folder is named; it need not exist.
class FileNames {
 public:
  std::string Of(const std::string& named) {
    const std::string path = FollowLinks(SplitName(named).file);
    const fs::path parent = fs::path(path).parent_path();
    const auto [known, added] = folders_.try_emplace(parent.string());
    if (added) {
      known->second = FullPath(parent).string();
    }
    return known->second + fs::path(path).filename().string();
  }

 private:
  std::map<std::string, std::string> folders_;
};

// Every number of the range.
std::vector<int> Range(int first, int last) {
  if (first > last) {
    throw Error("the first frame is " + std::to_string(first) + ", the last " +
                std::to_string(last));
  }
  if (last - first >= kMaxFrames) {
    throw Error("frames " + std::to_string(first) + " to " + std::to_string(last) +
                " are too many; there may be " + std::to_string(kMaxFrames));
  }
  std::vector<int> numbers;
  for (int number = first; number <= last; ++number) {
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace

FramePattern::FramePattern(const std::string& text) {
  const auto refuse = [&] {
    throw Error("'" + text +
                "' is no pattern of frames; expected one %d or %0Nd (N from 1 to 9) in the name of "
                "the file, such as depth_%04d.png");
  };
  const std::size_t at = text.find('%');
  if (at == std::string::npos || text.find('%', at + 1) != std::string::npos) {
    refuse();
  }
  std::size_t end = at + 1;
  if (end + 1 < text.size() && text[end] == '0' && IsDigit(text[end + 1]) && text[end + 1] != '0') {
    digits_ = static_cast<std::size_t>(text[end + 1] - '0');
    end += 2;
  }
  if (end >= text.size() || text[end] != 'd' || text.find('/', end) != std::string::npos) {
    refuse();
  }
  before_ = text.substr(0, at);
  after_ = text.substr(end + 1);
}

bool IsFramePattern(const std::string& text) {
  std::error_code failure;
  return text.find('%') != std::string::npos && !fs::exists(SplitName(text).file, failure);
}

std::string FramePattern::Digits(int number) const {
  const std::string text = std::to_string(number);
  return std::string(digits_ - std::min(digits_, text.size()), '0') + text;
}

std::string FramePattern::Path(int number) const {
  return before_ + Digits(number) + after_;
}

std::vector<int> FramePattern::Numbers() const {
  const fs::path before(before_);
  const std::string prefix = before.filename().string();
  // A name of something in the files is none of theirs.
  const std::string ending = after_.substr(0, after_.rfind(':'));
  const std::string& after = HasImageEnding("x" + ending) ? ending : after_;
  std::vector<int> numbers;
  for (const std::string& name : NamesIn(before.parent_path())) {
    if (name.size() <= prefix.size() + after.size() || !name.starts_with(prefix) ||
        !name.ends_with(after)) {
      continue;
    }
    const std::string digits =
        name.substr(prefix.size(), name.size() - prefix.size() - after.size());
    int number = 0;
    if (digits.size() <= kMaxDigits && std::all_of(digits.begin(), digits.end(), IsDigit)) {
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (Digits(number) == digits) {
        numbers.push_back(number);
      }
    }
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

bool HasImageEnding(const std::string& path) {
  return FindEnding(path) != nullptr;
}

std::vector<std::string> ImagesIn(const std::string& folder) {
  std::vector<std::string> images = NamesIn(folder);
  std::erase_if(images, [&](const std::string& name) {
    return name.front() == '.' || !HasImageEnding(name) ||
           fs::is_directory(fs::path(folder) / name);
  });
  return images;
}

void CheckApart(const std::vector<FrameFiles>& frames, bool own_guides) {
  FileNames names;
  std::unordered_set<std::string> made;
  for (const FrameFiles& frame : frames) {
    for (const std::string& path : {frame.output, frame.confidence}) {
      if (!path.empty() && !made.insert(names.Of(path)).second) {
        throw Error(path + ": two files of results would have this name");
      }
    }
  }
  for (const FrameFiles& frame : frames) {
    if (!own_guides) {
      CheckGuideIsNoTarget(frame.guide, frame.target);
    }
    for (const std::string& path : {frame.guide, frame.target, frame.mask}) {
      if (!path.empty() && made.count(names.Of(path)) > 0) {
        throw Error(path + ": results would take the place of what they are made of");
      }
    }
  }
}

bool SameFile(const std::string& first, const std::string& second) {
  const std::string a = SplitName(first).file;
  const std::string b = SplitName(second).file;
  std::error_code absent;
  return fs::equivalent(a, b, absent) || FullPath(FollowLinks(a)) == FullPath(FollowLinks(b));
}

std::vector<FrameFiles> PatternFrames(const FrameNames& names, std::optional<int> first,
                                      std::optional<int> last, const std::string& mask,
                                      bool own_guides) {
  const FramePattern targets(names.target);
  std::optional<FramePattern> outputs;
  if (!names.output.empty()) {
    outputs.emplace(names.output);
  }
  std::optional<FramePattern> guides;
  if (IsFramePattern(names.guide)) {
    guides.emplace(names.guide);
  }
  std::optional<FramePattern> masks;
  if (IsFramePattern(mask)) {
    masks.emplace(mask);
  }
  std::optional<FramePattern> confidences;
  if (!names.confidence.empty()) {
    confidences.emplace(names.confidence);
  }
  const bool all = first && last;
  std::vector<FrameFiles> frames;
  for (const int number : all ? Range(*first, *last) : targets.Numbers()) {
    if (number < first.value_or(number) || number > last.value_or(number)) {
      continue;
    }
    FrameFiles frame{"", guides ? guides->Path(number) : names.guide, targets.Path(number),
                     outputs ? outputs->Path(number) : "",
                     confidences ? confidences->Path(number) : ""};
    frame.name = fs::path(frame.target).filename().string();
    frame.mask = masks ? masks->Path(number) : mask;
    frames.push_back(std::move(frame));
  }
  if (frames.empty()) {
    throw Error(names.target + ": there is no such file");
  }
  CheckApart(frames, own_guides);
  return frames;
}

void CheckPairing(const FrameNames& names, bool many, bool limits) {
  const bool paired = !names.pairing.associations.empty() || names.pairing.max_time;
  if (paired && (!many || IsFramePattern(names.target))) {
    throw Error("--associations and --max-time are for the frames of two folders");
  }
  if (limits && !(many && IsFramePattern(names.target))) {
    throw Error("--first and --last are for patterns of frames, such as depth_%04d.png");
  }
}

void CheckFolders(const FrameNames& names) {
  const std::string guide = SplitName(names.guide).file;
  const std::string target = SplitName(names.target).file;
  const std::string& output = names.output;
  const std::string& confidence = names.confidence;
  if (output.empty()) {
    return;
  }
  if (SameFile(output, target) || SameFile(output, guide)) {
    throw Error(output + ": results need a folder of their own");
  }
  if (!confidence.empty() && (SameFile(confidence, output) || SameFile(confidence, target) ||
                              SameFile(confidence, guide))) {
    throw Error(confidence + ": confidences need a folder of their own");
  }
}

FrameFiles ResultsOf(const FrameNames& names, const std::string& file) {
  const auto in = [&](const std::string& folder) {
    return folder.empty() ? "" : (fs::path(folder) / ResultName(file)).string();
  };
  return {file, "", "", in(names.output), in(names.confidence)};
}

void FindMasks(const std::string& mask, std::vector<FrameFiles>& frames) {
  const FolderOrFile masks(mask, "mask");
  for (FrameFiles& frame : frames) {
    frame.mask = masks.Find(fs::path(frame.name).stem().string(), frame.problem);
  }
}

std::vector<FrameFiles> FolderFrames(const FrameNames& names, const std::string& mask,
                                     bool own_guides) {
  const auto [target, target_name] = SplitName(names.target);
  CheckFolders(names);
  const FolderOrFile guides(names.guide, "picture",
                            " (names that are times: --max-time; a list: --associations)");
  std::vector<FrameFiles> frames;
  for (const auto& [stem, name] : ImagesByStem(target)) {
    FrameFiles frame = ResultsOf(names, name);
    frame.target = FileIn(target, name, target_name);
    frame.guide = guides.Find(stem, frame.problem);
    frames.push_back(std::move(frame));
  }
  if (frames.empty()) {
    throw Error(target + ": this folder holds no image");
  }
  FindMasks(mask, frames);
  CheckApart(frames, own_guides);
  return frames;
}

}  // namespace dkn
