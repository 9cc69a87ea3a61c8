#ifndef DKN_SRC_EVAL_METRICS_H_
#define DKN_SRC_EVAL_METRICS_H_

#include <vector>

#include "dkn/image.h"

namespace dkn {

// Root mean square of a - b over all channels, without the outer `border` pixels at each side.
// Sums in double. Throws Error when the sizes differ, border is negative, or no pixel remains.
double Rmse(ConstView a, ConstView b, int border);

struct Statistics {
  double mean = 0.0;
  double spread = 0.0;  // sample standard deviation (divisor n - 1); 0 for a single value
};

// Throws Error when there is no value.
Statistics Summarize(const std::vector<double>& values);

}  // namespace dkn

#endif  // DKN_SRC_EVAL_METRICS_H_
