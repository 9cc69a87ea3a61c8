#ifndef DKN_SRC_TRAIN_SEGMENTATION_SET_H_
#define DKN_SRC_TRAIN_SEGMENTATION_SET_H_

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "src/train/segmentation_config.h"

namespace dkn::train {

// A picture and its pixels' classes.
struct LabelledPicture {
  static constexpr std::uint8_t kNoLabel = 255;  // does not count
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;     // R,G,B planes
  std::vector<std::uint8_t> labels;  // classes, or kNoLabel
};

struct SegmentationData {
  std::vector<LabelledPicture> training;
  std::vector<LabelledPicture> validation;  // what config.held_out keeps from training
};

// Reads the data set at `path`. Throws Error as OpenDataset does, and where a label is none of the
// configuration's classes.
SegmentationData ReadSegmentationData(const SegmentationConfig& config, const std::string& path);

// A crop of a picture: which, where, and what is done to it.
struct PictureCrop {
  int picture = 0;
  double scale = 1.0;  // pixels of the crop for one of the picture, along a side
  double left = 0.0;  // the crop's left and upper edge, in the picture's pixels; it may lie outside
  double top = 0.0;
  bool flip = false;
  std::array<float, 3> gain = {1.0f, 1.0f, 1.0f};  // of R,G,B about 0.5, then
  float shift = 0.0f;                              // is added
};

// Crop `index` of a run, a function of the configuration's seed alone. Every epoch sees each
// picture once, in an order of its own.
PictureCrop ChoosePictureCrop(const SegmentationConfig& config,
                              const std::vector<LabelledPicture>& pictures, std::int64_t index);

// Fills picture [3, h, w] (values in [0, 1], bilinear) and labels [h, w] (integers, nearest). What
// lies outside of the picture is grey, without label.
void FillPictureCrop(const LabelledPicture& picture, const PictureCrop& crop,
                     const torch::Tensor& to_picture, const torch::Tensor& to_labels);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_SEGMENTATION_SET_H_
