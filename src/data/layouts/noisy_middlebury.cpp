// The noisy low-resolution Middlebury pairs (Park et al., ICCV 2011): NAME_color.png and
// NAME_depth.png as in "pairs", and for each scale S the input NAME_lrS_noisy.png.

#include <utility>

#include "dkn/error.h"
#include "src/data/dataset_files.h"

namespace dkn {

std::unique_ptr<Dataset> OpenNoisyMiddlebury(const DatasetOptions& options) {
  const std::string ending = "_lr" + std::to_string(options.scale) + "_noisy.png";
  std::vector<SampleFiles> samples;
  for (const ImagePair& pair : ListPairs(options.path)) {
    const std::string input = InFolder(options.path, pair.name + ending);
    if (!IsThere(input)) {
      std::string inputs;
      for (const std::string& file : ListFolder(options.path)) {
        if (file.starts_with(pair.name + "_lr")) {
          inputs += (inputs.empty() ? "" : ", ") + file;
        }
      }
      throw Error(pair.depth + " has no input " + pair.name + ending + " beside it; there are " +
                  (inputs.empty() ? "none" : inputs));
    }
    samples.push_back({pair.name, pair.color, pair.depth, input, options.scale});
  }
  return DatasetOfFiles(std::move(samples), options);
}

}  // namespace dkn
