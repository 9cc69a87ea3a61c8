#ifndef DKN_SRC_RIVALS_TEST_GUIDED_LAYER_H_
#define DKN_SRC_RIVALS_TEST_GUIDED_LAYER_H_

#include <algorithm>
#include <utility>
#include <vector>

#include "src/rivals/guided_layer.h"

// For tests: the layer by its definition.
namespace dkn {

// One window's A and b by their definition, in two passes.
struct PlainFit {
  double a = 0.0;
  double b = 0.0;
};

inline PlainFit FitAt(const GuidedLayer& layer, ConstView x, ConstView y, int column, int row) {
  std::vector<std::pair<double, double>> window;
  for (int v = std::max(0, row - layer.radius); v <= std::min(x.height - 1, row + layer.radius);
       ++v) {
    for (int u = std::max(0, column - layer.radius);
         u <= std::min(x.width - 1, column + layer.radius); ++u) {
      window.emplace_back(x(u, v), y(u, v));
    }
  }
  const auto count = static_cast<double>(window.size());
  double mean_x = 0.0;
  double mean_y = 0.0;
  for (const auto& [guide, target] : window) {
    mean_x += guide / count;
    mean_y += target / count;
  }
  double variance = 0.0;
  double covariance = 0.0;
  for (const auto& [guide, target] : window) {
    variance += (guide - mean_x) * (guide - mean_x) / count;
    covariance += (guide - mean_x) * (target - mean_y) / count;
  }
  const double a = covariance / (variance + layer.epsilon);
  return {a, mean_y - a * mean_x};
}

inline Image PlainFull(const GuidedLayer& layer, ConstView guide, ConstView target) {
  Image result(target.width, target.height, target.channels);
  for (int c = 0; c < target.channels; ++c) {
    const ConstView x = guide.Channel(guide.channels == 1 ? 0 : c);
    for (int row = 0; row < target.height; ++row) {
      for (int column = 0; column < target.width; ++column) {
        PlainFit sum;
        int count = 0;
        for (int v = std::max(0, row - layer.radius);
             v <= std::min(target.height - 1, row + layer.radius); ++v) {
          for (int u = std::max(0, column - layer.radius);
               u <= std::min(target.width - 1, column + layer.radius); ++u, ++count) {
            const PlainFit fit = FitAt(layer, x, target.Channel(c), u, v);
            sum.a += fit.a;
            sum.b += fit.b;
          }
        }
        result(column, row, c) = static_cast<float>((sum.a * x(column, row) + sum.b) / count);
      }
    }
  }
  return result;
}

}  // namespace dkn

#endif  // DKN_SRC_RIVALS_TEST_GUIDED_LAYER_H_
