#ifndef DKN_SRC_SENSORS_DEPTH_CASE_H_
#define DKN_SRC_SENSORS_DEPTH_CASE_H_

#include <string>
#include <vector>

#include "dkn/image.h"
#include "dkn/resample.h"
#include "src/core/json_members.h"
#include "src/core/split_mix.h"
#include "src/imaging/value_range.h"
#include "src/sensors/sensor.h"

namespace dkn::sensors {

// From `low` to `high`, both included.
struct Interval {
  double low = 0.0;
  double high = 0.0;
};

// The member `key`: two numbers from `low` to `high`, or one that stands for both.
Interval ParseInterval(JsonMembers& members, const char* key, double low, double high,
                       Interval absent);

inline constexpr float kWildDepth = 65.535f;  // metres: 65535 mm

// A way in which depth is measured: what a network for any depth learns from and is measured on.
// Where an interval has an extent, a value of it is drawn for each image: of ratios and deviations,
// which are to be of any size, its logarithm is uniform.
struct DepthCase {
  Interval ratio = {1.0, 1.0};  // the guide's size over the target's
  bool whole_ratio = false;     // rounded to 1, 2, 4, 8 or 16
  double stretch = 0.0;         // the chance that the ratio is another one in x than in y
  std::vector<Resampler> resamplers = {Resampler::kBicubic};  // one of them shrinks the truth
  bool last_pixel = false;  // instead: the last pixel of each square, ratios being whole
  // One of them measures what is left, before what follows; none: all of it is exact. They need
  // DepthScene::focal.
  std::vector<Sensor> sensors = {};
  // The sensor was brought into the guide's view: how far it stands to the left or to the right of
  // the guide's camera, metres, so that holes are what it does not see from there; and the chance
  // that its errors are interpolated at places between its pixels.
  Interval aside = {};
  double registered = 0.0;
  Interval relative_noise = {};  // deviation of Gaussian noise, of the depth's range
  // The same in units of 1.5 (1.4 z^2 + 1) mm at a depth of z m: a structured-light sensor's.
  Interval sensor_noise = {};
  // Strength of AddDepthNoise, Riegler et al.'s, on disparities brought to 70 to 218; theirs: 651.
  Interval riegler_noise = {};
  Interval holes = {};         // share of the samples, as PunchHoles makes them
  Interval kept = {1.0, 1.0};  // share of the samples that are measured at all, at random
  Interval outliers = {};      // share of the samples that have any value of the range
  int wild_values = 0;         // samples that have kWildDepth: what some drivers give for "nothing"
  Interval guide_shift = {};   // how far the guide is off in x and in y, at most, pixels

  // Whether depth must be in metres, and its image's focal length known.
  bool NeedsMetres() const { return sensor_noise.high > 0.0 || wild_values > 0 || NeedsFocal(); }
  bool NeedsFocal() const { return !sensors.empty(); }
};

// Takes the members of a case, all optional, from an object that may have others. Throws Error
// naming the member that is wrong.
DepthCase ParseDepthCase(JsonMembers& members);

// The truth and what is seen of it.
struct DepthScene {
  ConstView truth;     // in metres, or as `disparity` says; finite, 1 channel
  ConstView guide;     // the truth's size
  bool disparity;      // the truth is 1 / metres
  ValueRange range;    // of the truth, or of a larger image that it is a part of
  double focal = 0.0;  // of the guide, in pixels
};

// A value of the interval.
double Draw(const Interval& interval, SplitMix& random);

// The truth as the case measures it, shrunk and with noise, NaN where nothing is measured; at least
// one sample is.
Image MeasureDepth(const DepthScene& scene, const DepthCase& depth_case, SplitMix& random);

// The guide as far beside what it shows as the case has it.
Image ShiftedGuide(ConstView guide, const DepthCase& depth_case, SplitMix& random);

}  // namespace dkn::sensors

#endif  // DKN_SRC_SENSORS_DEPTH_CASE_H_
