#include "src/eval/dataset.h"

#include <filesystem>
#include <map>
#include <system_error>

#include "dkn/error.h"

namespace dkn {
namespace {

namespace fs = std::filesystem;

// Sets name to NAME when `file` is NAME + ending.
bool StripEnding(const std::string& file, const std::string& ending, std::string& name) {
  if (file.size() <= ending.size() || !file.ends_with(ending)) {
    return false;
  }
  name = file.substr(0, file.size() - ending.size());
  return true;
}

}  // namespace

std::vector<ImagePair> ListPairs(const std::string& folder) {
  std::error_code code;
  std::map<std::string, ImagePair> pairs;
  std::size_t files = 0;
  fs::directory_iterator entry(folder, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
    const std::string file = entry->path().filename().string();
    std::string name;
    if (StripEnding(file, "_color.png", name) || StripEnding(file, "_color.jpg", name)) {
      pairs[name].color = entry->path().string();
    } else if (StripEnding(file, "_depth.png", name)) {
      pairs[name].depth = entry->path().string();
    }
    ++files;
  }
  if (code) {
    throw Error(folder + ": " + code.message());
  }
  std::vector<ImagePair> result;
  for (auto& [name, pair] : pairs) {
    if (pair.color.empty()) {
      throw Error(pair.depth + " has no " + name + "_color.png or .jpg beside it");
    }
    if (pair.depth.empty()) {
      throw Error(pair.color + " has no " + name + "_depth.png beside it");
    }
    result.push_back({name, pair.color, pair.depth});
  }
  if (result.empty()) {
    throw Error(folder + ": no pair NAME_color.png (or .jpg) and NAME_depth.png among its " +
                std::to_string(files) + " files");
  }
  return result;
}

}  // namespace dkn
