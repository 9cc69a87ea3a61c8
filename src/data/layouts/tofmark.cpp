// ToFMark (Ferstl et al., ICCV 2013): intensity pictures, low-resolution depth of a time-of-flight
// camera, and depth of structured light as the truth. The archive's own names are not documented
// anywhere we could find; this layout asks for NAME_intensity, NAME_tof and NAME_truth, each with
// one of the endings below. Values of 0 and less are not known; the evaluation of Riegler et al.
// (BMVC 2016) leaves out truths below 0.

#include <limits>
#include <set>
#include <utility>

#include "dkn/error.h"
#include "src/data/dataset_files.h"

namespace dkn {
namespace {

Image ReadPositive(const std::string& path) {
  Image image = ReadStored(path);
  if (image.channels() != 1) {
    throw Error(path + ": has " + std::to_string(image.channels()) + " channels, expected depth");
  }
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (image.data()[i] <= 0.0f) {
      image.data()[i] = std::numeric_limits<float>::quiet_NaN();
    }
  }
  return image;
}

constexpr const char* kEndings[] = {".png", ".tif", ".tiff", ".pfm", ".exr", ".npy"};

// FOLDER/NAME + part + ending, for the first ending that is there. Throws Error when there is none.
std::string FindPart(const std::string& folder, const std::string& name, const std::string& part) {
  for (const std::string ending : kEndings) {
    std::string path = InFolder(folder, name + part + ending);
    if (IsThere(path)) {
      return path;
    }
  }
  throw Error(InFolder(folder, name + "_truth") + " has no " + name + part +
              ".png, .tif, .tiff, .pfm, .exr or .npy beside it");
}

}  // namespace

std::unique_ptr<Dataset> OpenTofMark(const DatasetOptions& options) {
  const std::vector<std::string> files = ListFolder(options.path);
  std::set<std::string> names;
  for (const std::string& file : files) {
    for (const std::string ending : kEndings) {
      if (const auto name = WithoutEnding(file, "_truth" + ending)) {
        names.insert(*name);
      }
    }
  }
  std::vector<SampleFiles> samples;
  for (const std::string& name : names) {
    samples.push_back({name, FindPart(options.path, name, "_intensity"),
                       FindPart(options.path, name, "_truth"),
                       FindPart(options.path, name, "_tof")});
  }
  if (samples.empty()) {
    RefuseFolder(options.path, "NAME_intensity, NAME_tof and NAME_truth", files);
  }
  return DatasetOfFiles(std::move(samples), options, ReadPositive);
}

}  // namespace dkn
