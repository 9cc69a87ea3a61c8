#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "src/core/parallel_for.h"
#include "src/core/progress_parts.h"
#include "src/filters/filter_kind.h"
#include "src/filters/grid_system.h"
#include "src/filters/measured_values.h"
#include "src/filters/pixel_difference.h"

namespace dkn {
namespace {

// The authors', for depth.
constexpr double kLambda = 10.0;
constexpr double kMu = 500.0;
constexpr double kNu = 200.0;
constexpr int kSteps = 20;

constexpr float kLeastWeight = 1e-5f;  // added to each weight

// CIE Lab of R,G,B as the authors convert it: limited to [0, 1], by the transfer function of
// ITU-R BT.709, white D65.
void ColorToLab(const float* rgb, float* lab) {
  constexpr double kToXyz[3][3] = {{0.412453, 0.357580, 0.180423},
                                   {0.212671, 0.715160, 0.072169},
                                   {0.019334, 0.119193, 0.950227}};
  constexpr double kWhite[3] = {0.950456, 1.0, 1.088754};
  double linear[3];
  for (int c = 0; c < 3; ++c) {
    const double value = std::clamp(static_cast<double>(rgb[c]), 0.0, 1.0);
    linear[c] = value < 0.018 ? value / 4.5138 : std::pow((value + 0.099) / 1.099, 1.0 / 0.45);
  }
  double f[3];
  for (int i = 0; i < 3; ++i) {
    double t = 0.0;
    for (int c = 0; c < 3; ++c) {
      t += kToXyz[i][c] * linear[c] / kWhite[i];
    }
    f[i] = t > 0.008856 ? std::cbrt(t) : t * 841.0 / 108.0 + 4.0 / 29.0;
  }
  lab[0] = static_cast<float>(116.0 * f[1] - 16.0);
  lab[1] = static_cast<float>(500.0 * (f[0] - f[1]));
  lab[2] = static_cast<float>(200.0 * (f[1] - f[2]));
}

// Colours in Lab; an image of any other number of channels as it is.
Image ToLab(ConstView image) {
  Image lab = Image::Clone(image);
  if (image.channels == 3) {
    ParallelFor(0, image.height, [&](int y) {
      for (int x = 0; x < image.width; ++x) {
        const float rgb[3] = {image(x, y, 0), image(x, y, 1), image(x, y, 2)};
        float color[3];
        ColorToLab(rgb, color);
        for (int c = 0; c < 3; ++c) {
          lab(x, y, c) = color[c];
        }
      }
    });
  }
  return lab;
}

// exp(-bandwidth * d) + kLeastWeight for each edge; d is the squared difference over it, stretched
// so that the least of the image is 0 and the largest 1 (unless all are equal).
Image SimilarityOfEdges(ConstView image, int neighbours, float bandwidth) {
  Image weights = WeighEdges(image.width, image.height, neighbours,
                             [&](int x, int y, int other_x, int other_y) {
                               return SquaredDifference(image, x, y, other_x, other_y);
                             });
  float low = std::numeric_limits<float>::infinity();
  float high = 0.0f;
  const auto for_each_edge = [&](const auto& use) {
    for (int e = 0; e < weights.channels(); ++e) {
      for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
          if (HasEdge(kEdges[e], x, y, image.width, image.height)) {
            use(weights(x, y, e));
          }
        }
      }
    }
  };
  for_each_edge([&](float d) {
    low = std::min(low, d);
    high = std::max(high, d);
  });
  const bool stretch = high > low;
  for_each_edge([&](float& d) {
    const float scaled = stretch ? (d - low) / (high - low) : d;
    d = std::exp(-bandwidth * scaled) + kLeastWeight;
  });
  return weights;
}

// Ham, Cho, Ponce: Robust guided image filtering using nonconvex potentials, TPAMI 2018. Minimises
//   sum_p c_p (u_p - f_p)^2 + lambda sum_{pq} phi_mu(g_p - g_q) psi_nu(u_p - u_q),
// psi Welsch's function, by majorisation: each step solves
//   (C + lambda L^k) u^{k+1} = C f
// with L^k the Laplacian of weights exp(-mu dg) exp(-nu du) of guide and last result. f is the
// interpolated target and c how much of a pixel is measured. In the first step the result has no
// say.
class StaticDynamicFilter : public JointFilter {
 public:
  explicit StaticDynamicFilter(const FilterSettings& values)
      : lambda_(static_cast<float>(values.at("lambda"))),
        mu_(static_cast<float>(values.at("mu"))),
        nu_(static_cast<float>(values.at("nu"))),
        steps_(static_cast<int>(values.at("steps"))),
        neighbours_(values.at("eight_neighbours") == 1.0 ? 8 : 4),
        limits_{values.at("tolerance")} {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const Image measured = MeasuredShare(input);
    const Image of_guide = SimilarityOfEdges(ToLab(input.guide), neighbours_, mu_);
    output.image = Image::Clone(input.target);
    for (int step = 0; step < steps_; ++step) {
      Image weights = step == 0 ? Image::Clone(of_guide)
                                : SimilarityOfEdges(ToLab(output.image), neighbours_, nu_);
      for (std::size_t i = 0; i < weights.size(); ++i) {
        const float of_result = step == 0 ? 1.0f + kLeastWeight : weights.data()[i];
        weights.data()[i] = lambda_ * of_guide.data()[i] * of_result;
      }
      SolveGrid(input.target, measured, weights, limits_, output.image,
                PartOf(input.progress, step, steps_));
    }
  }

 private:
  float lambda_;
  float mu_;
  float nu_;
  int steps_;
  int neighbours_;
  SolverLimits limits_;
};

}  // namespace

FilterKind SdfKind() {
  return {{{"lambda", kLambda, 0, 1e9, "", "how much is smoothed"},
           {"mu", kMu, 0, 1e5, "", "how sensitive to the guide's differences"},
           {"nu", kNu, 0, 1e5, "", "how sensitive to the result's own differences"},
           {"steps", kSteps, 1, 100, "", "of majorisation, one linear system each", true},
           {"eight_neighbours", 0, 0, 1, "", "1: diagonal neighbours count too", true},
           {"tolerance", 1e-5, 1e-12, 0.1, "", "of the linear systems' residuals"}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<StaticDynamicFilter>(values);
          }};
}

}  // namespace dkn
