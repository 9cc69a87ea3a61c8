#ifndef DKN_SRC_TRAIN_TRAINING_CASE_H_
#define DKN_SRC_TRAIN_TRAINING_CASE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/core/json_members.h"
#include "src/sensors/depth_case.h"
#include "src/train/loss_kind.h"
#include "src/train/picture_case.h"
#include "src/train/training_set.h"

namespace dkn::train {

// A part of the crops, and the way in which their depth is measured.
struct TrainingCase {
  std::string name;
  double share = 1.0;      // of the crops, as against the other cases
  double disparity = 0.0;  // the chance that depth z becomes 1 / z
  double own_range = 0.0;  // the chance that values are normalised by the crop's range
  double rooms = 0.0;      // the chance that the crop is of a room, beside those drawn as any pair
  std::optional<LossKind> loss;  // instead of the run's: kL1 or kL2
  sensors::DepthCase depth;
  std::optional<PictureCase> picture;  // instead of depth
};

// What the numbers of depth files mean.
struct DepthUnits {
  double metres_per_step = 0.001;
  double focal = 0.0;  // of the images, in pixels; 0: not known
};

// The "cases" of a training configuration. Throws Error naming the member that is wrong.
std::vector<TrainingCase> ParseTrainingCases(const Json& json, const std::string& path);

// One of the cases, by their shares: a function of the seed.
const TrainingCase& ChooseCase(const std::vector<TrainingCase>& cases, std::uint64_t seed);

// A pair, measured as the case says, or in one of the ways that it leaves open: a function of the
// seed. The image is of the pair's size and normalised as Upsampler does it; the network's input is
// what FilterMeasurement gives a filter.
// Of pictures see MakePicture.
// `range_pair` is the pair whose range values are normalised by: the whole that `pair` is of.
TrainingImage MeasurePair(const RgbdPair& pair, const RgbdPair& range_pair,
                          const TrainingCase& training_case, const DepthUnits& units,
                          std::uint64_t seed);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_TRAINING_CASE_H_
