#ifndef DKN_SRC_EVAL_COMPARISON_H_
#define DKN_SRC_EVAL_COMPARISON_H_

#include <cstddef>

#include "dkn/image.h"
#include "src/imaging/value_range.h"

namespace dkn::eval {

// The smallest and the largest value of a map of one channel in which what is 0, as depth cameras
// write what they do not see, or not finite is missing. Throws Error when every value is missing.
ValueRange MeasuredRange(ConstView map);

// How near the truth a result is, and how near bicubic interpolation of the same input is, over the
// pixels that have a value in all three maps.
struct Comparison {
  Image bicubic;  // the input at the truth's size
  Image truth;    // NaN where one of the maps has no value
  double bicubic_rmse = 0.0;
  double result_rmse = 0.0;
  std::size_t pixels = 0;  // how many count
};

// Maps of one channel, values missing as for MeasuredRange; `result` and `truth` are of one size,
// `input` of any. Throws Error when sizes do not fit or no pixel has a value in all three.
Comparison CompareWithBicubic(ConstView input, ConstView result, ConstView truth);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_COMPARISON_H_
