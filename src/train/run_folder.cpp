#include "src/train/run_folder.h"

#include <filesystem>
#include <utility>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/train/curves.h"
#include "src/train/ranks.h"

namespace dkn::train {

namespace fs = std::filesystem;

RunFolder::RunFolder(std::string path, const std::string& text) : path_(std::move(path)) {
  if (Rank() != 0) {
    return;
  }
  fs::create_directories(path_);
  const std::string experiment = File("experiment.json");
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  if (!fs::exists(experiment)) {
    WriteFileBytes(experiment, bytes);
  } else if (ReadFileBytes(experiment) != bytes) {
    throw Error(path_ +
                ": holds a run of another configuration; choose another --work folder or "
                "remove this one");
  }
}

std::string RunFolder::File(const std::string& name) const {
  return (fs::path(path_) / name).string();
}

bool RunFolder::HasCheckpoint() const {
  return fs::exists(File("last.pt"));
}

void RunFolder::ReadRows(std::int64_t last_step) {
  rows_ = ReadLog(File("log.csv"));
  std::erase_if(rows_, [&](const LogRow& row) { return row.step > last_step; });
}

void RunFolder::WriteRows(const std::string& unit) const {
  WriteLog(File("log.csv"), rows_);
  DrawCurves(rows_, unit, File("curves.png"));
}

}  // namespace dkn::train
