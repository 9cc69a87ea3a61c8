#ifndef DKN_SRC_TRAIN_SEGMENTATION_CONFIG_H_
#define DKN_SRC_TRAIN_SEGMENTATION_CONFIG_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dkn/architecture.h"
#include "dkn/precision.h"
#include "src/data/dataset.h"
#include "src/rivals/guided_layer.h"
#include "src/train/training_config.h"

namespace dkn::train {

// What brings the network's scores to the picture's size, after bilinear interpolation.
enum class ScoreFilter {
  kNone,
  kFdkn,    // one FDKN for each class's channel, with the picture as guide (Section 4.3)
  kGuided,  // the guided-filter layer with a learned guide (Wu et al., CVPR 2018)
};

enum class PartOptimizer {
  kSgd,   // stochastic gradient descent with momentum, as the paper
  kAdam,  // Kingma and Ba 2015, as FDKN is trained for depth
};

// One part of the network, as its optimiser sees it.
struct PartConfig {
  double rate = 0.0;  // 0: the part stays as it is, batch statistics too
  PartOptimizer optimizer = PartOptimizer::kSgd;
  std::string init_from;  // model file; empty: random weights
};

// What is done to crops at random.
struct SegmentationAugmentation {
  double least_scale = 0.5;  // pictures are enlarged by, evenly in the logarithm
  double most_scale = 2.0;
  bool flip = true;     // left-right
  double colour = 0.2;  // brightness, contrast and each channel by 1 - this to 1 + this
};

// A training run of a segmentation network (paper: Section 4.3): experiments/train/table07_*.json.
struct SegmentationConfig {
  std::vector<std::string> classes;
  std::vector<std::array<int, 3>> colours;  // of the classes, R,G,B of 255; none: Pascal's
  std::string network = "deeplab_mobile";   // one of DeepLabNames
  PartConfig backbone;
  ScoreFilter filter = ScoreFilter::kNone;
  PartConfig filter_part;
  Architecture architecture;  // kFdkn
  GuidedLayer guided_layer;   // kGuided
  DatasetOptions data;        // its path is RunOptions::data
  int held_out = 0;           // of 32 pictures each these last ones are for validation, if any
  std::int64_t steps = 20000;
  std::int64_t warm_up = 0;  // steps of a rate that rises to the schedule's
  double power = 0.9;        // of the poly schedule: rate (1 - step / steps)^power
  double momentum = 0.9;     // of stochastic gradient descent, as what follows
  double weight_decay = 5e-4;
  int batch = 4;
  int crop_width = 360;  // multiples of 8
  int crop_height = 360;
  SegmentationAugmentation augmentation;
  Precision precision = Precision::kFp32;
  BatchStatistics batch_statistics = BatchStatistics::kBatch;
  std::uint64_t seed = 1;
  std::int64_t validate_every = 2000;
  std::int64_t checkpoint_every = 500;
  std::map<std::string, std::string> card;  // goes to the model's metadata
};

// Whether the configuration is of a segmentation: "task" is "segmentation".
bool IsSegmentation(const std::string& json);

// Throws Error naming the field that is missing, unknown or has a wrong value.
SegmentationConfig ParseSegmentationConfig(const std::string& json);

// The rate of step 0 <= step < steps for a part whose rate begins at `rate`.
double PolyRate(const SegmentationConfig& config, double rate, std::int64_t step);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_SEGMENTATION_CONFIG_H_
