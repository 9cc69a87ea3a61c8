#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/filters/filter_kind.h"

namespace dkn {
namespace {

// The authors'.
constexpr double kSigmaSpace = 3.0;
constexpr double kSigmaColor = 0.1;
constexpr int kIterations = 4;

// Where pixel i lies of an image that is mirrored at its border, the border's pixels not repeated.
int Mirrored(int i, int size) {
  const int period = std::max(1, 2 * size - 2);
  const int j = ((i % period) + period) % period;
  return j < size ? j : period - j;
}

// Zhang, Shen, Xu, Jia: Rolling guidance filter, ECCV 2014. J_0 is constant, and
//   J_{t+1}(p) = 1 / K_p sum_q exp(-|p - q|^2 / 2 sigma_s^2 - |J_t(p) - J_t(q)|^2 / 2 sigma_r^2)
//   I(q)
// over a window of 3 sigma_s to each side (their Eq. (3)): the first step removes what is small, a
// Gaussian, and the others bring back the edges of what is large. The target alone decides; the
// guide is not used. What is not measured (mask) counts for nothing.
class RollingGuidance : public JointFilter {
 public:
  explicit RollingGuidance(const FilterSettings& values)
      : radius_(std::max(1, static_cast<int>(std::ceil(3.0 * values.at("sigma_space"))))),
        space_scale_(Scale(values.at("sigma_space"))),
        color_scale_(Scale(values.at("sigma_color"))),
        iterations_(static_cast<int>(values.at("iterations"))) {
    for (int d = -radius_; d <= radius_; ++d) {
      gaussian_.push_back(std::exp(space_scale_ * static_cast<float>(d * d)));
    }
  }

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const ConstView target = input.target;
    Image result(target.width, target.height, target.channels);
    Image guidance(target.width, target.height, target.channels);  // J_0: all 0
    for (int t = 0; t <= iterations_; ++t) {
      ParallelFor(0, target.height, [&](int y) { FilterRow(input, guidance, y, result); });
      std::swap(result, guidance);
    }
    output.image = std::move(guidance);
  }

 private:
  static float Scale(double sigma) { return static_cast<float>(-0.5 / (sigma * sigma)); }

  void FilterRow(const FilterInput& input, const Image& guidance, int y, View out) const {
    const ConstView target = input.target;
    std::vector<double> sums(static_cast<std::size_t>(target.channels));
    for (int x = 0; x < target.width; ++x) {
      std::fill(sums.begin(), sums.end(), 0.0);
      double weights = 0.0;
      for (int dy = -radius_; dy <= radius_; ++dy) {
        const int other_y = Mirrored(y + dy, target.height);
        for (int dx = -radius_; dx <= radius_; ++dx) {
          const int other_x = Mirrored(x + dx, target.width);
          float difference = 0.0f;
          for (int c = 0; c < target.channels; ++c) {
            const float step = guidance(x, y, c) - guidance(other_x, other_y, c);
            difference += step * step;
          }
          const float weight = (input.mask.empty() ? 1.0f : input.mask(other_x, other_y)) *
                               gaussian_[dy + radius_] * gaussian_[dx + radius_] *
                               std::exp(color_scale_ * difference);
          weights += weight;
          for (int c = 0; c < target.channels; ++c) {
            sums[static_cast<std::size_t>(c)] += weight * target(other_x, other_y, c);
          }
        }
      }
      for (int c = 0; c < target.channels; ++c) {
        out(x, y, c) = weights > 0.0
                           ? static_cast<float>(sums[static_cast<std::size_t>(c)] / weights)
                           : target(x, y, c);
      }
    }
  }

  int radius_;
  float space_scale_;
  float color_scale_;
  int iterations_;
  std::vector<float> gaussian_;  // of distances from -radius_ to radius_
};

}  // namespace

FilterKind RgfKind() {
  return {{{"sigma_space", kSigmaSpace, 0.1, 50, "pixels", "structures smaller than this go"},
           {"sigma_color", kSigmaColor, 1e-3, 100, "",
            "a difference in the last result, of values in [0, 1], that counts as an edge"},
           {"iterations", kIterations, 0, 50, "", "after the Gaussian that removes texture", true}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<RollingGuidance>(values);
          }};
}

}  // namespace dkn
