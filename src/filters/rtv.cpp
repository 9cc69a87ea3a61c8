#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/core/progress_parts.h"
#include "src/filters/filter_kind.h"
#include "src/filters/grid_system.h"
#include "src/filters/measured_values.h"

namespace dkn {
namespace {

// The authors'.
constexpr double kLambda = 0.01;
constexpr double kSigma = 3.0;
constexpr double kSharpness = 0.02;
constexpr int kIterations = 4;

constexpr float kEpsilon = 1e-3f;  // the least windowed variation
constexpr double kLeastSigma = 0.5;

// Each channel smoothed by a Gaussian of 2.5 sigma to each side; beyond the image it is 0.
Image Smoothed(const Image& image, double sigma) {
  const auto radius = static_cast<int>(std::lround(2.5 * sigma));
  std::vector<float> weights;
  double sum = 0.0;
  for (int d = -radius; d <= radius; ++d) {
    const double weight = std::exp(-0.5 * d * d / (sigma * sigma));
    weights.push_back(static_cast<float>(weight));
    sum += weight;
  }
  for (float& weight : weights) {
    weight = static_cast<float>(weight / sum);
  }
  const int width = image.width();
  const int height = image.height();
  Image rows(width, height, image.channels());
  Image smooth(width, height, image.channels());
  for (int c = 0; c < image.channels(); ++c) {
    ParallelFor(0, height, [&](int y) {
      for (int x = 0; x < width; ++x) {
        for (int i = std::max(0, x - radius); i <= std::min(width - 1, x + radius); ++i) {
          rows(x, y, c) += weights[static_cast<std::size_t>(i - x + radius)] * image(i, y, c);
        }
      }
    });
    ParallelFor(0, height, [&](int y) {
      for (int j = std::max(0, y - radius); j <= std::min(height - 1, y + radius); ++j) {
        const float weight = weights[static_cast<std::size_t>(j - y + radius)];
        for (int x = 0; x < width; ++x) {
          smooth(x, y, c) += weight * rows(x, j, c);
        }
      }
    });
  }
  return smooth;
}

// Xu, Yan, Xia, Jia: Structure extraction from texture via relative total variation, SIGGRAPH Asia
// 2012. Each iteration solves
//   minimise sum_p c_p (S_p - I_p)^2 + lambda / 2 sum_{pq} u_pq w_p (S_p - S_q)^2
// over pairs pq of 4 neighbours, with weights of the last S: u is 1 over the windowed inherent
// variation |G_sigma * d S| across pq, small where gradients of a texture cancel, w 1 over |grad
// S|; each the mean over channels. sigma is halved each time. c is how much of a pixel is measured.
// The target alone decides; the guide is not used.
class RelativeTotalVariation : public JointFilter {
 public:
  explicit RelativeTotalVariation(const FilterSettings& values)
      : lambda_(static_cast<float>(values.at("lambda"))),
        sigma_(values.at("sigma")),
        sharpness_(static_cast<float>(values.at("sharpness"))),
        iterations_(static_cast<int>(values.at("iterations"))),
        limits_{values.at("tolerance")} {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const ConstView target = input.target;
    const Image measured = MeasuredShare(input);
    output.image = Image::Clone(target);
    double sigma = sigma_;
    for (int i = 0; i < iterations_; ++i) {
      const Image edges = EdgeWeights(output.image, sigma);
      SolveGrid(target, measured, edges, limits_, output.image,
                PartOf(input.progress, i, iterations_));
      sigma = std::max(0.5 * sigma, kLeastSigma);
    }
  }

 private:
  Image EdgeWeights(const Image& image, double sigma) const {
    const Image smooth = Smoothed(image, sigma);
    const int channels = image.channels();
    const auto gradient = [&](int x, int y) {
      float sum = 0.0f;
      for (int c = 0; c < channels; ++c) {
        const float value = image(x, y, c);
        const float gx = x + 1 < image.width() ? image(x + 1, y, c) - value : 0.0f;
        const float gy = y + 1 < image.height() ? image(x, y + 1, c) - value : 0.0f;
        sum += std::sqrt(gx * gx + gy * gy);
      }
      return sum / static_cast<float>(channels);
    };
    return WeighEdges(image.width(), image.height(), 4, [&](int x, int y, int i, int j) {
      float inherent = 0.0f;
      for (int c = 0; c < channels; ++c) {
        inherent += std::abs(smooth(i, j, c) - smooth(x, y, c));
      }
      inherent /= static_cast<float>(channels);
      return 0.5f * lambda_ / (std::max(inherent, kEpsilon) * std::max(gradient(x, y), sharpness_));
    });
  }

  float lambda_;
  double sigma_;
  float sharpness_;
  int iterations_;
  SolverLimits limits_;
};

}  // namespace

FilterKind RtvKind() {
  return {
      {{"lambda", kLambda, 0, 100, "", "how much is smoothed"},
       {"sigma", kSigma, 0.5, 50, "pixels", "the size of texture, halved each iteration"},
       {"sharpness", kSharpness, 1e-4, 1, "", "the least gradient: smaller keeps edges sharper"},
       {"iterations", kIterations, 1, 50, "", "one linear system each", true},
       {"tolerance", 1e-5, 1e-12, 0.1, "", "of the linear systems' residuals"}},
      [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
        return std::make_unique<RelativeTotalVariation>(values);
      }};
}

}  // namespace dkn
