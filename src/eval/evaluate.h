#ifndef DKN_SRC_EVAL_EVALUATE_H_
#define DKN_SRC_EVAL_EVALUATE_H_

#include <cstdint>

#include "dkn/image.h"
#include "dkn/joint_filter.h"
#include "src/data/dataset.h"
#include "src/eval/protocol.h"
#include "src/imaging/value_range.h"
#include "src/pipeline/measurement.h"

namespace dkn::eval {

// What a method gets of a sample under a protocol. Depths are in the sample's unit.
struct Trial {
  Image guide;        // cropped to what the scale divides, as the truth is
  Image known_truth;  // NaN where it is not known
  Image truth;        // the same; NaN, too, where it does not count for want of a measurement
  Image input;        // the low-resolution measurement, holes filled
  Image measured;     // Measurement::measured
  // For metrics, at the guide's size: 1 for pixels whose sample is measured, else 0; empty where
  // all are. The sample's near_edges.
  Image measured_pixels;
  Image near_edges;
  ValueRange range;  // what a method sees as 0 and 1; low = high: there is nothing to filter
  MeasurementOptions options = {};
  bool own_guide = false;  // the input is the guide, and each iteration's result is the next's
  double peak = 0.0;       // MetricInput::peak
};

// What the values of a set mean where a depth camera measures them; 0: not known.
struct SetUnits {
  double metres = 0.0;  // that one unit is
  double focal = 0.0;   // of the guides, in pixels
  double peak = 0.0;    // MetricInput::peak: the largest value there may be
};

// `seed` is that of the protocol's noise. Where the truth is not known, the measurement is made of
// what FillHoles puts there. The truth of pixels whose sample the protocol takes away (PunchHoles)
// does not count unless the protocol says so, and so it is with holes of a set's own measurements
// and of a depth camera's. Wild values among these become holes, as Upsample has it, and what lies
// less than kWildReach pixels beside one does not count: how far they do harm is what is asked.
// Throws Error when sizes do not fit, the image is too small, or the protocol's camera needs units
// that are not known.
inline constexpr int kWildReach = 40;
Trial MakeTrial(const Sample& sample, const Protocol& protocol, std::uint64_t seed,
                const SetUnits& units = {});

// The input at the guide's size, in its unit.
Image TrialTarget(const Trial& trial);

// TrialTarget as a filter sees it. The trial has a range.
Image NormalizedTarget(const Trial& trial);

// What `filter` makes of a trial's target, in its unit; with trial.options.confidence it tells its
// confidence, if it can: RemoveTexture of one that is its own guide. Any other trial without range
// is returned as it is, without confidence.
FilterOutput FilterTrial(const JointFilter& filter, const Trial& trial);

// FilterTrial's image.
Image RunTrial(const JointFilter& filter, const Trial& trial);

// The time of JointFilter::Apply on a trial, the second time, for the first one prepares; 0 for a
// trial without range. Of one that is its own guide, of all iterations.
double FilterSeconds(const JointFilter& filter, const Trial& trial);

// RMSE of RunTrial against the truth, without the protocol's border. `guide` has values in [0, 1]
// and the truth's size. Throws Error as MakeTrial does, and when the result is not finite.
double EvaluateImage(const JointFilter& filter, ConstView guide, ConstView truth,
                     const Protocol& protocol, std::uint64_t seed = 0);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_EVALUATE_H_
