#include <algorithm>
#include <cmath>
#include <memory>

#include "src/filters/filter_kind.h"
#include "src/filters/grid_system.h"
#include "src/filters/luma_or_copy.h"
#include "src/filters/measured_values.h"

namespace dkn {
namespace {

// Alpha is the authors'; their lambda of 1 is for pictures, far too smooth for depth.
constexpr double kLambda = 0.01;
constexpr double kAlpha = 1.2;

constexpr float kEpsilon =
    1e-4f;  // in the logarithm and in the denominator, as the authors have it

// Farbman, Fattal, Lischinski, Szeliski: Edge-preserving decompositions for multi-scale tone and
// detail manipulation, SIGGRAPH 2008, Eq. (2) to (5). The u that minimises
//   sum_p c_p (u_p - f_p)^2 + lambda sum_{pq} (u_p - u_q)^2 / (|l_p - l_q|^alpha + epsilon)
// over pairs pq of 4 neighbours; l is the logarithm of the guide's luminance, and c, 1 in the
// paper, how much of a pixel is measured.
class WeightedLeastSquares : public JointFilter {
 public:
  explicit WeightedLeastSquares(const FilterSettings& values)
      : lambda_(static_cast<float>(values.at("lambda"))),
        alpha_(static_cast<float>(values.at("alpha"))),
        limits_{values.at("tolerance")} {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const ConstView guide = input.guide;
    Image luminance = LumaOrCopy(guide);
    std::for_each(luminance.data(), luminance.data() + luminance.size(),
                  [](float& value) { value = std::log(std::max(value, 0.0f) + kEpsilon); });
    const Image edges =
        WeighEdges(guide.width, guide.height, 4, [&](int x, int y, int other_x, int other_y) {
          const float step = std::abs(luminance(x, y) - luminance(other_x, other_y));
          return lambda_ / (std::pow(step, alpha_) + kEpsilon);
        });
    output.image = Image::Clone(input.target);
    SolveGrid(input.target, MeasuredShare(input), edges, limits_, output.image, input.progress);
  }

 private:
  float lambda_;
  float alpha_;
  SolverLimits limits_;
};

}  // namespace

FilterKind WlsKind() {
  return {{{"lambda", kLambda, 0, 1e4, "", "how much is smoothed"},
           {"alpha", kAlpha, 0, 5, "", "how sensitive to the guide's gradients"},
           {"tolerance", 1e-5, 1e-12, 0.1, "", "of the linear system's residual"}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<WeightedLeastSquares>(values);
          }};
}

}  // namespace dkn
