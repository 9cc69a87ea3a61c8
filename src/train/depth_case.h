#ifndef DKN_SRC_TRAIN_DEPTH_CASE_H_
#define DKN_SRC_TRAIN_DEPTH_CASE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "dkn/image.h"
#include "dkn/resample.h"
#include "src/core/json_members.h"
#include "src/sensors/sensor.h"
#include "src/train/training_set.h"

namespace dkn::train {

// From `low` to `high`, both included.
struct Interval {
  double low = 0.0;
  double high = 0.0;
};

// A way in which depth is measured: what a network for any depth learns from and is measured on.
// Where an interval has an extent, a value of it is drawn for each crop: of ratios and deviations,
// which are to be of any size, its logarithm is uniform.
struct DepthCase {
  std::string name;
  double share = 1.0;           // of the crops, as against the other cases
  Interval ratio = {1.0, 1.0};  // the guide's size over the target's
  bool whole_ratio = false;     // rounded to 1, 2, 4, 8 or 16
  double stretch = 0.0;         // the chance that the ratio is another one in x than in y
  std::vector<Resampler> resamplers = {Resampler::kBicubic};  // one of them shrinks the truth
  // One of them measures what is left, before what follows; none: all of it is exact. They need
  // DepthUnits::focal.
  std::vector<sensors::Sensor> sensors = {};
  Interval relative_noise = {};  // deviation of Gaussian noise, of the depth's range
  // The same in units of 1.5 (1.4 z^2 + 1) mm at a depth of z m: a structured-light sensor's.
  Interval sensor_noise = {};
  Interval holes = {};         // share of the samples, as PunchHoles makes them
  Interval kept = {1.0, 1.0};  // share of the samples that are measured at all, at random
  Interval outliers = {};      // share of the samples that have any value of the range
  Interval guide_shift = {};   // how far the guide is off in x and in y, at most, pixels
  double disparity = 0.0;      // the chance that depth z becomes 1 / z
  double own_range = 0.0;      // the chance that values are normalised by the crop's range
};

// What the numbers of depth files mean.
struct DepthUnits {
  double metres_per_step = 0.001;
  double focal = 0.0;  // of the images, in pixels; 0: not known
};

// The "cases" of a training configuration. Throws Error naming the member that is wrong.
std::vector<DepthCase> ParseDepthCases(const Json& json, const std::string& path);

// One of the cases, by their shares: a function of the seed.
const DepthCase& ChooseCase(const std::vector<DepthCase>& cases, std::uint64_t seed);

// A pair, measured as the case says, or in one of the ways that it leaves open: a function of the
// seed. The image is of the pair's size and normalised as Upsampler does it; the network's input is
// what FilterMeasurement gives a filter.
// `range_pair` is the pair whose range values are normalised by: the whole that `pair` is of.
TrainingImage MeasurePair(const RgbdPair& pair, const RgbdPair& range_pair,
                          const DepthCase& depth_case, const DepthUnits& units, std::uint64_t seed);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_DEPTH_CASE_H_
