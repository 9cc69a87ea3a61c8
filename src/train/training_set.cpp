#include "src/train/training_set.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/core/split_mix.h"
#include "src/dkn/architecture.h"
#include "src/imaging/noise.h"
#include "src/imaging/value_range.h"

namespace dkn::train {
TrainingImage MakeTrainingImage(const RgbdPair& pair, const Degradation& degradation,
                                std::uint64_t seed) {
  const int multiple = std::lcm(degradation.scale, kResampling);
  TrainingImage image;
  image.width = pair.width - pair.width % multiple;
  image.height = pair.height - pair.height % multiple;
  if (image.width == 0 || image.height == 0) {
    throw Error("the image is " + SizeText(pair.width, pair.height) + ", smaller than " +
                std::to_string(multiple) + ", what scale and network take");
  }
  image.truth = Image(image.width, image.height);
  for (int y = 0; y < image.height; ++y) {
    const auto row = pair.depth.begin() + static_cast<std::ptrdiff_t>(y) * pair.width;
    std::copy_n(row, image.width, image.truth.Row(y));
  }
  image.guide.reserve(3 * image.truth.size());
  for (int row = 0; row < 3 * pair.height; ++row) {
    if (row % pair.height < image.height) {
      const auto from = pair.rgb.begin() + static_cast<std::ptrdiff_t>(row) * pair.width;
      image.guide.insert(image.guide.end(), from, from + image.width);
    }
  }
  const ValueRange truth_range = FiniteRange(image.truth);
  if (truth_range.low == truth_range.high) {
    throw Error("the depth is constant");
  }
  Image low = Resize(image.truth, image.width / degradation.scale, image.height / degradation.scale,
                     degradation.resampler);
  if (degradation.noise_variance > 0.0) {
    AddRelativeNoise(low, degradation.noise_variance, seed);
  }
  const ValueRange range = FiniteRange(low);
  image.range = range.high - range.low;
  image.input = Resize(low, image.width, image.height, Resampler::kBicubic);
  Normalize(low, range, low);
  image.samples = std::move(low);
  Normalize(image.input, range, image.input);
  Normalize(image.truth, range, image.truth);
  image.facts.log_ratio = std::log2(static_cast<float>(degradation.scale));
  return image;
}

std::vector<int> ShuffledOrder(int count, std::uint64_t seed, std::uint64_t epoch) {
  std::vector<int> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  SplitMix random(seed, 2 * epoch);
  for (std::size_t i = order.size() - 1; i > 0; --i) {
    std::swap(order[i], order[random.Below(static_cast<int>(i) + 1)]);
  }
  return order;
}

CropSampler::CropSampler(std::vector<Size> images, int size, int step,
                         const Augmentation& augmentation, std::uint64_t seed)
    : images_(std::move(images)),
      size_(size),
      step_(step),
      augmentation_(augmentation),
      seed_(seed) {
  if (images_.empty()) {
    throw Error("the training set is empty");
  }
  for (const Size& image : images_) {
    if (image.width < size || image.height < size) {
      throw Error("a training image is " + SizeText(image.width, image.height) +
                  ", smaller than the crop of " + std::to_string(size));
    }
  }
}

Crop CropSampler::At(std::int64_t index) {
  const auto count = static_cast<std::int64_t>(images_.size());
  if (index / count != epoch_) {
    epoch_ = index / count;
    order_ = ShuffledOrder(static_cast<int>(count), seed_, static_cast<std::uint64_t>(epoch_));
  }
  SplitMix random(seed_, 2 * static_cast<std::uint64_t>(index) + 1);
  Crop crop;
  crop.image = order_[index % count];
  crop.x = step_ * random.Below((images_[crop.image].width - size_) / step_ + 1);
  crop.y = step_ * random.Below((images_[crop.image].height - size_) / step_ + 1);
  crop.flip_x = augmentation_.flip && random.Below(2) == 1;
  crop.flip_y = augmentation_.flip && random.Below(2) == 1;
  crop.invert = augmentation_.invert && random.Below(2) == 1;
  return crop;
}

}  // namespace dkn::train
