#include <algorithm>
#include <filesystem>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/core/parallel_for.h"
#include "src/train/training_set.h"

namespace dkn {
namespace {

namespace fs = std::filesystem;

const std::string kColorSuffix = "_color";
const std::string kDepthSuffix = "_depth.png";

// The paths NAME of all NAME_depth.png.
std::vector<std::string> ListNames(const std::string& folder) {
  std::error_code code;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    const std::string path = entry.path().string();
    if (path.ends_with(kDepthSuffix)) {
      names.push_back(path.substr(0, path.size() - kDepthSuffix.size()));
    }
  }
  if (code) {
    throw Error(folder + ": " + code.message());
  }
  std::sort(names.begin(), names.end());
  if (names.empty()) {
    throw Error(folder + ": no training pairs NAME_color.png (or .jpg) and NAME_depth.png");
  }
  return names;
}

std::string ColorPath(const std::string& name) {
  for (const char* extension : {".png", ".jpg", ".jpeg"}) {
    const std::string path = name + kColorSuffix + extension;
    if (fs::exists(path)) {
      return path;
    }
  }
  throw Error(name + kDepthSuffix + " has no " + kColorSuffix + ".png or .jpg beside it");
}

}  // namespace

std::vector<TrainingImage> ReadTrainingFolder(const std::string& folder,
                                              const Degradation& degradation, int limit) {
  std::vector<std::string> names = ListNames(folder);
  if (limit > 0 && names.size() > static_cast<std::size_t>(limit)) {
    names.resize(static_cast<std::size_t>(limit));
  }
  std::vector<TrainingImage> images(names.size());
  ParallelFor(0, static_cast<int>(names.size()), [&](int i) {
    const std::string color = ColorPath(names[i]);
    const Image guide = ReadGuide(color);
    const ImageFile truth = ReadImage(names[i] + kDepthSuffix);
    try {
      images[i] = MakeTrainingImage(guide, truth.image, degradation);
    } catch (const Error& error) {
      throw Error(color + ": " + error.what());
    }
  });
  return images;
}

}  // namespace dkn
