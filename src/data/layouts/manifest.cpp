#include "src/data/layouts/manifest.h"

#include <filesystem>
#include <set>
#include <utility>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/in_context.h"
#include "src/data/dataset_files.h"

namespace dkn {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxBytes = 64 << 20;

// Removes the first field of `line` and the comma behind it; `more` tells whether there was one.
std::string TakeField(std::string_view& line, bool& more) {
  std::string field;
  if (line.starts_with('"')) {
    for (line.remove_prefix(1); !line.empty(); line.remove_prefix(1)) {
      if (line[0] == '"') {
        line.remove_prefix(1);
        if (!line.starts_with('"')) {
          more = line.starts_with(',');
          if (!more && !line.empty()) {
            throw Error("text behind a quoted field, expected a comma");
          }
          line.remove_prefix(more ? 1 : 0);
          return field;
        }
      }
      field += line[0];
    }
    throw Error("a quote is not closed in the line");
  }
  const std::size_t comma = line.find(',');
  more = comma != std::string_view::npos;
  field = line.substr(0, comma);
  line.remove_prefix(more ? comma + 1 : line.size());
  if (field.find('"') != std::string::npos) {
    throw Error("a quote inside a field, expected \"...\" around the whole");
  }
  return field;
}

std::vector<std::string> SplitLine(std::string_view line) {
  std::vector<std::string> fields;
  for (bool more = true; more;) {
    fields.push_back(TakeField(line, more));
  }
  return fields;
}

ManifestRow ParseRow(std::string_view line, int number) {
  const std::vector<std::string> fields = SplitLine(line);
  if (fields.size() != 3) {
    throw Error("has " + std::to_string(fields.size()) + " fields, expected guide,target,truth");
  }
  if (fields[0].empty() || fields[2].empty()) {
    throw Error(std::string("names no ") + (fields[0].empty() ? "guide" : "truth"));
  }
  return {number, fields[0], fields[1], fields[2]};
}

// Removes the first line of `text`, without its end.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

// A name for each row that no other has and that can be part of a file's name: the guide's, without
// folder and ending, with the line's number where it is not the first.
std::vector<std::string> NameRows(const std::vector<ManifestRow>& rows) {
  std::set<std::string> taken;
  std::vector<std::string> names;
  for (const ManifestRow& row : rows) {
    std::string name = fs::path(row.guide).stem().string();
    while (!taken.insert(name).second) {
      name += '_';
      name += std::to_string(row.line);
    }
    names.push_back(name);
  }
  return names;
}

}  // namespace

std::vector<ManifestRow> ParseManifest(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  if (TakeLine(text) != "guide,target,truth") {
    throw Error("line 1: expected guide,target,truth");
  }
  std::vector<ManifestRow> rows;
  for (int number = 2; !text.empty(); ++number) {
    const std::string_view line = TakeLine(text);
    if (line.empty()) {
      continue;
    }
    rows.push_back(
        InContext("line " + std::to_string(number), [&] { return ParseRow(line, number); }));
  }
  if (rows.empty()) {
    throw Error("line 2: expected guide,target,truth of an image, the file ends");
  }
  return rows;
}

std::unique_ptr<Dataset> OpenManifest(const DatasetOptions& options) {
  const std::vector<std::uint8_t> bytes = ReadFileBytes(options.path, kMaxBytes);
  const std::vector<ManifestRow> rows = InContext(options.path, [&] {
    return ParseManifest({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  });
  const std::string folder = fs::path(options.path).parent_path().string();
  const std::vector<std::string> names = NameRows(rows);
  std::vector<SampleFiles> samples;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ManifestRow& row = rows[i];
    const auto find = [&](const std::string& what, const std::string& file) {
      std::string path = InFolder(folder, file);
      if (!IsThere(path)) {
        throw Error(options.path + ": line " + std::to_string(row.line) + ": the " + what + " " +
                    path + " is not there");
      }
      return path;
    };
    samples.push_back({names[i], find("guide", row.guide), find("truth", row.truth),
                       row.target.empty() ? "" : find("target", row.target)});
  }
  return DatasetOfFiles(std::move(samples), options);
}

}  // namespace dkn
