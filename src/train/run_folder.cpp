#include "src/train/run_folder.h"

#include <cstdint>
#include <filesystem>
#include <vector>

#include "dkn/error.h"
#include "src/core/file.h"

namespace dkn::train {

void ClaimRunFolder(const std::string& folder, const std::string& text) {
  std::filesystem::create_directories(folder);
  const std::string path = (std::filesystem::path(folder) / "experiment.json").string();
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  if (!std::filesystem::exists(path)) {
    WriteFileBytes(path, bytes);
  } else if (ReadFileBytes(path) != bytes) {
    throw Error(folder +
                ": holds a run of another configuration; choose another --work folder or "
                "remove this one");
  }
}

}  // namespace dkn::train
