#ifndef DKN_SRC_NET_TEST_PRIMAL_DUAL_H_
#define DKN_SRC_NET_TEST_PRIMAL_DUAL_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "src/net/primal_dual.h"

namespace dkn {

// For tests: the iterations by their definition, in double, a pixel after the other.
class PlainPrimalDual {
 public:
  PlainPrimalDual(const PrimalDualLayer& layer, ConstView target, ConstView affinities)
      : PlainPrimalDual(layer, target.width, target.height, Values(target), Values(affinities)) {}

  PlainPrimalDual(const PrimalDualLayer& layer, int width, int height, const std::vector<double>& f,
                  const std::vector<double>& affinities)
      : width_(width), height_(height) {
    const std::vector<double> bounds = Bounds(layer.sharpness, affinities);
    primal_ = relaxed_ = f;
    dual_ = Differences(f);
    for (const PrimalDualStep& step : layer.steps) {
      const std::vector<double> differences = Differences(relaxed_);
      for (std::size_t i = 0; i < dual_.size(); ++i) {
        const double value =
            (dual_[i] + step.sigma * differences[i]) / (1.0 + step.sigma * step.epsilon);
        dual_[i] = value / std::max(1.0, std::abs(value) / bounds[i]);
      }
      const std::vector<double> back = Adjoint(dual_);
      for (std::size_t i = 0; i < f.size(); ++i) {
        const double before = primal_[i];
        primal_[i] = (before - step.tau * back[i] + step.tau * step.lambda * f[i]) /
                     (1.0 + step.tau * step.lambda);
        relaxed_[i] = primal_[i] + step.theta * (primal_[i] - before);
      }
    }
  }

  static std::vector<double> Values(ConstView image) {
    std::vector<double> values;
    for (int c = 0; c < image.channels; ++c) {
      for (int y = 0; y < image.height; ++y) {
        values.insert(values.end(), image.Row(y, c), image.Row(y, c) + image.width);
      }
    }
    return values;
  }

  // grad, and its adjoint.
  std::vector<double> Differences(const std::vector<double>& values) const {
    std::vector<double> differences(kPrimalDualDirections * values.size());
    ForEach([&](std::size_t k, std::size_t own, std::size_t other) {
      differences[k * values.size() + own] = values[other] - values[own];
    });
    return differences;
  }
  std::vector<double> Adjoint(const std::vector<double>& dual) const {
    std::vector<double> sums(dual.size() / kPrimalDualDirections);
    ForEach([&](std::size_t k, std::size_t own, std::size_t other) {
      sums[other] += dual[k * sums.size() + own];
      sums[own] -= dual[k * sums.size() + own];
    });
    return sums;
  }

  Image dual() const { return ToImage(dual_, kPrimalDualDirections); }
  Image primal() const { return ToImage(primal_, 1); }
  Image relaxed() const { return ToImage(relaxed_, 1); }
  const std::vector<double>& values() const { return primal_; }

 private:
  // f(k, pixel, its neighbour k) of all that the image has.
  template <typename Function>
  void ForEach(const Function& f) const {
    for (std::size_t k = 0; k < kPrimalDualOffsets.size(); ++k) {
      for (int y = 0; y < height_; ++y) {
        for (int x = 0; x < width_; ++x) {
          const int u = x + kPrimalDualOffsets[k].dx;
          const int v = y + kPrimalDualOffsets[k].dy;
          if (u >= 0 && v >= 0 && u < width_ && v < height_) {
            f(k, static_cast<std::size_t>(y * width_ + x),
              static_cast<std::size_t>(v * width_ + u));
          }
        }
      }
    }
  }

  static std::vector<double> Bounds(double sharpness, std::vector<double> bounds) {
    const std::size_t pixels = bounds.size() / kPrimalDualDirections;
    for (std::size_t i = 0; i < pixels; ++i) {
      double sum = 0.0;
      for (std::size_t k = 0; k < kPrimalDualDirections; ++k) {
        double& value = bounds[k * pixels + i];
        value = std::exp(-sharpness * std::abs(value));
        sum += value;
      }
      for (std::size_t k = 0; k < kPrimalDualDirections; ++k) {
        bounds[k * pixels + i] = bounds[k * pixels + i] / sum + 1e-12;
      }
    }
    return bounds;
  }

  Image ToImage(const std::vector<double>& values, int channels) const {
    Image image(width_, height_, channels);
    std::transform(values.begin(), values.end(), image.data(),
                   [](double value) { return static_cast<float>(value); });
    return image;
  }

  int width_;
  int height_;
  std::vector<double> dual_;
  std::vector<double> primal_;
  std::vector<double> relaxed_;
};

}  // namespace dkn

#endif  // DKN_SRC_NET_TEST_PRIMAL_DUAL_H_
