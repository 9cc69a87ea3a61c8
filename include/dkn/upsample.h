#ifndef DKN_UPSAMPLE_H_
#define DKN_UPSAMPLE_H_

#include <optional>
#include <string>

#include "dkn/export.h"
#include "dkn/image.h"
#include "dkn/invalid_values.h"
#include "dkn/joint_filter.h"
#include "dkn/progress.h"
#include "dkn/resample.h"

namespace dkn {

// What becomes of pixels on holes of the target.
enum class HoleMode {
  kFill,      // a value everywhere
  kKeep,      // holes stay holes, their border halfway between samples
  kMeasured,  // values only where at least least_support of the kernel's weight is on measurements
};

// "fill", "keep" and "measured". Parsing any other name throws Error.
DKN_EXPORT HoleMode ParseHoleMode(const std::string& name);

struct UpsampleOptions {
  Resampler resampler = Resampler::kBicubic;  // brings the target to the guide's size
  Resampler shrinking = Resampler::kBicubic;  // how the target came about, as assumed: for
                                              // refinements of holes and for fidelity
  // The values that stand for holes in the target; their mark() does in the result: 0 in many
  // cameras' frames. Without a mark NaN does. Values that are not finite are holes in any case.
  InvalidValues invalid = {};
  // 0 where the target has a hole too: 1 channel of its size. Empty: its values tell all.
  ConstView mask = {};
  // The mask tells how far to trust each pixel, from 0 to 1. Below half of the largest weight a
  // value is drawn towards what the guide makes of those above, the more the smaller its weight;
  // methods that see what is measured see the weights, and so do Upsampled::mask and confidence.
  bool soft_mask = false;
  // Isolated values far from the rest are holes too, unless they are kept: pixels whose magnitude
  // is more than 4 times that of all the others, at most 1 % of those that are measured, in groups
  // of 4, or of 0.1 % of these, at most. In masks, scores and labels, where half of the values are
  // near 0 or all but a few the same, there are none. A few of them would decide the range by which
  // all values are normalised.
  bool keep_wild_values = false;
  HoleMode holes = HoleMode::kFill;
  float least_support = 0.5f;  // (0, 1]; of kMeasured
  // How often holes are filled anew by what the filter made of them, at the price of filtering the
  // target once more, half of a network's work (docs/real_camera.md has figures). Without holes,
  // and by methods that see them (FilterSession::SeesHoles): never.
  int hole_refinements = 1;
  // Iterations of back-projection: the result, shrunk again, returns the measurement, noise
  // included. 5 leave a tenth of the difference or less.
  int fidelity_iterations = 0;
  // Results are limited to the range of measured values: interpolation overshoots at edges.
  bool limit_to_measured = false;
  // By how much, in the target's unit, results may differ from the interpolated target, in which
  // holes are filled by the guide alone if there are no refinements. None: by any amount.
  std::optional<float> most_change = std::nullopt;
  bool confidence = false;  // asks for Upsampled::confidence
  int iterations = 1;       // each after the first filters what the last one gave
  bool same_size = false;   // targets of another size than the guide's are an Error: filtering
  Progress progress = {};   // of one frame; what ends it leaves the target as it was
};

struct Upsampled {
  Image image;  // in the target's unit
  // On request: 1 channel, values in [0, 1], 0 in holes of the image. FilterOutput::confidence, and
  // of methods that have none how much of each pixel is measured.
  Image confidence;
  // How much of each pixel rests on measurements: 1 channel, values in [0, 1]. Empty where the
  // target has no holes and covers the guide.
  Image mask;
  // With fidelity_iterations, root mean square of what the measurement differs by from the image,
  // shrunk again, in the target's unit, where it is measured; before holes are cut out and values
  // limited.
  double residual = 0.0;
  int holes = 0;               // pixels of the target without measurement
  int wild_values = 0;         // of these pixels, see UpsampleOptions::keep_wild_values
  float wildest_value = 0.0f;  // of the largest magnitude among them
};

// The target at the guide's size and with the guide's structure, in the target's own unit: holes
// filled by the guide, resampled, normalised to [0, 1] by the smallest and largest measured value,
// filtered, and brought back.
//   guide   1 or 3 channels, values in [0, 1]
//   target  any number of channels, any unit, no larger than the guide in each direction; the ratio
//           is free, another in x than in y too; one of the guide's size is filtered as it is. A
//           pixel is a hole in all channels where it is one in some: nothing mixes its value in.
// A constant target has no range: it is returned as resampling leaves it. Values of the result may
// leave the target's range a little, as interpolation overshoots (limit_to_measured). Throws Error
// when sizes or options do not fit, the guide is not finite, or no pixel is measured.
DKN_EXPORT Upsampled UpsampleFrame(ConstView guide, ConstView target, const JointFilter& filter,
                                   const UpsampleOptions& options = {});

// The image of UpsampleFrame alone.
DKN_EXPORT Image Upsample(ConstView guide, ConstView target, const JointFilter& filter,
                          const UpsampleOptions& options = {});

}  // namespace dkn

#endif  // DKN_UPSAMPLE_H_
