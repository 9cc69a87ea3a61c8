// CamVid (Brostow, Shotton, Fauqueur, Cipolla, ECCV 2008) with the split, the size and the 11
// classes of SegNet (Badrinarayanan, Kendall, Cipolla, TPAMI 2017): a folder for each split with
// NAME_color.jpg (or .png) and NAME_label.png.

#include <utility>

#include "dkn/error.h"
#include "src/data/dataset_files.h"

namespace dkn {
namespace {

constexpr int kNotLabelled = 11;

}  // namespace

std::unique_ptr<Dataset> OpenCamvid(const DatasetOptions& options) {
  const std::string folder = InFolder(options.path, options.split);
  if (!IsFolder(folder)) {
    RefuseFolder(options.path, "folder " + options.split, ListFolder(options.path));
  }
  const std::vector<std::string> files = ListFolder(folder);
  std::vector<SampleFiles> samples;
  for (const std::string& file : files) {
    for (const char* ending : {"_color.jpg", "_color.png"}) {
      if (const auto name = WithoutEnding(file, ending)) {
        const std::string labels = InFolder(folder, *name + "_label.png");
        if (!IsThere(labels)) {
          throw Error(InFolder(folder, file) + " has no " + *name + "_label.png beside it");
        }
        samples.push_back({*name, InFolder(folder, file), labels});
      }
    }
  }
  if (samples.empty()) {
    RefuseFolder(folder, "pair NAME_color.jpg (or .png) and NAME_label.png", files);
  }
  return DatasetOfLabels(std::move(samples), options, kNotLabelled);
}

}  // namespace dkn
