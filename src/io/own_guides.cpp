#include "src/io/own_guides.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/io/frame_files.h"
#include "src/io/named_file.h"

namespace dkn {
namespace {

constexpr const char* kOneOfEach = "; `dkn filter` filters a picture by itself";

// Whether a name without NAME may mean one thing as guide and another as target.
bool MayHoldBoth(const NamedFile& named) {
  std::string ending = std::filesystem::path(named.file).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return named.name.empty() && ending == ".exr";
}

bool IsOneName(const std::string& guide, const std::string& target) {
  const NamedFile of_guide = SplitName(guide);
  const NamedFile of_target = SplitName(target);
  std::error_code absent;
  return of_guide.name == of_target.name &&
         std::filesystem::equivalent(of_guide.file, of_target.file, absent);
}

bool AreSameFrames(const ConstFrame& first, const ConstFrame& second) {
  const bool same_kind = first.type == second.type && first.channels == second.channels &&
                         first.width == second.width && first.height == second.height;
  const std::size_t bytes = SampleBytes(second.type) * static_cast<std::size_t>(second.channels) *
                            static_cast<std::size_t>(second.width) *
                            static_cast<std::size_t>(second.height);
  return same_kind && std::memcmp(first.data, second.data, bytes) == 0;
}

bool IsReadAlike(const std::string& path) {
  try {
    ReadOptions as_guide;
    as_guide.guide = true;
    return AreSameFrames(ReadFrame(path, as_guide), ReadFrame(path));
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

void CheckGuideIsNoTarget(const std::string& guide, const std::string& target) {
  if (IsOneName(guide, target) && !MayHoldBoth(SplitName(target))) {
    throw Error(target + ": is guide and target at once, expected a picture and a map beside it" +
                kOneOfEach);
  }
}

void CheckGuideIsNoTarget(const FrameNames& names, const ConstFrame& guide,
                          const ConstFrame& target) {
  if (SameFile(names.guide, names.target) && AreSameFrames(guide, target)) {
    throw Error(names.target +
                ": what is read of it is guide and target at once; FILE:NAME reads a channel or a "
                "layer" +
                kOneOfEach);
  }
}

bool IsOwnGuide(const std::string& guide, const std::string& target, const FileTask& task) {
  if (task.options.own_guide || !task.options.upsample.same_size) {
    return task.options.own_guide;
  }
  return IsOneName(guide, target) && (!MayHoldBoth(SplitName(target)) || IsReadAlike(target));
}

bool IsOwnGuide(const FrameNames& streams, const RawFormat& format, const FileTask& task) {
  if (format.guide) {
    return false;
  }
  const bool both_standard = streams.guide == "-" && streams.target == "-";
  return both_standard ? task.options.own_guide || task.options.upsample.same_size
                       : IsOwnGuide(streams.guide, streams.target, task);
}

}  // namespace dkn
