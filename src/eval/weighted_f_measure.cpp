#include "src/eval/weighted_f_measure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/eval/gaussian_window.h"
#include "src/eval/nearest_pixel.h"

namespace dkn::eval {
namespace {

constexpr int kSize = 7;
constexpr int kRadius = kSize / 2;
constexpr double kSigma = 5.0;
const double kAlpha = std::log(0.5) / 5.0;  // background 5 pixels away weighs 1.5, far away 2
constexpr double kRounding = 1e-6;          // 255 * (1 / 255) may exceed 1 in float

// Values row by row.
struct ErrorMap {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> foreground;  // 1 or 0
  std::vector<double> errors;            // |result - truth| of values in [0, 1]; 0 where unknown

  std::size_t Index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }
};

ErrorMap MapErrors(const ComparedViews& views, double peak) {
  const ConstView& truth = views.truth;
  ErrorMap map{.width = truth.width, .height = truth.height, .foreground = {}, .errors = {}};
  const std::size_t size = map.Index(0, truth.height);
  map.foreground.reserve(size);
  map.errors.reserve(size);
  for (int y = 0; y < truth.height; ++y) {
    for (int x = 0; x < truth.width; ++x) {
      const float value = truth(x, y);
      if (!std::isfinite(value)) {
        map.foreground.push_back(0);
        map.errors.push_back(0.0);
        continue;
      }
      if (value < 0.0f || value > peak * (1.0 + kRounding)) {
        throw Error("weighted F: a value of the truth is " + DigitsText(value) +
                    ", expected foreground from 0 to " + DigitsText(peak));
      }
      const bool foreground = value > 0.5 * peak;
      const double found = std::clamp(views.result(x, y) / peak, 0.0, 1.0);
      map.foreground.push_back(foreground ? 1 : 0);
      map.errors.push_back(foreground ? 1.0 - found : found);
    }
  }
  return map;
}

// Each value's weighted mean with its neighbours; those beyond the map are 0.
std::vector<double> Smooth(const std::vector<double>& values, const ErrorMap& map) {
  const std::array<double, kSize> window = GaussianWindow<kSize>(kSigma);
  // One row, summed down, with kRadius zeros at each side.
  std::vector<double> columns(static_cast<std::size_t>(map.width) + kSize - 1);
  std::vector<double> smooth(values.size());
  for (int y = 0; y < map.height; ++y) {
    double* const inside = columns.data() + kRadius;
    std::fill_n(inside, map.width, 0.0);
    for (int i = 0; i < kSize; ++i) {
      const int v = y + i - kRadius;
      if (v < 0 || v >= map.height) {
        continue;
      }
      const double weight = window[static_cast<std::size_t>(i)];
      const double* const row = values.data() + map.Index(0, v);
      for (int x = 0; x < map.width; ++x) {
        inside[x] += weight * row[x];
      }
    }
    double* const sums = smooth.data() + map.Index(0, y);
    for (std::size_t i = 0; i < window.size(); ++i) {
      const double weight = window[i];
      const double* const shifted = columns.data() + i;
      for (int x = 0; x < map.width; ++x) {
        sums[x] += weight * shifted[x];
      }
    }
  }
  return smooth;
}

}  // namespace

double WeightedFMeasure(const ComparedViews& views, double peak) {
  if (views.truth.channels != 1) {
    throw Error("weighted F: the truth has " + std::to_string(views.truth.channels) +
                " channels, expected 1");
  }
  const ErrorMap map = MapErrors(views, peak);
  const auto area =
      static_cast<double>(std::count(map.foreground.begin(), map.foreground.end(), 1));
  if (area == 0.0) {
    throw Error("weighted F: the truth has no foreground, no value above half of " +
                DigitsText(peak));
  }
  const std::vector<PixelPosition> nearest = NearestPixels(map.foreground, map.width, map.height);
  std::vector<double> nearest_errors(map.errors.size());
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    nearest_errors[i] = map.errors[map.Index(nearest[i].x, nearest[i].y)];
  }
  const std::vector<double> dependent = Smooth(nearest_errors, map);

  double missed = 0.0;      // FN^w
  double false_hits = 0.0;  // FP^w
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      const std::size_t i = map.Index(x, y);
      if (map.foreground[i] != 0) {
        missed += std::min(map.errors[i], dependent[i]);
      } else {
        const double across = nearest[i].x - x;
        const double down = nearest[i].y - y;
        const double distance = std::sqrt(across * across + down * down);
        false_hits += map.errors[i] * (2.0 - std::exp(kAlpha * distance));
      }
    }
  }
  const double hits = area - missed;
  if (hits <= 0.0) {
    return 0.0;
  }
  const double precision = hits / (hits + false_hits);
  const double recall = hits / area;
  return 2.0 * precision * recall / (precision + recall);
}

}  // namespace dkn::eval
