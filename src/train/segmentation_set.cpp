#include "src/train/segmentation_set.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "dkn/error.h"
#include "src/core/parallel_for.h"
#include "src/core/split_mix.h"
#include "src/train/training_set.h"

namespace dkn::train {
namespace {

constexpr float kGrey = 0.45f;
constexpr int kBlock = 32;  // pictures, of which SegmentationConfig::held_out are for validation

LabelledPicture ReadLabelled(const Dataset& data, std::size_t index, std::size_t classes) {
  const Sample sample = data.Read(index);
  LabelledPicture picture{sample.guide.width(), sample.guide.height(), {}, {}};
  const std::size_t pixels = sample.truth.size();
  picture.rgb.resize(3 * pixels);
  picture.labels.resize(pixels);
  for (int c = 0; c < 3; ++c) {
    const float* from = sample.guide.Row(0, sample.guide.channels() == 3 ? c : 0);
    std::transform(
        from, from + pixels, picture.rgb.begin() + static_cast<std::ptrdiff_t>(c * pixels),
        [](float value) { return static_cast<std::uint8_t>(std::lround(255.0f * value)); });
  }
  for (std::size_t i = 0; i < pixels; ++i) {
    const float label = sample.truth.data()[i];
    if (label >= static_cast<float>(classes)) {
      throw Error(data.Files(index).back() + ": has the label " +
                  std::to_string(static_cast<int>(label)) + ", and there are " +
                  std::to_string(classes) + " classes");
    }
    picture.labels[i] =
        std::isfinite(label) ? static_cast<std::uint8_t>(label) : LabelledPicture::kNoLabel;
  }
  return picture;
}

}  // namespace

SegmentationData ReadSegmentationData(const SegmentationConfig& config, const std::string& path) {
  DatasetOptions options = config.data;
  options.path = path;
  const std::unique_ptr<Dataset> set = OpenDataset(options);
  std::vector<LabelledPicture> pictures(set->size());
  ParallelFor(0, static_cast<int>(pictures.size()), [&](int i) {
    pictures[static_cast<std::size_t>(i)] =
        ReadLabelled(*set, static_cast<std::size_t>(i), config.classes.size());
  });
  SegmentationData data;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const bool held_out = static_cast<int>(i % kBlock) >= kBlock - config.held_out;
    (held_out ? data.validation : data.training).push_back(std::move(pictures[i]));
  }
  return data;
}

PictureCrop ChoosePictureCrop(const SegmentationConfig& config,
                              const std::vector<LabelledPicture>& pictures, std::int64_t index) {
  const auto count = static_cast<std::int64_t>(pictures.size());
  const std::vector<int> order = ShuffledOrder(static_cast<int>(count), config.seed,
                                               static_cast<std::uint64_t>(index / count));
  SplitMix random(config.seed, 2 * static_cast<std::uint64_t>(index) + 1);
  const SegmentationAugmentation& augmentation = config.augmentation;
  PictureCrop crop;
  crop.picture = order[static_cast<std::size_t>(index % count)];
  const LabelledPicture& picture = pictures[static_cast<std::size_t>(crop.picture)];
  crop.scale = augmentation.least_scale *
               std::pow(augmentation.most_scale / augmentation.least_scale, random.Unit());
  crop.left = random.Unit() * (picture.width - config.crop_width / crop.scale);
  crop.top = random.Unit() * (picture.height - config.crop_height / crop.scale);
  crop.flip = augmentation.flip && random.Below(2) == 1;
  const auto jitter = [&] {
    return static_cast<float>(augmentation.colour * (2.0 * random.Unit() - 1.0));
  };
  const float contrast = 1.0f + jitter();
  for (float& gain : crop.gain) {
    gain = contrast * (1.0f + 0.5f * jitter());
  }
  crop.shift = 0.5f * jitter();
  return crop;
}

void FillPictureCrop(const LabelledPicture& picture, const PictureCrop& crop,
                     const torch::Tensor& to_picture, const torch::Tensor& to_labels) {
  const int width = static_cast<int>(to_labels.size(1));
  const int height = static_cast<int>(to_labels.size(0));
  const std::ptrdiff_t pixels = static_cast<std::ptrdiff_t>(picture.width) * picture.height;
  float* rgb = to_picture.data_ptr<float>();
  std::int64_t* labels = to_labels.data_ptr<std::int64_t>();
  ParallelFor(0, height, [&](int y) {
    const double v = crop.top + (y + 0.5) / crop.scale - 0.5;
    const int top = std::clamp(static_cast<int>(std::floor(v)), 0, picture.height - 1);
    const int bottom = std::min(top + 1, picture.height - 1);
    const auto fy = static_cast<float>(std::clamp(v - top, 0.0, 1.0));
    const long nearest_y = std::lround(v);
    for (int x = 0; x < width; ++x) {
      const int from = crop.flip ? width - 1 - x : x;
      const double u = crop.left + (from + 0.5) / crop.scale - 0.5;
      const long nearest_x = std::lround(u);
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(y) * width + x;
      const bool inside = nearest_x >= 0 && nearest_x < picture.width && nearest_y >= 0 &&
                          nearest_y < picture.height;
      const std::uint8_t label =
          inside ? picture.labels[static_cast<std::size_t>(nearest_y * picture.width + nearest_x)]
                 : LabelledPicture::kNoLabel;
      labels[at] = label;
      const int left = std::clamp(static_cast<int>(std::floor(u)), 0, picture.width - 1);
      const int right = std::min(left + 1, picture.width - 1);
      const auto fx = static_cast<float>(std::clamp(u - left, 0.0, 1.0));
      for (int c = 0; c < 3; ++c) {
        const std::uint8_t* plane = picture.rgb.data() + c * pixels;
        const auto value = [&](int px, int py) {
          return static_cast<float>(plane[static_cast<std::ptrdiff_t>(py) * picture.width + px]);
        };
        const float upper = value(left, top) + fx * (value(right, top) - value(left, top));
        const float lower = value(left, bottom) + fx * (value(right, bottom) - value(left, bottom));
        const float mixed = (upper + fy * (lower - upper)) / 255.0f;
        rgb[(static_cast<std::ptrdiff_t>(c) * height) * width + at] =
            inside ? std::clamp(0.5f + crop.gain[static_cast<std::size_t>(c)] * (mixed - 0.5f) +
                                    crop.shift,
                                0.0f, 1.0f)
                   : kGrey;
      }
    }
  });
}

}  // namespace dkn::train
