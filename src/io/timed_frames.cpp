#include "src/io/timed_frames.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <set>
#include <sstream>
#include <system_error>
#include <utility>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/in_context.h"
#include "src/core/number_text.h"
#include "src/io/named_file.h"
#include "src/io/task_files.h"

namespace dkn {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kMaxListBytes = std::uint64_t{1} << 26;
constexpr std::string_view kDigits = "0123456789";

// Digits of a name, and those of a fraction behind them.
struct DecimalText {
  std::string_view whole;
  std::string_view fraction;

  std::size_t size() const { return whole.size() + fraction.size(); }
};

std::string_view DigitsAt(std::string_view text, std::size_t at) {
  const std::size_t end = text.find_first_not_of(kDigits, at);
  return text.substr(at, end == std::string_view::npos ? end : end - at);
}

DecimalText LongestNumber(std::string_view text) {
  constexpr std::size_t kDigitsOfSeconds = 10;
  DecimalText longest;
  for (std::size_t at = text.find_first_of(kDigits); at < text.size();
       at = text.find_first_of(kDigits, at)) {
    DecimalText number{DigitsAt(text, at), {}};
    at += number.whole.size();
    const bool point = at < text.size() && text[at] == '.';
    const bool mark = at < text.size() && (text[at] == '_' || text[at] == '-') &&
                      number.whole.size() == kDigitsOfSeconds;
    const std::string_view behind = point || mark ? DigitsAt(text, at + 1) : std::string_view();
    if (!behind.empty() && (point || behind.size() < kDigitsOfSeconds)) {
      number.fraction = behind;
      at += 1 + behind.size();
    }
    if (number.size() > longest.size()) {
      longest = number;
    }
  }
  return longest;
}

// Nanoseconds in one unit of a number with so many digits and no fraction.
std::int64_t UnitOf(std::size_t digits) {
  return digits >= 18 ? 1 : digits >= 15 ? 1'000 : digits >= 12 ? 1'000'000 : kSecond;
}

std::vector<std::string> Words(const std::string& line) {
  std::string blank = line;
  std::replace(blank.begin(), blank.end(), ',', ' ');
  std::istringstream stream(blank);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    words.push_back(std::move(word));
  }
  return words;
}

// Calls body(number from 1, words) for each line that has some and is no remark.
template <typename Body>
void ForEachLine(const std::string& text, const Body& body) {
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::vector<std::string> words = Words(line);
    if (!words.empty() && words.front().front() != '#') {
      body(number, words);
    }
  }
}

[[noreturn]] void RefuseLine(int number, const std::string& expected) {
  throw Error("line " + std::to_string(number) + ": expected " + expected);
}

std::string ReadList(const std::string& path) {
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path, kMaxListBytes);
  return {bytes.begin(), bytes.end()};
}

bool Exists(const fs::path& path) {
  std::error_code absent;
  return fs::exists(path, absent);
}

std::string LastName(const fs::path& folder) {
  const fs::path name = folder.filename();
  return (name.empty() ? folder.parent_path().filename() : name).string();
}

// Where a list's files lie: a folder, or else relative to the list.
struct ListedFolder {
  NamedFile folder;
  fs::path list_folder;

  std::string Path(const std::string& file) const {
    const fs::path here = fs::path(folder.file) / fs::path(file).filename();
    const std::string path = (Exists(here) ? here : list_folder / file).string();
    return folder.name.empty() ? path : path + ":" + folder.name;
  }
  // How much speaks for a file of the list to lie there.
  int Fits(const std::string& file) const {
    const fs::path path(file);
    return (Exists(fs::path(folder.file) / path.filename()) ? 1 : 0) +
           (path.parent_path().filename() == LastName(folder.file) ? 1 : 0);
  }
};

bool IsList(const std::string& path) {
  return fs::path(path).extension() == ".txt";
}

// Of a folder's images or of a list; ascending.
std::vector<TimedFile> FilesWithTimes(const std::string& named) {
  const NamedFile source = SplitName(named);
  std::vector<TimedFile> files;
  if (IsList(source.file)) {
    files = InContext(source.file, [&] { return ParseTimes(ReadList(source.file)); });
    for (TimedFile& timed : files) {
      timed.file = (fs::path(source.file).parent_path() / timed.file).string();
    }
  } else if (fs::is_directory(source.file)) {
    for (const std::string& name : ImagesIn(source.file)) {
      const auto time = TimeInName(fs::path(name).stem().string());
      const std::string path = (fs::path(source.file) / name).string();
      if (!time) {
        throw Error(path + ": its name tells no time, which --max-time needs");
      }
      files.push_back({*time, path});
    }
  } else {
    throw Error(source.file +
                ": is no folder; --max-time needs folders whose files are named by "
                "times, or lists (.txt) of times and files");
  }
  if (files.empty()) {
    throw Error(source.file + ": has no image");
  }
  for (TimedFile& timed : files) {
    timed.file += source.name.empty() ? "" : ":" + source.name;
  }
  std::stable_sort(files.begin(), files.end(),
                   [](const TimedFile& a, const TimedFile& b) { return a.time < b.time; });
  return files;
}

// Seconds. (Neither is below 0.)
double Apart(std::int64_t a, std::int64_t b) {
  return static_cast<double>(std::abs(a - b)) / kSecond;
}

