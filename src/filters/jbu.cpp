#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/core/progress_parts.h"
#include "src/filters/bilateral.h"
#include "src/filters/filter_kind.h"
#include "src/filters/measured_values.h"
#include "src/filters/pixel_difference.h"

namespace dkn {
namespace {

// The least RMSE on nyu_val's first six images at 8x, of radii 2 and 3, sigma_space 0.5, 0.7, 1 and
// sigma_color 0.03, 0.05, 0.1, 0.2.
constexpr int kRadius = 2;
constexpr double kSigmaSpace = 0.5;
constexpr double kSigmaColor = 0.2;

// Where no sample of the window has the pixel's colour, all count by their distance alone.
constexpr float kLeastSimilarity = 1e-10f;

// Kopf, Cohen, Lischinski, Uyttendaele: Joint bilateral upsampling, SIGGRAPH 2007, Eq. (3):
//   S(p) = 1 / k_p sum_q S_q f(|p' - q|) g(|I_p - I_q|)
// over the samples q with |q - round(p')| <= radius along both axes, p' the pixel's place among
// samples; f and g are Gaussians. Holes are left out of both sums.
class JointBilateralUpsampling : public JointFilter {
 public:
  explicit JointBilateralUpsampling(const FilterSettings& values)
      : radius_(static_cast<int>(values.at("radius"))),
        space_scale_(Scale(values.at("sigma_space"))),
        color_scale_(Scale(values.at("sigma_color"))),
        kernel_{radius_, values.at("sigma_space"), values.at("sigma_color"), kLeastSimilarity} {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    output.image.Reset(input.target.width, input.target.height, input.target.channels);
    if (input.samples.values.empty()) {
      FilterBilaterally(kernel_, input.guide, input.target, input.mask, input.progress,
                        output.image);
      return;
    }
    const MeasuredSamples& samples = input.samples;
    const Image colors = GuideAtSamples(input.guide, samples);
    ParallelForRows(input.target.height, input.progress,
                    [&](int y) { FilterRow(input, samples, colors, y, output.image); });
  }

 private:
  static float Scale(double sigma) { return static_cast<float>(-0.5 / (sigma * sigma)); }

  // The samples [begin, end) around place p', of `count`.
  struct Window {
    int begin;
    int end;
  };
  Window Around(float place, int count) const {
    const auto nearest = static_cast<int>(std::lround(place));
    return {std::clamp(nearest - radius_, 0, count - 1),
            std::clamp(nearest + radius_, 0, count - 1) + 1};
  }

  void FilterRow(const FilterInput& input, const MeasuredSamples& samples, const Image& colors,
                 int y, View out) const {
    const float place_y = (static_cast<float>(y) - samples.first_y) / samples.step_y;
    const Window rows = Around(place_y, colors.height());
    const int channels = input.target.channels;
    std::vector<double> sums(static_cast<std::size_t>(channels));
    for (int x = 0; x < out.width; ++x) {
      const float place_x = (static_cast<float>(x) - samples.first_x) / samples.step_x;
      const Window columns = Around(place_x, colors.width());
      std::fill(sums.begin(), sums.end(), 0.0);
      double weights = 0.0;
      for (int j = rows.begin; j < rows.end; ++j) {
        for (int i = columns.begin; i < columns.end; ++i) {
          const float measured = samples.measured.empty() ? 1.0f : samples.measured(i, j);
          if (measured == 0.0f) {
            continue;
          }
          const float dx = place_x - static_cast<float>(i);
          const float dy = place_y - static_cast<float>(j);
          const float similarity =
              std::exp(color_scale_ * SquaredDifference(input.guide, x, y, colors, i, j));
          const double weight = static_cast<double>(measured) *
                                std::exp(space_scale_ * (dx * dx + dy * dy)) *
                                std::max(similarity, kLeastSimilarity);
          weights += weight;
          for (int c = 0; c < channels; ++c) {
            sums[static_cast<std::size_t>(c)] += weight * samples.values(i, j, c);
          }
        }
      }
      for (int c = 0; c < channels; ++c) {
        out(x, y, c) = weights > 0.0
                           ? static_cast<float>(sums[static_cast<std::size_t>(c)] / weights)
                           : input.target(x, y, c);
      }
    }
  }

  int radius_;
  float space_scale_;
  float color_scale_;
  BilateralKernel kernel_;  // where each pixel is a sample
};

}  // namespace

FilterKind JbuKind() {
  return {{{"radius", kRadius, 0, 50, "samples", "windows are 2 radius + 1 samples wide", true},
           {"sigma_space", kSigmaSpace, 0.1, 100, "samples", "of the Gaussian of distance"},
           {"sigma_color", kSigmaColor, 1e-3, 100, "",
            "of the Gaussian of the guide's difference, of values in [0, 1]"}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<JointBilateralUpsampling>(values);
          }};
}

}  // namespace dkn
