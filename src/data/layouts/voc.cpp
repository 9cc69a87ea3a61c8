// Pascal VOC 2012's segmentation (Everingham et al., IJCV 2015): JPEGImages/NAME.jpg,
// SegmentationClass/NAME.png with a palette, whose indices are the labels, and
// ImageSets/Segmentation/SPLIT.txt. The split train_aug, of 10,582 images, takes its labels from
// SegmentationClassAug (Hariharan et al., ICCV 2011), in grey.

#include "src/data/layouts/voc.h"

#include <set>
#include <sstream>
#include <utility>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/in_context.h"
#include "src/data/dataset_files.h"

namespace dkn {
namespace {

constexpr int kVoid = 255;
constexpr std::uint64_t kMaxListBytes = 16 << 20;

// The folder that has JPEGImages, as the archive unpacks.
std::string FindRoot(const std::string& path) {
  const std::string year = InFolder(path, "VOC2012");
  for (const std::string& root : {path, year, InFolder(InFolder(path, "VOCdevkit"), "VOC2012")}) {
    if (IsFolder(InFolder(root, "JPEGImages"))) {
      return root;
    }
  }
  RefuseFolder(path, "folder JPEGImages (nor VOC2012, VOCdevkit/VOC2012 with one)",
               ListFolder(path));
}

// Lists of the split train_aug came in several names; they are no part of Pascal VOC.
std::string FindList(const std::string& root, const std::string& split) {
  const std::string lists = InFolder(root, "ImageSets");
  std::string path = InFolder(InFolder(lists, "Segmentation"), split + ".txt");
  if (split == "train_aug" && !IsThere(path)) {
    for (const char* other : {"Segmentation/trainaug.txt", "SegmentationAug/train_aug.txt"}) {
      if (IsThere(InFolder(lists, other))) {
        path = InFolder(lists, other);
      }
    }
  }
  return path;
}

std::string FirstWord(const std::string& line) {
  std::string word;
  std::istringstream(line) >> word;
  return word;
}

// NAME of NAME and of FOLDER/NAME.jpg.
std::string NameOf(std::string word) {
  word.erase(0, word.rfind('/') + 1);
  return WithoutEnding(word, ".jpg").value_or(word);
}

}  // namespace

std::vector<std::string> ParseImageSet(std::string_view text) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  std::istringstream lines{std::string(text)};
  int number = 1;
  for (std::string line; std::getline(lines, line); ++number) {
    const std::string word = FirstWord(line);
    if (word.empty()) {
      continue;
    }
    const std::string name = NameOf(word);
    const std::string place = "line " + std::to_string(number) + ": '" + word + "'";
    if (name.empty() || name[0] == '.' || name.find('\0') != std::string::npos) {
      throw Error(place + " is no image's name");
    }
    if (!seen.insert(name).second) {
      throw Error(place + " comes twice");
    }
    names.push_back(name);
  }
  if (names.empty()) {
    throw Error("names no image");
  }
  return names;
}

std::unique_ptr<Dataset> OpenVoc(const DatasetOptions& options) {
  const std::string root = FindRoot(options.path);
  const std::string pictures = InFolder(root, "JPEGImages");
  const std::string labels =
      InFolder(root, options.split == "train_aug" ? "SegmentationClassAug" : "SegmentationClass");
  if (!IsFolder(labels)) {
    throw Error(labels + ": is no folder, expected the labels of split '" + options.split + "'");
  }
  const std::string list = FindList(root, options.split);
  const std::vector<std::uint8_t> text = ReadFileBytes(list, kMaxListBytes);
  return InContext(list, [&] {
    std::vector<SampleFiles> samples;
    for (const std::string& name :
         ParseImageSet({reinterpret_cast<const char*>(text.data()), text.size()})) {
      SampleFiles files{name, InFolder(pictures, name + ".jpg"), InFolder(labels, name + ".png")};
      for (const std::string& file : {files.guide, files.truth}) {
        if (!IsThere(file)) {
          throw Error("names '" + name + "', but there is no " + file);
        }
      }
      samples.push_back(std::move(files));
    }
    return DatasetOfLabels(std::move(samples), options, kVoid);
  });
}

}  // namespace dkn
