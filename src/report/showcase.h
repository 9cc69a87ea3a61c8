#ifndef DKN_SRC_REPORT_SHOWCASE_H_
#define DKN_SRC_REPORT_SHOWCASE_H_

#include <optional>
#include <string>
#include <vector>

#include "dkn/image.h"
#include "src/imaging/value_range.h"

namespace dkn::report {

// What one method makes of an image.
struct ShownResult {
  std::string method;
  Image result;        // the guide's size, in the image's unit
  double score = 0.0;  // in the metric of the image; NaN: none
};

// What a network's kernels do at each pixel: out(p) is the sum over the taps of weight x value at
// p + position, plus the target's value where the network learns a residual.
struct ShownKernels {
  std::string method;  // one of the results'
  int size = 0;        // k: there are k * k taps
  Image weights;       // k * k channels, the guide's size
  // 2 * k * k channels: 2 * tap is x and 2 * tap + 1 is y, from the pixel to where the tap samples,
  // in pixels (the regular grid plus the learned offset).
  Image positions;
};

// An image of an evaluation with everything that people look at.
struct ShownImage {
  std::string set;     // "nyu_val"
  std::string name;    // "0001"
  std::string unit;    // "cm"
  std::string metric;  // "RMSE"
  Image guide;         // 1 or 3 channels in [0, 1]
  Image input;  // the low-resolution target, no larger than the guide: 1 channel, or 3, R,G,B
  Image truth;  // the same channels, the guide's size; not finite: unknown
  std::vector<ShownResult> results;
  std::optional<std::string> score_unit = {};  // of the metric; none: `unit`
  std::vector<ShownKernels> kernels = {};  // of any of the methods; drawn by the HTML report only
};

// Throws Error, naming the image, the method and what was expected, unless sizes and channels are
// as above, there is at least one result, the input has a finite value, and every kernel field
// belongs to a result and is finite.
void CheckShownImage(const ShownImage& image);

// The input at the guide's size, nearest sample.
Image NearestInput(const ShownImage& image);

// |result - truth|, or result - truth, the mean of all channels; NaN where the truth is not known.
Image AbsoluteError(ConstView result, ConstView truth);
Image SignedError(ConstView result, ConstView truth);

// The value that `percent` of the finite values do not exceed; NaN where none is finite.
float PercentileOfFinite(const Image& image, double percent);

// The colours' ends for depth: the smallest and the largest finite value of the truth, or of the
// input where no truth is known.
ValueRange DepthRange(const ShownImage& image);

// The colours' end for |result - truth| of all methods: the 98th percentile of the worst method,
// the one whose percentile is largest. 1 where all methods are exact or no truth is known.
float ErrorLimit(const ShownImage& image);
// The colours' end for some results alone.
float ErrorLimit(const std::vector<ConstView>& results, ConstView truth);

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_SHOWCASE_H_
