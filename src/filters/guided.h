#ifndef DKN_SRC_FILTERS_GUIDED_H_
#define DKN_SRC_FILTERS_GUIDED_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "dkn/joint_filter.h"

namespace dkn {

// `planes` rows of `width` values.
class PlaneRow {
 public:
  PlaneRow(int planes, int width)
      : width_(width), values_(static_cast<std::size_t>(planes) * width) {}
  int planes() const { return static_cast<int>(values_.size()) / width_; }
  int width() const { return width_; }
  double* operator[](int plane) { return values_.data() + Offset(plane); }
  const double* operator[](int plane) const { return values_.data() + Offset(plane); }

 private:
  std::size_t Offset(int plane) const { return static_cast<std::size_t>(plane) * width_; }

  int width_;
  std::vector<double> values_;
};

// He, Sun, Tang: Guided image filtering, TPAMI 2013. In the window of 2 radius + 1 pixels around
// each pixel, cut at the border, the target is fitted by an affine function of the guide,
// a . I + b, with ridge regression on a: with the covariance S of the guide's channels, whole,
//   a = (S + epsilon)^-1 cov(I, p),  b = mean(p) - a . mean(I)          (Eq. (5), (6), (19), (20)).
// Moments are normalised averages, weighed by the input's mask.
//
// Calls use(y, means) once for each row, on several threads: means[t * (N + 1) + i] holds the
// averages, over all windows that hold a pixel, of channel t's a_i for the guide's N channels, and
// of b at i = N, so that the output is their affine function of the guide there (Eq. (8), (21)). A
// window counts by how much of it is measured; where none is, a is 0 and b the target.
using UseFits = std::function<void(int y, const PlaneRow& means)>;
void AverageGuidedFits(const FilterInput& input, int radius, double epsilon, const UseFits& use);

// Row y of the output of means of fits for it.
void EvaluateGuidedFits(ConstView guide, int y, const PlaneRow& means, View out);

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_GUIDED_H_
