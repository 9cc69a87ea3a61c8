#include "src/pipeline/model_files.h"

#include <filesystem>
#include <set>
#include <system_error>

#include "dkn/registry.h"

namespace dkn {

namespace fs = std::filesystem;

bool IsModelPath(const std::string& text) {
  return text.find('/') != std::string::npos || text.ends_with(kModelSuffix);
}

std::vector<std::string> ModelNames(const std::string& kind) {
  std::set<std::string> names;
  for (const std::string& folder : ModelFolders()) {
    std::error_code code;
    for (fs::directory_iterator entry(fs::path(folder) / kind, code), end; !code && entry != end;
         entry.increment(code)) {
      if (entry->path().extension() == kModelSuffix) {
        names.insert(entry->path().stem().string());
      }
    }
  }
  return {names.begin(), names.end()};
}

std::string FindModel(const std::string& kind, const std::string& name) {
  for (const std::string& folder : ModelFolders()) {
    const fs::path path = fs::path(folder) / kind / (name + kModelSuffix);
    std::error_code code;
    if (fs::exists(path, code)) {
      return path.string();
    }
  }
  return "";
}

}  // namespace dkn
