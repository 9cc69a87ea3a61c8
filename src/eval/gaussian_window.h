#ifndef DKN_SRC_EVAL_GAUSSIAN_WINDOW_H_
#define DKN_SRC_EVAL_GAUSSIAN_WINDOW_H_

#include <array>
#include <cmath>

namespace dkn::eval {

// The values of a Gaussian at the integers around 0, divided by their sum. A square window is their
// outer product. kSize is odd.
template <int kSize>
std::array<double, kSize> GaussianWindow(double sigma) {
  constexpr int kMiddle = kSize / 2;
  std::array<double, kSize> window;
  double sum = 0.0;
  for (int i = 0; i < kSize; ++i) {
    const double t = (i - kMiddle) / sigma;
    sum += window[i] = std::exp(-0.5 * t * t);
  }
  for (double& value : window) {
    value /= sum;
  }
  return window;
}

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_GAUSSIAN_WINDOW_H_
