#ifndef DKN_SRC_FILTERS_BILATERAL_H_
#define DKN_SRC_FILTERS_BILATERAL_H_

#include "dkn/image.h"
#include "dkn/progress.h"

namespace dkn {

// A joint bilateral filter on the pixels' grid, on all cores, some pixels of a row at a time:
//   out(p) = sum_q w_pq v(q) / sum_q w_pq,
//   w_pq = m(q) exp(-|p - q|^2 / 2 sigma_space^2) max(exp(-|g(p) - g(q)|^2 / 2 sigma_color^2),
//   least)
// over a square window of 2 radius + 1 pixels, m the mask, g the guide, |g(p) - g(q)| Euclidean.
struct BilateralKernel {
  int radius;
  double sigma_space;
  double sigma_color;
  float least = 0.0f;
  // Beyond the border: the image mirrored, the border's pixels not repeated; or nothing.
  bool mirrored = false;
};

// guide, values and out have the same size, out as many channels as values, the mask one or is
// empty: 1 everywhere. Where all weights are 0, values stay. `out` may be neither of the others.
void FilterBilaterally(const BilateralKernel& kernel, ConstView guide, ConstView values,
                       ConstView mask, const Progress& progress, View out);

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_BILATERAL_H_
