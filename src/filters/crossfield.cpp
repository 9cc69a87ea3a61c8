#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "src/core/parallel_for.h"
#include "src/core/progress_parts.h"
#include "src/filters/filter_kind.h"
#include "src/filters/grid_system.h"
#include "src/filters/luma_or_copy.h"
#include "src/filters/measured_values.h"

namespace dkn {
namespace {

// The authors' lambda, beta and iterations.
constexpr double kLambda = 5.0;
constexpr double kBeta = 0.5;
constexpr int kIterations = 5;
constexpr double kAlpha = 0.9;
constexpr double kLeastGradient = 0.02;
constexpr double kTensorScale = 0.02;

constexpr float kLeastResidual = 1e-3f;  // of what re-weighting divides by

// Forward differences of one channel, 0 at the far border.
float Along(ConstView image, int e, int x, int y) {
  return HasEdge(kEdges[e], x, y, image.width, image.height)
             ? image(x + kEdges[e].dx, y + kEdges[e].dy) - image(x, y)
             : 0.0f;
}

// |x|^(alpha - 2), whose product with x^2 is rho(x) = |x|^alpha.
float Reweight(float residual, float alpha) {
  return std::pow(std::max(std::abs(residual), kLeastResidual), alpha - 2.0f);
}

// Yan, Shen, Xu, Zhuo, Zhang, Shen, Jia: Cross-field joint image restoration via scale map, ICCV
// 2013. The restored I and the scale map s that minimise
//   sum_k rho(|s - p_k d_k I|) + lambda rho(|I - I_0|) + beta (grad s)^T D(grad G) grad s,
//   p_k = 1 / (sign(d_k G) max(|d_k G|, eps)),  rho(x) = |x|^alpha,
// summed over pixels, k = x, y: where the scale map is smooth, I's gradients are the guide's times
// s, of either sign and any size. D smooths s along the guide's edges, hardly across:
//   D = (g' g'^T + eta^2) / (|g|^2 + 2 eta^2), g' normal to the guide's gradient g.
// By re-weighted least squares, s and I in turn. Colours have a scale map each: of their own
// channel of the guide, or of its brightness. Pixels count by how much of them is measured. From
// the paper's equations as others tell them: its parameters eps, eta and alpha are ours.
class CrossField : public JointFilter {
 public:
  explicit CrossField(const FilterSettings& values)
      : lambda_(static_cast<float>(values.at("lambda"))),
        beta_(static_cast<float>(values.at("beta"))),
        alpha_(static_cast<float>(values.at("alpha"))),
        least_gradient_(static_cast<float>(values.at("least_gradient"))),
        tensor_scale_(static_cast<float>(values.at("tensor_scale"))),
        iterations_(static_cast<int>(values.at("iterations"))),
        limits_{values.at("tolerance")} {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const ConstView target = input.target;
    const Image measured = MeasuredShare(input);
    output.image = Image::Clone(target);
    const bool pairs = target.channels == 3 && input.guide.channels == 3;
    const Image brightness = LumaOrCopy(input.guide);
    for (int c = 0; c < target.channels; ++c) {
      const ConstView guide = pairs ? input.guide.Channel(c) : brightness.view();
      Restore(guide, target.Channel(c), measured, PartOf(input.progress, c, target.channels),
              output.image.view().Channel(c));
    }
  }

 private:
  // The guide's gradient along edge e, at least eps in size, with its sign.
  float Step(ConstView guide, int e, int x, int y) const {
    const float gradient = Along(guide, e, x, y);
    const float size = std::max(std::abs(gradient), least_gradient_);
    return gradient < 0.0f ? -size : size;
  }

  void Restore(ConstView guide, ConstView target, const Image& measured, const Progress& progress,
               View restored) const {
    const Image tensor = TensorEdges(guide);
    Image scale(guide.width, guide.height);
    std::fill_n(scale.data(), scale.size(), 1.0f);
    for (int i = 0; i < iterations_; ++i) {
      UpdateScale(guide, restored, tensor, PartOf(progress, 2 * i, 2 * iterations_), scale);
      UpdateImage(guide, target, measured, scale, PartOf(progress, 2 * i + 1, 2 * iterations_),
                  restored);
    }
  }

