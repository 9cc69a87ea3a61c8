#include "src/eval/ssim.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/eval/gaussian_window.h"

namespace dkn::eval {
namespace {

constexpr int kSize = 11;
constexpr double kSigma = 1.5;
constexpr double kK1 = 0.01;
constexpr double kK2 = 0.03;

// Weighted means over windows, for one row of columns or of windows. SSIM needs the variances'
// sum only, so the two squares share an array.
struct Moments {
  explicit Moments(int width) {
    for (std::vector<double>* values : {&result, &truth, &squares, &product}) {
      values->resize(static_cast<std::size_t>(width));
    }
  }
  void SetZero() {
    for (std::vector<double>* values : {&result, &truth, &squares, &product}) {
      std::fill(values->begin(), values->end(), 0.0);
    }
  }

  std::vector<double> result;
  std::vector<double> truth;
  std::vector<double> squares;
  std::vector<double> product;
};

// Adds a row of pixels, weighted. Where the truth is not finite, neither are the sums after it.
void AddRow(const float* result, const float* truth, double weight, Moments& columns) {
  const std::size_t width = columns.result.size();
  for (std::size_t x = 0; x < width; ++x) {
    const double a = result[x];
    const double b = truth[x];
    columns.result[x] += weight * a;
    columns.truth[x] += weight * b;
    columns.squares[x] += weight * (a * a + b * b);
    columns.product[x] += weight * (a * b);
  }
}

void SumAcross(const std::vector<double>& columns, const std::array<double, kSize>& window,
               std::vector<double>& sums) {
  std::fill(sums.begin(), sums.end(), 0.0);
  for (std::size_t i = 0; i < window.size(); ++i) {
    const double weight = window[i];
    const double* const shifted = columns.data() + i;
    for (std::size_t x = 0; x < sums.size(); ++x) {
      sums[x] += weight * shifted[x];
    }
  }
}

struct Mean {
  double sum = 0.0;
  double count = 0.0;
};

void AddWindows(const Moments& windows, double c1, double c2, Mean& mean) {
  for (std::size_t x = 0; x < windows.result.size(); ++x) {
    const double a = windows.result[x];
    const double b = windows.truth[x];
    const double squared_means = a * a + b * b;
    const double variances = windows.squares[x] - squared_means;
    const double covariance = windows.product[x] - a * b;
    const double ssim =
        (2.0 * a * b + c1) * (2.0 * covariance + c2) / ((squared_means + c1) * (variances + c2));
    if (std::isfinite(ssim)) {
      mean.sum += ssim;
      ++mean.count;
    }
  }
}

}  // namespace

double Ssim(const ComparedViews& views, double peak) {
  const auto& [result, truth] = views;
  if (truth.width < kSize || truth.height < kSize) {
    throw Error("an image of " + SizeText(truth) + " is too small for SSIM, whose window is " +
                SizeText(kSize, kSize));
  }
  const double c1 = (kK1 * peak) * (kK1 * peak);
  const double c2 = (kK2 * peak) * (kK2 * peak);
  const std::array<double, kSize> window = GaussianWindow<kSize>(kSigma);
  Moments columns(truth.width);
  Moments windows(truth.width - kSize + 1);
  Mean mean;
  for (int c = 0; c < truth.channels; ++c) {
    for (int y = 0; y + kSize <= truth.height; ++y) {
      columns.SetZero();
      for (int i = 0; i < kSize; ++i) {
        AddRow(result.Row(y + i, c), truth.Row(y + i, c), window[static_cast<std::size_t>(i)],
               columns);
      }
      SumAcross(columns.result, window, windows.result);
      SumAcross(columns.truth, window, windows.truth);
      SumAcross(columns.squares, window, windows.squares);
      SumAcross(columns.product, window, windows.product);
      AddWindows(windows, c1, c2, mean);
    }
  }
  if (mean.count == 0.0) {
    throw Error("no window of SSIM, " + SizeText(kSize, kSize) +
                ", lies where all of the truth is known");
  }
  return mean.sum / mean.count;
}

}  // namespace dkn::eval
