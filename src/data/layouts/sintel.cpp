// MPI Sintel (Butler, Wulff, Stanley, Black, ECCV 2012) with its depth release: PASS/SCENE/
// frame_NNNN.png and depth/SCENE/frame_NNNN.dpt, in the folder or in its folder "training". Only
// the training scenes have depth. The split is the pass: "final" has blur and haze, "clean" not.

#include <utility>

#include "dkn/error.h"
#include "src/data/dataset_files.h"

namespace dkn {

std::unique_ptr<Dataset> OpenSintel(const DatasetOptions& options) {
  const std::string inner = InFolder(options.path, "training");
  const std::string root = IsFolder(inner) ? inner : options.path;
  const std::string depth_folder = InFolder(root, "depth");
  if (!IsFolder(depth_folder)) {
    RefuseFolder(root, "folder depth with SCENE/frame_NNNN.dpt", ListFolder(root));
  }
  std::vector<SampleFiles> samples;
  for (const std::string& scene : ListFolder(depth_folder)) {
    const std::string scene_folder = InFolder(depth_folder, scene);
    if (!IsFolder(scene_folder)) {
      continue;
    }
    for (const std::string& file : ListFolder(scene_folder)) {
      if (const auto frame = WithoutEnding(file, ".dpt")) {
        const std::string picture =
            InFolder(InFolder(InFolder(root, options.split), scene), *frame + ".png");
        const std::string depth = InFolder(scene_folder, file);
        if (!IsThere(picture)) {
          throw Error(depth + " has no picture " + picture);
        }
        samples.push_back({scene + "_" + *frame, picture, depth});
      }
    }
  }
  if (samples.empty()) {
    RefuseFolder(depth_folder, "SCENE/frame_NNNN.dpt", ListFolder(depth_folder));
  }
  return DatasetOfFiles(std::move(samples), options);
}

}  // namespace dkn
