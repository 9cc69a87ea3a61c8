#include <algorithm>
#include <cmath>
#include <memory>

#include "src/core/parallel_for.h"
#include "src/core/progress_parts.h"
#include "src/filters/filter_kind.h"
#include "src/filters/luma_or_copy.h"
#include "src/filters/measured_values.h"

namespace dkn {
namespace {

// The less RMSE on nyu_val's first two images at 8x, of alpha1 0.002, 0.02 and alpha0 0.028, 0.28;
// the authors' are 0.002 and 0.028 for input without noise, and 600 times as large for noisy depth.
constexpr double kAlpha1 = 0.02;
constexpr double kAlpha0 = 0.028;
constexpr double kDataWeight = 40.0;
constexpr double kBeta = 10.0;  // what their code uses, whatever it is told
constexpr double kGamma = 0.75;
constexpr int kIterations = 300;

// The guide's brightness, smoothed by a Gaussian of 3 x 3 pixels and deviation 0.5; beyond the
// image it is 0.
Image SmoothBrightness(ConstView guide) {
  const Image gray = LumaOrCopy(guide);
  const float side = std::exp(-2.0f) / (1.0f + 2.0f * std::exp(-2.0f));
  const float weights[3] = {side, 1.0f - 2.0f * side, side};
  Image smooth(guide.width, guide.height);
  for (int y = 0; y < guide.height; ++y) {
    for (int x = 0; x < guide.width; ++x) {
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          if (x + dx >= 0 && x + dx < guide.width && y + dy >= 0 && y + dy < guide.height) {
            smooth(x, y) += weights[dx + 1] * weights[dy + 1] * gray(x + dx, y + dy);
          }
        }
      }
    }
  }
  return smooth;
}

// The anisotropic diffusion tensor T = exp(-beta |g|^gamma) n n^T + m m^T (their Eq. (8)) for the
// guide's gradient g, n its direction and m normal to it: channels xx, yy, xy. g is the difference
// over the 2 x 2 pixels to the right and below.
Image DiffusionTensor(ConstView guide, float beta, float gamma) {
  constexpr float kLeast = 1e-8f;
  const Image smooth = SmoothBrightness(guide);
  Image tensor(guide.width, guide.height, 3);
  for (int y = 0; y < guide.height; ++y) {
    const int below = std::min(y + 1, guide.height - 1);
    for (int x = 0; x < guide.width; ++x) {
      const int right = std::min(x + 1, guide.width - 1);
      const float falling = smooth(right, below) - smooth(x, y);
      const float rising = smooth(right, y) - smooth(x, below);
      const float gx = falling + rising;
      const float gy = falling - rising;
      const float length = std::sqrt(gx * gx + gy * gy);
      const float nx = length < kLeast ? 1.0f : gx / length;
      const float ny = length < kLeast ? 0.0f : gy / length;
      const float across = std::max(kLeast, std::exp(-beta * std::pow(length, gamma)));
      tensor(x, y, 0) = across * nx * nx + ny * ny;
      tensor(x, y, 1) = across * ny * ny + nx * nx;
      tensor(x, y, 2) = (across - 1.0f) * nx * ny;
    }
  }
  return tensor;
}

// The weights of one problem: see TotalGeneralizedVariation.
struct Weights {
  float alpha1;
  float alpha0;
  float data;
};

// Primal-dual iterations (Chambolle, Pock 2011) with diagonal preconditioning (Pock, Chambolle
// 2011, alpha = 1) for one channel. Channels of v: x, y; of p, the dual of T (grad u - v), the
// same, and of q, that of the derivatives of v: dx v1, dy v2, dy v1, dx v2.
class PrimalDual {
 public:
  PrimalDual(const Image& tensor, Weights weights, ConstView start)
      : tensor_(tensor),
        weights_(weights),
        // Dual variables are as large as alpha1, primal ones change by some tenths.
        balance_(kPrimalSize / weights.alpha1),
        width_(start.width),
        height_(start.height),
        u_(Image::Clone(start)),
        u_bar_(Image::Clone(start)),
        v_(width_, height_, 2),
        v_bar_(width_, height_, 2),
        p_(width_, height_, 2),
        flux_(width_, height_, 2),
        q_(width_, height_, 4) {}

  void Iterate(ConstView data, ConstView data_weight, int iterations, const Progress& progress) {
    for (int i = 0; i < iterations; ++i) {
      Tell(progress, static_cast<double>(i) / iterations);
      ParallelFor(0, height_, [&](int y) { UpdateDual(y); });
      ParallelFor(0, height_, [&](int y) { UpdatePrimal(data, data_weight, y); });
    }
  }

  const Image& u() const { return u_; }

 private:
  static constexpr float kPrimalSize = 0.3f;

  // Forward differences, 0 at the far border.
  float AlongX(const Image& image, int c, int x, int y) const {
    return x + 1 < width_ ? image(x + 1, y, c) - image(x, y, c) : 0.0f;
  }
  float AlongY(const Image& image, int c, int x, int y) const {
    return y + 1 < height_ ? image(x, y + 1, c) - image(x, y, c) : 0.0f;
  }
  // Their adjoints.
  float BackX(const Image& image, int c, int x, int y) const {
    return (x > 0 ? image(x - 1, y, c) : 0.0f) - (x + 1 < width_ ? image(x, y, c) : 0.0f);
  }
  float BackY(const Image& image, int c, int x, int y) const {
    return (y > 0 ? image(x, y - 1, c) : 0.0f) - (y + 1 < height_ ? image(x, y, c) : 0.0f);
  }