// Of guides, ascending, the one whose time is nearest; of two the earlier.
const TimedFile& Nearest(const std::vector<TimedFile>& guides, std::int64_t time) {
  const auto after =
      std::lower_bound(guides.begin(), guides.end(), time,
                       [](const TimedFile& a, std::int64_t t) { return a.time < t; });
  if (after == guides.begin()) {
    return *after;
  }
  const auto before = after - 1;
  return after == guides.end() || Apart(before->time, time) <= Apart(after->time, time) ? *before
                                                                                        : *after;
}

}  // namespace

std::optional<std::int64_t> TimeInName(std::string_view stem) {
  const DecimalText number = LongestNumber(stem);
  std::int64_t whole = 0;
  const char* const end = number.whole.data() + number.whole.size();
  if (number.whole.empty() || std::from_chars(number.whole.data(), end, whole).ec != std::errc()) {
    return std::nullopt;
  }
  const std::int64_t unit = number.fraction.empty() ? UnitOf(number.whole.size()) : kSecond;
  std::int64_t rest = 0;
  std::int64_t place = kSecond;
  for (const char digit : number.fraction) {
    place /= 10;
    rest += (digit - '0') * place;
  }
  if (whole > (std::numeric_limits<std::int64_t>::max() - rest) / unit) {
    return std::nullopt;
  }
  return whole * unit + rest;
}

std::vector<Association> ParseAssociations(const std::string& text) {
  std::vector<Association> associations;
  ForEachLine(text, [&](int number, const std::vector<std::string>& words) {
    std::vector<std::string> files;
    std::copy_if(words.begin(), words.end(), std::back_inserter(files), HasImageEnding);
    if (files.size() != 2) {
      RefuseLine(number, "two names of images, as in 'time rgb/1.png time depth/1.png', found " +
                             std::to_string(files.size()));
    }
    associations.push_back({files[0], files[1]});
  });
  return associations;
}

std::vector<TimedFile> ParseTimes(const std::string& text) {
  std::vector<TimedFile> files;
  ForEachLine(text, [&](int number, const std::vector<std::string>& words) {
    const std::string& word = words.front();
    const bool is_time = word.find_first_not_of("0123456789.") == std::string::npos;
    const std::optional<std::int64_t> time = is_time ? TimeInName(word) : std::nullopt;
    if (!time || words.size() < 2 || !HasImageEnding(words[1])) {
      RefuseLine(number, "a time and the name of an image");
    }
    files.push_back({*time, words[1]});
  });
  return files;
}

std::vector<FrameFiles> AssociatedFrames(const FrameNames& names, std::vector<FileNote>& notes,
                                         const std::string& mask, bool own_guides) {
  const std::string& list = names.pairing.associations;
  const std::string text = ReadList(list);  // names the file itself
  const auto associations = InContext(list, [&] { return ParseAssociations(text); });
  const fs::path list_folder = fs::path(list).parent_path();
  const ListedFolder guides{SplitName(names.guide), list_folder};
  const ListedFolder targets{SplitName(names.target), list_folder};
  for (const ListedFolder& listed : {guides, targets}) {
    if (!fs::is_directory(listed.folder.file)) {
      throw Error(listed.folder.file +
                  ": is no folder, as --associations needs for guides and "
                  "targets");
    }
  }
  std::vector<FrameFiles> frames;
  std::set<std::string> listed;
  for (const auto& [first, second] : associations) {
    const bool turned =
        guides.Fits(second) + targets.Fits(first) > guides.Fits(first) + targets.Fits(second);
    const std::string& target = turned ? first : second;
    FrameFiles frame = ResultsOf(names, fs::path(target).filename().string());
    frame.guide = guides.Path(turned ? second : first);
    frame.target = targets.Path(target);
    listed.insert(frame.name);
    frames.push_back(std::move(frame));
  }
  for (const std::string& name : ImagesIn(targets.folder.file)) {
    if (listed.count(name) == 0) {
      AddNotes({{(fs::path(targets.folder.file) / name).string(),
                 "is in no line of " + list + " and was left out"}},
               notes);
    }
  }
  if (frames.empty()) {
    throw Error(list + ": names no frame");
  }
  CheckFolders(names);
  FindMasks(mask, frames);
  CheckApart(frames, own_guides);
  return frames;
}

std::vector<FrameFiles> TimedFrames(const FrameNames& names, std::vector<FileNote>& notes,
                                    const std::string& mask, bool own_guides) {
  const double most = *names.pairing.max_time;
  const std::vector<TimedFile> guides = FilesWithTimes(names.guide);
  const std::vector<TimedFile> targets = FilesWithTimes(names.target);
  const std::string limit = DigitsText(most) + " s";
  double least = std::numeric_limits<double>::infinity();
  std::vector<FrameFiles> frames;
  for (const TimedFile& target : targets) {
    const TimedFile& guide = Nearest(guides, target.time);
    const double apart = Apart(guide.time, target.time);
    least = std::min(least, apart);
    if (apart > most) {
      AddNotes({{target.file, "has no guide within " + limit + " and was left out"}}, notes);
      continue;
    }
    FrameFiles frame = ResultsOf(names, fs::path(SplitName(target.file).file).filename().string());
    frame.guide = guide.file;
    frame.target = target.file;
    frames.push_back(std::move(frame));
  }
  if (frames.empty()) {
    throw Error(names.target + ": no target has a guide within " + limit + "; the nearest is " +
                DigitsText(least) + " s away");
  }
  CheckFolders(names);
  FindMasks(mask, frames);
  CheckApart(frames, own_guides);
  return frames;
}

}  // namespace dkn
