#ifndef DKN_SRC_EVAL_CONFIDENCE_HISTOGRAM_H_
#define DKN_SRC_EVAL_CONFIDENCE_HISTOGRAM_H_

#include <cstdint>
#include <map>

#include "dkn/image.h"

namespace dkn::eval {

struct ErrorSums {
  std::int64_t pixels = 0;
  double squares = 0.0;  // of result - truth, in the truth's unit

  bool operator==(const ErrorSums&) const = default;
};

inline constexpr int kConfidenceBins = 1000;                    // of equal width, over [0, 1]
inline constexpr int kErrorBinsPerOctave = 16;                  // of equal ratio: 4.4 %
inline constexpr int kLastErrorBin = 40 * kErrorBinsPerOctave;  // the first is -kLastErrorBin

// What becomes of an image's errors where those of a whole set are to be sorted by confidence, or
// by size: sums in fine bins, which add up over images. Bins without pixels are left out.
struct ConfidenceHistogram {
  // Bin b begins at the confidence b / kConfidenceBins; 1 is in the last.
  std::map<int, ErrorSums> by_confidence;
  // Bin b begins at |result - truth| = 2^(b / kErrorBinsPerOctave) in the truth's unit; what is
  // smaller, 0 included, or larger than all bins is in the first or the last.
  std::map<int, ErrorSums> by_error;

  bool operator==(const ConfidenceHistogram&) const = default;
};

// Adds the values whose truth is known (finite), each with its pixel's confidence.
//   result, truth  of one size, any number of channels
//   confidence     of their size, 1 channel, in [0, 1]
//   border         pixels at each side that do not count
// Throws Error when sizes or channels differ, or a result or confidence that counts is not finite
// or out of range; `histogram` may then have some of the values.
void AddErrors(ConstView result, ConstView truth, ConstView confidence, int border,
               ConfidenceHistogram& histogram);

// Adds what another has in each bin.
void AddHistogram(const ConfidenceHistogram& other, ConfidenceHistogram& histogram);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_CONFIDENCE_HISTOGRAM_H_
