#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <vector>

#include "src/core/progress_parts.h"
#include "src/filters/filter_kind.h"
#include "src/filters/measured_values.h"
#include "src/filters/permutohedral.h"

namespace dkn {
namespace {

// The authors'.
constexpr double kSmoothSigma = 3.0;
constexpr double kSmoothWeight = 3.0;
constexpr double kSigmaSpace = 80.0;
constexpr double kSigmaColor = 13.0 / 255.0;
constexpr double kColorWeight = 10.0;
constexpr int kIterations = 10;

constexpr float kLeastScore = 1e-6f;

// Values of labels, those of a pixel beside each other.
using Labels = std::vector<float>;

// One kernel of the energy, made symmetric: D^-1/2 K D^-1/2, D the sums of K's rows.
class Kernel {
 public:
  Kernel(const std::vector<float>& features, int dimensions, float weight)
      : lattice_(features, dimensions), weight_(weight), scale_(lattice_.points(), 1.0f) {
    const Labels sums = lattice_.Filter(scale_, 1);
    std::transform(sums.begin(), sums.end(), scale_.begin(),
                   [](float sum) { return 1.0f / std::sqrt(sum + 1e-20f); });
  }

  // Adds weight * (the kernel of q) to `sums`.
  void AddMessages(const Labels& q, int labels, Labels& sums) const {
    const auto pixels = static_cast<std::ptrdiff_t>(scale_.size());
    Labels scaled(q.size());
    for (std::ptrdiff_t p = 0; p < pixels; ++p) {
      for (int l = 0; l < labels; ++l) {
        scaled[p * labels + l] = scale_[p] * q[p * labels + l];
      }
    }
    const Labels filtered = lattice_.Filter(scaled, labels);
    for (std::ptrdiff_t p = 0; p < pixels; ++p) {
      for (int l = 0; l < labels; ++l) {
        sums[p * labels + l] += weight_ * scale_[p] * filtered[p * labels + l];
      }
    }
  }

 private:
  PermutohedralLattice lattice_;
  float weight_;
  std::vector<float> scale_;
};

// q = softmax(energy) of each pixel.
void Softmax(const Labels& energy, int labels, Labels& q) {
  const auto pixels = static_cast<std::ptrdiff_t>(energy.size()) / labels;
  for (std::ptrdiff_t p = 0; p < pixels; ++p) {
    const float* const e = energy.data() + p * labels;
    float* const out = q.data() + p * labels;
    const float most = *std::max_element(e, e + labels);
    float sum = 0.0f;
    for (int l = 0; l < labels; ++l) {
      out[l] = std::exp(e[l] - most);
      sum += out[l];
    }
    std::for_each(out, out + labels, [sum](float& value) { value /= sum; });
  }
}

// Positions over sigma_space, and colours over sigma_color where that is not 0.
std::vector<float> Features(ConstView guide, double sigma_space, double sigma_color) {
  std::vector<float> features;
  for (int y = 0; y < guide.height; ++y) {
    for (int x = 0; x < guide.width; ++x) {
      features.push_back(static_cast<float>(x / sigma_space));
      features.push_back(static_cast<float>(y / sigma_space));
      for (int c = 0; sigma_color > 0.0 && c < guide.channels; ++c) {
        features.push_back(static_cast<float>(guide(x, y, c) / sigma_color));
      }
    }
  }
  return features;
}

// Kraehenbuehl, Koltun: Efficient inference in fully connected CRFs with Gaussian edge potentials,
// NIPS 2011. The target's channels are scores of labels, in proportion to their probabilities; of
// one channel, the probability of a label against another. The result is the mean field's
//   Q_i(l) ~ exp(log p_i(l) + sum_k w_k sum_j k(f_i, f_j) Q_j(l))                    (Algorithm 1)
// with Potts' compatibility and two kernels (Eq. (3)): of position, and of position and colour; a
// pixel counts as its own neighbour, and kernels are normalised symmetrically, as in the authors'
// program. Scores count by how much of a pixel is measured. The result's channels sum to 1, but a
// constant target does not stay: neighbours that agree make each other surer.
class DenseCrf : public JointFilter {
 public:
  explicit DenseCrf(const FilterSettings& values) : values_(values) {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const ConstView target = input.target;
    const int labels = std::max(2, target.channels);
    const Labels unary = LogScores(input, labels);
    std::vector<Kernel> kernels;
    AddKernel(input.guide, "smooth_sigma", 0.0, "smooth_weight", kernels);
    AddKernel(input.guide, "sigma_space", values_.at("sigma_color"), "color_weight", kernels);
    Labels q(unary.size());
    Softmax(unary, labels, q);
    const int iterations = static_cast<int>(values_.at("iterations"));
    for (int i = 0; i < iterations; ++i) {
      Tell(input.progress, static_cast<double>(i) / iterations);
      Labels energy = unary;
      for (const Kernel& kernel : kernels) {
        kernel.AddMessages(q, labels, energy);
      }
      Softmax(energy, labels, q);
    }
    output.image.Reset(target.width, target.height, target.channels);
    const float* from = q.data();
    for (int y = 0; y < target.height; ++y) {
      for (int x = 0; x < target.width; ++x, from += labels) {
        for (int c = 0; c < target.channels; ++c) {
          output.image(x, y, c) = from[c];
        }
      }
    }
  }

 private:
  // How much is measured times log p: a negative unary energy.
  static Labels LogScores(const FilterInput& input, int labels) {
    const ConstView target = input.target;
    Labels scores;
    std::vector<float> p(static_cast<std::size_t>(labels));
    for (int y = 0; y < target.height; ++y) {
      for (int x = 0; x < target.width; ++x) {
        float sum = 0.0f;
        for (int c = 0; c < target.channels; ++c) {
          p[static_cast<std::size_t>(c)] = target(x, y, c);
        }
        if (target.channels == 1) {
          p[1] = 1.0f - p[0];
        }
        for (float& value : p) {
          value = std::max(value, kLeastScore);
          sum += value;
        }
        const float measured = input.mask.empty() ? 1.0f : input.mask(x, y);
        for (const float value : p) {
          scores.push_back(measured * std::log(value / sum));
        }
      }
    }
    return scores;
  }

  void AddKernel(ConstView guide, const char* sigma_space, double sigma_color, const char* weight,
                 std::vector<Kernel>& kernels) const {
    if (values_.at(weight) > 0.0) {
      const int dimensions = sigma_color > 0.0 ? 2 + guide.channels : 2;
      kernels.emplace_back(Features(guide, values_.at(sigma_space), sigma_color), dimensions,
                           static_cast<float>(values_.at(weight)));
    }
  }

  FilterSettings values_;
};

}  // namespace

FilterKind DenseCrfKind() {
  return {{{"smooth_sigma", kSmoothSigma, 0.1, 1e4, "pixels", "of the kernel of position alone"},
           {"smooth_weight", kSmoothWeight, 0, 1e4, "", "of that kernel"},
           {"sigma_space", kSigmaSpace, 0.1, 1e4, "pixels", "of the kernel of position and colour"},
           {"sigma_color", kSigmaColor, 1e-3, 100, "",
            "of the same, in the guide, of values in [0, 1]"},
           {"color_weight", kColorWeight, 0, 1e4, "", "of that kernel"},
           {"iterations", kIterations, 0, 1000, "", "of the mean field", true}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<DenseCrf>(values);
          }};
}

}  // namespace dkn
