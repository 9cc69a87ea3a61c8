// What `dkn synth` renders: NAME_rgb.png and NAME_truth.png.

#include <utility>

#include "src/data/dataset_files.h"

namespace dkn {

std::unique_ptr<Dataset> OpenRooms(const DatasetOptions& options) {
  const std::vector<std::string> files = ListFolder(options.path);
  std::vector<SampleFiles> samples;
  for (const std::string& file : files) {
    if (const auto name = WithoutEnding(file, "_truth.png")) {
      samples.push_back(
          {*name, InFolder(options.path, *name + "_rgb.png"), InFolder(options.path, file)});
    }
  }
  if (samples.empty()) {
    RefuseFolder(options.path, "pair NAME_rgb.png and NAME_truth.png", files);
  }
  return DatasetOfFiles(std::move(samples), options);
}

}  // namespace dkn
