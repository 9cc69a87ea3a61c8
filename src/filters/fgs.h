#ifndef DKN_SRC_FILTERS_FGS_H_
#define DKN_SRC_FILTERS_FGS_H_

#include <vector>

#include "dkn/image.h"

namespace dkn {

// Min, Choi, Lu, Ham, Sohn, Do: Fast global image smoothing based on weighted least squares, TIP
// 2014. Approximates the u that minimises
//   sum_p (u_p - f_p)^2 + lambda sum_{q in N4(p)} w_pq (u_p - u_q)^2,
//   w_pq = exp(-|I_p - I_q| / sigma_color),
// by exact solutions along each row and each column in turn, T times, with
//   lambda_t = 3/2 * 4^(T - t) / (4^T - 1) * lambda.
class FastGlobalSmoother {
 public:
  // 1 or 3 channels, in [0, 1]; |I_p - I_q| is Euclidean. The guide need not stay.
  FastGlobalSmoother(ConstView guide, double sigma_color);

  // Smooths each channel of an image of the guide's size, in its place.
  void Smooth(double lambda, int iterations, Image& image) const;

  // The smoothed weight * values over the smoothed weight: of `weight`, 1 channel, at least 0 each,
  // what is 0 counts for nothing. Where no weight reaches, `values` stay.
  Image Average(ConstView values, ConstView weight, double lambda, int iterations) const;

 private:
  // w between a pixel and the next in its row, kLanes rows at a time as SolveLanes takes them.
  std::vector<float> along_x_;
  Image along_y_;  // and in its column
};

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_FGS_H_