  void UpdateDual(int y) {
    for (int x = 0; x < width_; ++x) {
      const float xx = tensor_(x, y, 0);
      const float yy = tensor_(x, y, 1);
      const float xy = tensor_(x, y, 2);
      const float gx = AlongX(u_bar_, 0, x, y) - v_bar_(x, y, 0);
      const float gy = AlongY(u_bar_, 0, x, y) - v_bar_(x, y, 1);
      const float row = 3.0f * (std::max(xx, yy) + std::abs(xy));
      const float step = 1.0f / (balance_ * row);
      float px = p_(x, y, 0) + step * (xx * gx + xy * gy);
      float py = p_(x, y, 1) + step * (xy * gx + yy * gy);
      const float p_scale = weights_.alpha1 / std::max(weights_.alpha1, std::hypot(px, py));
      p_(x, y, 0) = px *= p_scale;
      p_(x, y, 1) = py *= p_scale;
      flux_(x, y, 0) = xx * px + xy * py;
      flux_(x, y, 1) = xy * px + yy * py;
      const float derivatives[4] = {AlongX(v_bar_, 0, x, y), AlongY(v_bar_, 1, x, y),
                                    AlongY(v_bar_, 0, x, y), AlongX(v_bar_, 1, x, y)};
      float q[4];
      float squares = 0.0f;
      for (int c = 0; c < 4; ++c) {
        q[c] = q_(x, y, c) + derivatives[c] * (0.5f / balance_);
        squares += q[c] * q[c];
      }
      const float q_scale = weights_.alpha0 / std::max(weights_.alpha0, std::sqrt(squares));
      for (int c = 0; c < 4; ++c) {
        q_(x, y, c) = q_scale * q[c];
      }
    }
  }

  void UpdatePrimal(ConstView data, ConstView data_weight, int y) {
    for (int x = 0; x < width_; ++x) {
      const float xy = std::abs(tensor_(x, y, 2));
      const float column = tensor_(x, y, 0) + tensor_(x, y, 1) + 2.0f * xy +
                           (x > 0 ? tensor_(x - 1, y, 0) + std::abs(tensor_(x - 1, y, 2)) : 0.0f) +
                           (y > 0 ? tensor_(x, y - 1, 1) + std::abs(tensor_(x, y - 1, 2)) : 0.0f);
      const float step = balance_ / column;
      const float pull = step * weights_.data * data_weight(x, y);
      const float moved = u_(x, y) - step * (BackX(flux_, 0, x, y) + BackY(flux_, 1, x, y));
      const float u = (moved + pull * data(x, y)) / (1.0f + pull);
      u_bar_(x, y) = 2.0f * u - u_(x, y);
      u_(x, y) = u;
      const float descents[2] = {-flux_(x, y, 0) + BackX(q_, 0, x, y) + BackY(q_, 2, x, y),
                                 -flux_(x, y, 1) + BackY(q_, 1, x, y) + BackX(q_, 3, x, y)};
      for (int c = 0; c < 2; ++c) {
        const float v = v_(x, y, c) - balance_ / (tensor_(x, y, c) + xy + 4.0f) * descents[c];
        v_bar_(x, y, c) = 2.0f * v - v_(x, y, c);
        v_(x, y, c) = v;
      }
    }
  }

  const Image& tensor_;
  const Weights weights_;
  const float balance_;
  const int width_;
  const int height_;
  Image u_;
  Image u_bar_;
  Image v_;
  Image v_bar_;
  Image p_;
  Image flux_;  // T p
  Image q_;
};

// Ferstl, Reinbacher, Ranftl, Ruether, Bischof: Image guided depth upsampling using anisotropic
// total generalized variation, ICCV 2013, Eq. (9). The u that minimises, over u and v,
//   alpha1 sum |T (grad u - v)| + alpha0 sum |grad v| + 1/2 sum w (u - d)^2,
// w the data weight where d is measured (MeasurementsOnPixels). Piecewise planes, whose edges lie
// where the guide has some.
class TotalGeneralizedVariation : public JointFilter {
 public:
  explicit TotalGeneralizedVariation(const FilterSettings& values)
      : weights_{static_cast<float>(values.at("alpha1")), static_cast<float>(values.at("alpha0")),
                 static_cast<float>(values.at("data_weight"))},
        beta_(static_cast<float>(values.at("beta"))),
        gamma_(static_cast<float>(values.at("gamma"))),
        iterations_(static_cast<int>(values.at("iterations"))) {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const ConstView target = input.target;
    const PixelMeasurements measured = MeasurementsOnPixels(input);
    const Image tensor = DiffusionTensor(input.guide, beta_, gamma_);
    output.image.Reset(target.width, target.height, target.channels);
    for (int c = 0; c < target.channels; ++c) {
      PrimalDual solver(tensor, weights_, target.Channel(c));
      solver.Iterate(measured.values.view().Channel(c), measured.weight, iterations_,
                     PartOf(input.progress, c, target.channels));
      Copy(solver.u(), output.image.view().Channel(c));
    }
  }

 private:
  Weights weights_;
  float beta_;
  float gamma_;
  int iterations_;
};

}  // namespace

FilterKind TgvKind() {
  return {{{"alpha1", kAlpha1, 1e-6, 1e3, "", "of the first order: how much is smoothed"},
           {"alpha0", kAlpha0, 1e-6, 1e4, "", "of the second order: how planar regions become"},
           {"data_weight", kDataWeight, 1e-3, 1e6, "", "of measurements"},
           {"beta", kBeta, 0, 1e3, "", "how sensitive to the guide's gradients"},
           {"gamma", kGamma, 0.01, 10, "", "the exponent of the guide's gradients"},
           {"iterations", kIterations, 1, 20000, "", "of the primal-dual algorithm", true}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<TotalGeneralizedVariation>(values);
          }};
}

}  // namespace dkn
