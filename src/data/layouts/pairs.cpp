// NAME_color.png (or .jpg) and NAME_depth.png.

#include <map>
#include <utility>

#include "dkn/error.h"
#include "src/data/dataset_files.h"

namespace dkn {

std::vector<ImagePair> ListPairs(const std::string& folder) {
  const std::vector<std::string> files = ListFolder(folder);
  std::map<std::string, ImagePair> pairs;
  for (const std::string& file : files) {
    for (const char* ending : {"_color.png", "_color.jpg"}) {
      if (const auto name = WithoutEnding(file, ending)) {
        pairs[*name].color = InFolder(folder, file);
      }
    }
    if (const auto name = WithoutEnding(file, "_depth.png")) {
      pairs[*name].depth = InFolder(folder, file);
    }
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
    RefuseFolder(folder, "pair NAME_color.png (or .jpg) and NAME_depth.png", files);
  }
  return result;
}

std::unique_ptr<Dataset> OpenPairs(const DatasetOptions& options) {
  std::vector<SampleFiles> samples;
  for (const ImagePair& pair : ListPairs(options.path)) {
    samples.push_back({pair.name, pair.color, pair.depth});
  }
  return DatasetOfFiles(std::move(samples), options);
}

}  // namespace dkn