  // beta s^T D s as edges: with differences a to the right and b below, and a - b between the two,
  // Dxx a^2 + Dyy b^2 + 2 Dxy a b = (Dxx + Dxy) a^2 + (Dyy + Dxy) b^2 - Dxy (a - b)^2. At the last
  // row and column the terms with one of them alone.
  Image TensorEdges(ConstView guide) const {
    const int width = guide.width;
    const int height = guide.height;
    Image edges(width, height, 4);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const float gx = Along(guide, 0, x, y);
        const float gy = Along(guide, 1, x, y);
        const float eta = tensor_scale_ * tensor_scale_;
        const float scale = beta_ / (gx * gx + gy * gy + 2.0f * eta);
        const bool both = x + 1 < width && y + 1 < height;
        const float xy = both ? -scale * gx * gy : 0.0f;
        edges(x, y, 0) += scale * (gy * gy + eta) + xy;
        edges(x, y, 1) += scale * (gx * gx + eta) + xy;
        if (both) {
          edges(x + 1, y, 3) -= xy;
        }
      }
    }
    return edges;
  }

  // s of least energy for I: each pixel's two ratios, weighed, against smoothness.
  void UpdateScale(ConstView guide, ConstView restored, const Image& tensor,
                   const Progress& progress, Image& scale) const {
    Image ratio(guide.width, guide.height);
    Image weight(guide.width, guide.height);
    ParallelFor(0, guide.height, [&](int y) {
      for (int x = 0; x < guide.width; ++x) {
        for (int e = 0; e < 2; ++e) {
          if (HasEdge(kEdges[e], x, y, guide.width, guide.height)) {
            const float of_edge = Along(restored, e, x, y) / Step(guide, e, x, y);
            const float w = Reweight(scale(x, y) - of_edge, alpha_);
            weight(x, y) += w;
            ratio(x, y) += w * of_edge;
          }
        }
        ratio(x, y) = weight(x, y) > 0.0f ? ratio(x, y) / weight(x, y) : scale(x, y);
      }
    });
    SolveGrid(ratio, weight, tensor, limits_, scale, progress);
  }

  // I of least energy for s: gradients near s times the guide's, against the target.
  void UpdateImage(ConstView guide, ConstView target, const Image& measured, const Image& scale,
                   const Progress& progress, View restored) const {
    Image weight(guide.width, guide.height);
    Image edges(guide.width, guide.height, 2);
    Image steps(guide.width, guide.height, 2);
    ParallelFor(0, guide.height, [&](int y) {
      for (int x = 0; x < guide.width; ++x) {
        weight(x, y) = lambda_ * measured(x, y) * Reweight(restored(x, y) - target(x, y), alpha_);
        for (int e = 0; e < 2; ++e) {
          const float step = Step(guide, e, x, y);
          const float residual = scale(x, y) - Along(restored, e, x, y) / step;
          edges(x, y, e) = Reweight(residual, alpha_) / (step * step);
          steps(x, y, e) = scale(x, y) * step;
        }
      }
    });
    SolveGrid(target, weight, edges, limits_, restored, progress, steps);
  }

  float lambda_;
  float beta_;
  float alpha_;
  float least_gradient_;
  float tensor_scale_;
  int iterations_;
  SolverLimits limits_;
};

}  // namespace

FilterKind CrossFieldKind() {
  return {{{"lambda", kLambda, 1e-6, 1e6, "", "how near the target the result stays"},
           {"beta", kBeta, 0, 1e6, "", "how smooth the scale map is"},
           {"alpha", kAlpha, 0.1, 2, "", "the exponent of differences: less forgives large ones"},
           {"least_gradient", kLeastGradient, 1e-4, 1, "",
            "eps: smaller gradients of the guide, of values in [0, 1], count as this"},
           {"tensor_scale", kTensorScale, 1e-4, 1, "",
            "eta: gradients of the guide across which the scale map may change"},
           {"iterations", kIterations, 1, 50, "", "two linear systems a channel each", true},
           {"tolerance", 1e-7, 1e-12, 0.1, "", "of the linear systems' residuals"}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<CrossField>(values);
          }};
}

}  // namespace dkn
