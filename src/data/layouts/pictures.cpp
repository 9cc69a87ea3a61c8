// Pairs of pictures of one scene: what guides, and what the other would be without noise or
// texture.
//   flash     NAME_flash, NAME_noflash
//   infrared  NAME_nir, NAME_noflash
//   plain     NAME_rgb, NAME_plain
// `dkn synth --pictures` writes all of them.

#include <utility>

#include "dkn/error.h"
#include "src/data/dataset_files.h"

namespace dkn {
namespace {

// FOLDER/STEM with an ending of pictures; empty where there is none.
std::string FindPicture(const std::string& folder, const std::string& stem) {
  for (const char* ending : {".png", ".jpg", ".jpeg"}) {
    if (IsThere(InFolder(folder, stem + ending))) {
      return InFolder(folder, stem + ending);
    }
  }
  return "";
}

Image ReadTruth(const std::string& path) {
  return ReadGuide(path);
}

}  // namespace

std::unique_ptr<Dataset> OpenPictures(const DatasetOptions& options) {
  const std::string guide = options.split == "flash"      ? "_flash"
                            : options.split == "infrared" ? "_nir"
                                                          : "_rgb";
  const std::string truth = options.split == "plain" ? "_plain" : "_noflash";
  const std::vector<std::string> files = ListFolder(options.path);
  std::vector<SampleFiles> samples;
  for (const std::string& file : files) {
    for (const char* ending : {".png", ".jpg", ".jpeg"}) {
      const auto name = WithoutEnding(file, guide + ending);
      if (!name) {
        continue;
      }
      const std::string picture = FindPicture(options.path, *name + truth);
      if (picture.empty()) {
        throw Error(InFolder(options.path, file) + " has no " + *name + truth +
                    ".png or .jpg beside it");
      }
      samples.push_back({*name, InFolder(options.path, file), picture});
    }
  }
  if (samples.empty()) {
    RefuseFolder(options.path, "pair NAME" + guide + ".png (or .jpg) and NAME" + truth + ".png",
                 files);
  }
  return DatasetOfFiles(std::move(samples), options, ReadTruth);
}

}  // namespace dkn
