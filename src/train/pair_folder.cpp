#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/core/parallel_for.h"
#include "src/data/dataset.h"
#include "src/train/pair_files.h"

namespace dkn::train {
namespace {

RgbdPair ReadPair(const ImagePair& files) {
  const ImageFile color = ReadImage(files.color);
  const ImageFile depth = ReadImage(files.depth);
  if (color.type != SampleType::kUint8 || color.image.channels() != 3) {
    throw Error(files.color + ": expected 8-bit colour for training");
  }
  if (depth.type == SampleType::kFloat32 || depth.image.channels() != 1) {
    throw Error(files.depth + ": expected one channel of 8 or 16 bits for training");
  }
  if (!SameSize(color.image.view(), depth.image.view())) {
    throw Error(files.depth + ": has not the size of " + files.color);
  }
  const auto to_values = [](const Image& image, auto& values) {
    values.assign(image.data(), image.data() + image.size());
  };
  RgbdPair pair{color.image.width(), color.image.height(), {}, {}};
  to_values(color.image, pair.rgb);
  to_values(depth.image, pair.depth);
  return pair;
}

// R,G,B planes of 8 bits of a picture of 3 channels or of 1, which stands for all.
std::vector<std::uint8_t> Planes(const Image& picture) {
  std::vector<std::uint8_t> planes;
  planes.reserve(3 * picture.size() / static_cast<std::size_t>(picture.channels()));
  for (int c = 0; c < 3; ++c) {
    const ConstView plane = picture.view().Channel(std::min(c, picture.channels() - 1));
    for (int y = 0; y < plane.height; ++y) {
      std::transform(
          plane.Row(y), plane.Row(y) + plane.width, std::back_inserter(planes), [](float value) {
            return static_cast<std::uint8_t>(std::lround(255.0f * std::clamp(value, 0.0f, 1.0f)));
          });
    }
  }
  return planes;
}

}  // namespace

std::vector<RgbdPair> ReadPictures(const std::string& folder,
                                   const std::vector<std::string>& splits) {
  std::vector<RgbdPair> pictures;
  for (const std::string& split : splits) {
    DatasetOptions options;
    options.layout = "pictures";
    options.path = folder;
    options.split = split;
    const std::unique_ptr<Dataset> set = OpenDataset(options);
    const std::size_t first = pictures.size();
    pictures.resize(first + set->size());
    ParallelFor(0, static_cast<int>(set->size()), [&](int i) {
      const Sample sample = set->Read(i);
      pictures[first + i] = {sample.guide.width(),
                             sample.guide.height(),
                             Planes(sample.guide),
                             {},
                             Planes(sample.truth)};
    });
  }
  return pictures;
}

std::vector<RgbdPair> ReadPairFolder(const std::string& folder) {
  const std::vector<ImagePair> files = ListPairs(folder);
  std::vector<RgbdPair> pairs(files.size());
  ParallelFor(0, static_cast<int>(files.size()), [&](int i) { pairs[i] = ReadPair(files[i]); });
  return pairs;
}

}  // namespace dkn::train
