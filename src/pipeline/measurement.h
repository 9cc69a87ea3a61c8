#ifndef DKN_SRC_PIPELINE_MEASUREMENT_H_
#define DKN_SRC_PIPELINE_MEASUREMENT_H_

#include <optional>

#include "dkn/image.h"
#include "dkn/joint_filter.h"
#include "dkn/resample.h"
#include "src/imaging/value_range.h"

namespace dkn {

// A target as it was measured, at its own size: what upsampling and its evaluation begin with.
struct Measurement {
  Image values;    // finite: holes are filled
  Image measured;  // 1 channel: 1, in holes 0; empty: there are none
  // How far to trust each pixel (UpsampleOptions::soft_mask): 1 channel, 0 in holes. Empty: all
  // that is measured is trusted alike.
  Image weights = {};
};

// Of a target whose holes are values that are not finite. A pixel is a hole in all channels where
// it is one in some. `weights` are those of a soft UpsampleOptions::mask, or empty; of 0 and 1
// alone they say nothing that holes do not. Throws Error when no pixel is measured, for weights
// outside [0, 1] and, with holes or weights, where the guide is not finite.
Measurement FillMeasurement(ConstView guide, Image target, ConstView weights = {});

// How much of each pixel of a guide of this size rests on the measurement, in [0, 1]. Empty where
// there are neither holes nor weights.
Image MaskOf(const Measurement& measurement, int width, int height);

// The samples of a target whose `values` are in [0, 1], stretched over the whole guide. Views of
// them are kept.
MeasuredSamples SamplesOf(const Image& values, const Image& measured, ConstView guide);

struct MeasurementOptions {
  Resampler up = Resampler::kBicubic;     // to the guide's size
  Resampler down = Resampler::kBicubic;   // how the measurement came about, as assumed
  int hole_refinements = 0;               // see FilterMeasurement
  int fidelity_iterations = 0;            // of BackProject
  bool confidence = false;                // FilterInput::confidence
  std::optional<float> most_change = {};  // UpsampleOptions::most_change
  int iterations = 1;                     // UpsampleOptions::iterations
  Progress progress = {};                 // UpsampleOptions::progress
};

struct FilteredMeasurement {
  FilterOutput output;    // in the measurement's unit
  Image mask;             // FilterInput::mask; MaskOf of the measurement
  double residual = 0.0;  // BackProject's, with fidelity_iterations
};

// The measurement at the guide's size, filtered, in its unit; what the filter sees as 0 and 1 is
// `range`. With holes the filter runs 1 + hole_refinements times: each time but the first, holes
// are moved towards what it made of them, shrunk again: three times as far the first time, twice
// later (over-relaxation; it saves most rounds). The last time's result is filtered on, so many
// iterations in all. `measurement` is left with what filled its holes
// last. A range without extent gives the measurement as resampling leaves it, and no confidence.
// `session` has the guide already, whose size is all that is needed of it here.
FilteredMeasurement FilterMeasurement(FilterSession& session, ConstView guide,
                                      Measurement& measurement, ValueRange range,
                                      const MeasurementOptions& options);

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_MEASUREMENT_H_
