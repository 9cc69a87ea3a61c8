// NYU Depth v2 as the literature's PyTorch code stores it: arrays of pictures [N, H, W, 3] and of
// depths [N, H, W] or [N, H, W, 1], and the largest and smallest depth of each image in metres,
// [2, N] or [N, 2], by which its depths were brought to [0, 1]. Without that file the depths count
// as metres.

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "dkn/error.h"
#include "src/core/in_context.h"
#include "src/data/dataset_files.h"
#include "src/io/npy_array.h"
#include "src/io/size_limit.h"

namespace dkn {
namespace {

// The first of the names that is in the folder; Error when none is and `needed`, else "".
std::string FindArray(const std::string& folder, const std::vector<std::string>& names,
                      bool needed) {
  std::string expected;
  for (const std::string& name : names) {
    if (IsThere(InFolder(folder, name))) {
      return InFolder(folder, name);
    }
    expected += (expected.empty() ? "" : " or ") + name;
  }
  if (needed) {
    RefuseFolder(folder, expected, ListFolder(folder));
  }
  return "";
}

// The arrays of one split.
class Part {
 public:
  Part(const std::string& folder, const std::string& split)
      : images_(FindArray(
            folder, {split + "_images_v2.npy", split + "_images_split.npy", split + "_images.npy"},
            true)),
        depths_(FindArray(folder, {split + "_depth.npy", split + "_depth_split.npy"}, true)) {
    const std::vector<std::int64_t>& images = images_.shape();
    const std::vector<std::int64_t>& depths = depths_.shape();
    if (images.size() != 4 || images[3] != 3) {
      throw Error(images_.path() + ": is " + images_.ShapeText() + ", expected [N, H, W, 3]");
    }
    const bool fits = depths.size() == 3 || (depths.size() == 4 && depths[3] == 1);
    if (!fits || !std::equal(images.begin(), images.begin() + 3, depths.begin())) {
      throw Error(depths_.path() + ": is " + depths_.ShapeText() + ", expected N, H and W of " +
                  images_.path() + ", " + images_.ShapeText());
    }
    InContext(images_.path(), [&] { CheckSize(images[2], images[1], ReadOptions()); });
    const std::string range = FindArray(folder, {split + "_minmax.npy"}, false);
    if (!range.empty()) {
      ReadRanges(NpyArray(range));
    }
  }

  std::size_t size() const { return static_cast<std::size_t>(images_.shape()[0]); }

  std::vector<std::string> Files() const {
    std::vector<std::string> files{images_.path(), depths_.path()};
    if (!ranges_path_.empty()) {
      files.push_back(ranges_path_);
    }
    return files;
  }

  Sample Read(std::size_t i, const DatasetOptions& options) const {
    Sample sample;
    sample.guide = ReadItem(images_, i, 3);
    for (std::size_t k = 0; k < sample.guide.size(); ++k) {
      float& value = sample.guide.data()[k];
      value = static_cast<float>(value / images_.full_scale());
      if (!(value >= 0.0f && value <= 1.0f)) {
        throw Error(images_.path() + ": image " + std::to_string(i) + " holds a value outside " +
                    "[0, 1], as floats of a picture must be");
      }
    }
    sample.truth = ReadItem(depths_, i, 1);
    ToMetres(sample.truth, i);
    ToUnit(sample.truth, options);
    return sample;
  }

 private:
  void ReadRanges(const NpyArray& array) {
    ranges_path_ = array.path();
    const std::vector<std::int64_t>& shape = array.shape();
    const auto count = static_cast<std::int64_t>(size());
    const bool by_row = shape == std::vector<std::int64_t>{2, count};
    if (!by_row && shape != std::vector<std::int64_t>{count, 2}) {
      throw Error(array.path() + ": is " + array.ShapeText() + ", expected [2, " +
                  std::to_string(count) + "] for the images of " + images_.path());
    }
    const std::vector<double> values = array.Read(0, 2 * size());
    for (std::size_t i = 0; i < size(); ++i) {
      const double a = values[by_row ? i : 2 * i];
      const double b = values[by_row ? size() + i : 2 * i + 1];
      if (!std::isfinite(a) || !std::isfinite(b)) {
        throw Error(array.path() + ": the range of image " + std::to_string(i) + " is not finite");
      }
      ranges_.emplace_back(std::min(a, b), std::max(a, b));  // files of both orders are about
    }
  }

  static Image ReadItem(const NpyArray& array, std::size_t i, int channels) {
    const int height = static_cast<int>(array.shape()[1]);
    const int width = static_cast<int>(array.shape()[2]);
    const std::size_t count = static_cast<std::size_t>(width) * height * channels;
    const std::vector<double> values = array.Read(i * count, count);
    Image image(width, height, channels);
    auto value = values.begin();
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        for (int c = 0; c < channels; ++c) {
          image(x, y, c) = static_cast<float>(*value++);
        }
      }
    }
    return image;
  }

  void ToMetres(Image& depth, std::size_t i) const {
    const auto [low, high] = std::minmax_element(depth.data(), depth.data() + depth.size());
    if (ranges_.empty()) {
      if (*low == 0.0f && *high == 1.0f) {
        throw Error(depths_.path() + ": the depths of image " + std::to_string(i) +
                    " were brought to [0, 1]; metres need the file ..._minmax.npy beside it");
      }
      return;
    }
    const auto [nearest, farthest] = ranges_[i];
    for (std::size_t k = 0; k < depth.size(); ++k) {
      depth.data()[k] = static_cast<float>(nearest + depth.data()[k] * (farthest - nearest));
    }
  }

  NpyArray images_;
  NpyArray depths_;
  std::string ranges_path_;  // empty: none
  std::vector<std::pair<double, double>> ranges_;
};

class NyuNpy : public Dataset {
 public:
  explicit NyuNpy(const DatasetOptions& options) : options_(options) {
    for (const std::string split : {"train", "test"}) {
      if (options.split == split || options.split == "all") {
        parts_.emplace_back(options.path, split);
        for (std::size_t i = 0; i < parts_.back().size(); ++i) {
          places_.emplace_back(parts_.size() - 1, i);
          std::string number = std::to_string(i);
          number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
          names_.push_back(split + "_" + number);
        }
      }
    }
  }

  std::size_t size() const override { return names_.size(); }
  const std::string& Name(std::size_t i) const override { return names_[i]; }
  Sample Read(std::size_t i) const override {
    return parts_[places_[i].first].Read(places_[i].second, options_);
  }
  std::vector<std::string> Files(std::size_t i) const override {
    return parts_[places_[i].first].Files();
  }

 private:
  DatasetOptions options_;
  std::vector<Part> parts_;
  std::vector<std::pair<std::size_t, std::size_t>> places_;  // part, and place in it
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<Dataset> OpenNyuNpy(const DatasetOptions& options) {
  ListFolder(options.path);  // says what is wrong with the folder itself
  return std::make_unique<NyuNpy>(options);
}

}  // namespace dkn
