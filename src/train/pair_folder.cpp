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

}  // namespace

std::vector<RgbdPair> ReadPairFolder(const std::string& folder) {
  const std::vector<ImagePair> files = ListPairs(folder);
  std::vector<RgbdPair> pairs(files.size());
  ParallelFor(0, static_cast<int>(files.size()), [&](int i) { pairs[i] = ReadPair(files[i]); });
  return pairs;
}

}  // namespace dkn::train
