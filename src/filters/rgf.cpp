#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "src/core/progress_parts.h"
#include "src/filters/bilateral.h"
#include "src/filters/filter_kind.h"

namespace dkn {
namespace {

// The authors'.
constexpr double kSigmaSpace = 3.0;
constexpr double kSigmaColor = 0.1;
constexpr int kIterations = 4;

// Zhang, Shen, Xu, Jia: Rolling guidance filter, ECCV 2014. J_0 is constant, and
//   J_{t+1}(p) = 1 / K_p sum_q exp(-|p - q|^2 / 2 sigma_s^2 - |J_t(p) - J_t(q)|^2 / 2 sigma_r^2)
//   I(q)
// over a window of 3 sigma_s to each side (their Eq. (3)): the first step removes what is small, a
// Gaussian, and the others bring back the edges of what is large. The target alone decides; the
// guide is not used. What is not measured (mask) counts for nothing.
class RollingGuidance : public JointFilter {
 public:
  explicit RollingGuidance(const FilterSettings& values)
      : kernel_{std::max(1, static_cast<int>(std::ceil(3.0 * values.at("sigma_space")))),
                values.at("sigma_space"), values.at("sigma_color"), 0.0f, true},
        iterations_(static_cast<int>(values.at("iterations"))) {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const ConstView target = input.target;
    Image result(target.width, target.height, target.channels);
    Image guidance(target.width, target.height, target.channels);  // J_0: all 0
    for (int t = 0; t <= iterations_; ++t) {
      FilterBilaterally(kernel_, guidance, target, input.mask,
                        PartOf(input.progress, t, iterations_ + 1), result);
      std::swap(result, guidance);
    }
    output.image = std::move(guidance);
  }

 private:
  BilateralKernel kernel_;
  int iterations_;
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
