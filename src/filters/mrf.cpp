#include <algorithm>
#include <cmath>
#include <memory>

#include "src/filters/filter_kind.h"
#include "src/filters/grid_system.h"
#include "src/filters/measured_values.h"
#include "src/filters/pixel_difference.h"

namespace dkn {
namespace {

// The paper's are not known.
constexpr double kDataWeight = 1.0;
constexpr double kColorWeight = 100.0;

// Diebel, Thrun: An application of Markov random fields to range sensing, NIPS 2005. The depth y
// that minimises
//   k sum_measured (y_p - z_p)^2 + sum_{pq} exp(-c |x_p - x_q|^2) (y_p - y_q)^2
// over pixels p and pairs pq of 4 neighbours, x the guide's colour. z is the interpolated target,
// weighed by how much of it is measured: between samples alone differences of the first order leave
// a peak at each.
class MarkovRandomField : public JointFilter {
 public:
  explicit MarkovRandomField(const FilterSettings& values)
      : data_weight_(static_cast<float>(values.at("data_weight"))),
        color_weight_(static_cast<float>(values.at("color_weight"))),
        limits_{values.at("tolerance")} {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const ConstView guide = input.guide;
    Image weight = MeasuredShare(input);
    std::for_each(weight.data(), weight.data() + weight.size(),
                  [this](float& value) { value *= data_weight_; });
    const Image edges =
        WeighEdges(guide.width, guide.height, 4, [&](int x, int y, int other_x, int other_y) {
          return std::exp(-color_weight_ * SquaredDifference(guide, x, y, other_x, other_y));
        });
    output.image = Image::Clone(input.target);
    SolveGrid(input.target, weight, edges, limits_, output.image, input.progress);
  }

 private:
  float data_weight_;
  float color_weight_;
  SolverLimits limits_;
};

}  // namespace

FilterKind MrfKind() {
  return {{{"data_weight", kDataWeight, 1e-4, 1e4, "", "of measurements against smoothness, k"},
           {"color_weight", kColorWeight, 0, 1e6, "",
            "of the guide's squared differences, of values in [0, 1], against smoothness, c"},
           {"tolerance", 1e-5, 1e-12, 0.1, "", "of the linear system's residual"}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<MarkovRandomField>(values);
          }};
}

}  // namespace dkn
