// Pictures and masks of what stands out, as DUT-OMRON (Yang et al., CVPR 2013) and SOD
// (Movahedi and Elder, CVPRW 2010) have them: NAME.jpg in one folder and NAME.png in another, or
// both in the folder itself; or NAME_color.jpg and NAME_saliency.png.

#include <map>
#include <utility>

#include "dkn/error.h"
#include "src/data/dataset_files.h"

namespace dkn {
namespace {

// A mask in [0, 1]. Grey stored as colour counts as grey.
Image ReadMask(const std::string& path) {
  Image mask = ReadGuide(path);
  if (mask.channels() == 3) {
    for (int c = 1; c < 3; ++c) {
      for (int y = 0; y < mask.height(); ++y) {
        for (int x = 0; x < mask.width(); ++x) {
          if (mask(x, y, c) != mask(x, y)) {
            throw Error(path + ": is a colour picture, expected a grey mask");
          }
        }
      }
    }
    mask = Image::Clone(mask.view().Channel(0));
  }
  return mask;
}

// The first of the folders that is there; `root` itself when none is.
std::string FindFolder(const std::string& root, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (IsFolder(InFolder(root, name))) {
      return InFolder(root, name);
    }
  }
  return root;
}

// The paths of a folder's files with one of the endings, by their names without it.
std::map<std::string, std::string> FilesByName(const std::string& folder,
                                               const std::vector<std::string>& endings) {
  std::map<std::string, std::string> files;
  for (const std::string& file : ListFolder(folder)) {
    for (const std::string& ending : endings) {
      if (const auto name = WithoutEnding(file, ending)) {
        files[*name] = InFolder(folder, file);
      }
    }
  }
  return files;
}

// Names of NAME_saliency.png tell that pictures are named so, too.
struct Endings {
  std::vector<std::string> picture = {".jpg", ".jpeg"};
  std::string mask = ".png";
};

Endings EndingsIn(const std::string& masks) {
  const std::string mask = "_saliency.png";
  return FilesByName(masks, {mask}).empty() ? Endings{} : Endings{{"_color.jpg"}, mask};
}

}  // namespace

std::unique_ptr<Dataset> OpenSaliency(const DatasetOptions& options) {
  const std::string pictures = FindFolder(options.path, {"images", "DUT-OMRON-image", "Imgs"});
  const std::string masks =
      FindFolder(options.path, {"masks", "pixelwiseGT-new-PNG", "GT", "Imgs"});
  const Endings endings = EndingsIn(masks);
  const auto masks_by_name = FilesByName(masks, {endings.mask});
  std::vector<SampleFiles> samples;
  for (const auto& [name, picture] : FilesByName(pictures, endings.picture)) {
    const auto mask = masks_by_name.find(name);
    if (mask == masks_by_name.end()) {
      throw Error(picture + " has no mask " + InFolder(masks, name + endings.mask));
    }
    samples.push_back({name, picture, mask->second});
  }
  if (samples.empty()) {
    RefuseFolder(pictures, "NAME.jpg (and NAME.png in " + masks + ")", ListFolder(pictures));
  }
  return DatasetOfFiles(std::move(samples), options, ReadMask);
}

}  // namespace dkn
