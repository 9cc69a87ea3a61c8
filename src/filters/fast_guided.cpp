#include <algorithm>
#include <cmath>
#include <memory>

#include "dkn/resample.h"
#include "src/core/parallel_for.h"
#include "src/filters/filter_kind.h"
#include "src/filters/guided.h"

namespace dkn {
namespace {

// The least RMSE but for hundredths on nyu_val's first four images at 8x, of radii 2, 4, 8, 16,
// epsilons 1e-4 to 1e-2, and subsampling by 2 and 4: the authors' advice is radius / 4.
constexpr double kRadius = 4.0;
constexpr double kEpsilon = 3e-4;
constexpr int kSubsample = 2;

constexpr float kLeastWeight = 1e-6f;  // cells of which less is measured tell nothing

// What is fitted: guide, target and mask, averaged over cells of pixels.
struct SmallInput {
  Image guide;
  Image target;  // of what is measured; of all where nothing is
  Image mask;
};

SmallInput Shrink(const FilterInput& input, int width, int height) {
  SmallInput small{Resize(input.guide, width, height, Resampler::kBox),
                   Resize(input.target, width, height, Resampler::kBox), Image()};
  if (input.mask.empty()) {
    return small;
  }
  Image measured = Image::Clone(input.target);
  for (int c = 0; c < measured.channels(); ++c) {
    for (int y = 0; y < measured.height(); ++y) {
      for (int x = 0; x < measured.width(); ++x) {
        measured(x, y, c) *= input.mask(x, y);
      }
    }
  }
  measured = Resize(measured, width, height, Resampler::kBox);
  small.mask = Resize(input.mask, width, height, Resampler::kBox);
  for (int c = 0; c < measured.channels(); ++c) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        float& weight = small.mask(x, y);
        weight = weight > kLeastWeight ? std::min(weight, 1.0f) : 0.0f;
        if (weight > 0.0f) {
          small.target(x, y, c) = measured(x, y, c) / weight;
        }
      }
    }
  }
  return small;
}

// He, Sun: Fast guided filter, arXiv:1505.00996, 2015, Algorithm 2: the guided filter's windows are
// fitted on guide and target made smaller by `subsample`, the averages of their coefficients
// enlarged bilinearly and applied to the guide as it is.
class FastGuidedFilter : public JointFilter {
 public:
  explicit FastGuidedFilter(const FilterSettings& values)
      : radius_(values.at("radius")),
        epsilon_(values.at("epsilon")),
        subsample_(static_cast<int>(values.at("subsample"))) {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const ConstView target = input.target;
    const int width = (target.width + subsample_ - 1) / subsample_;
    const int height = (target.height + subsample_ - 1) / subsample_;
    const SmallInput small = Shrink(input, width, height);
    const int planes = target.channels * (input.guide.channels + 1);
    Image coefficients(width, height, planes);
    AverageGuidedFits({small.guide, small.target, small.mask},
                      static_cast<int>(std::ceil(radius_ / subsample_)), epsilon_,
                      [&](int y, const PlaneRow& means) {
                        for (int plane = 0; plane < planes; ++plane) {
                          std::copy_n(means[plane], width, coefficients.Row(y, plane));
                        }
                      });
    output.image.Reset(target.width, target.height, target.channels);
    Evaluate(input.guide, coefficients, output.image);
  }

 private:
  // Plane by plane, so that one of them alone is large.
  static void Evaluate(ConstView guide, const Image& coefficients, Image& out) {
    for (int plane = 0; plane < coefficients.channels(); ++plane) {
      const Image large = Resize(coefficients.view().Channel(plane), guide.width, guide.height,
                                 Resampler::kBilinear);
      const int t = plane / (guide.channels + 1);
      const int i = plane % (guide.channels + 1);
      ParallelFor(0, guide.height, [&](int y) {
        const float* const a = large.Row(y);
        float* const row = out.Row(y, t);
        for (int x = 0; x < guide.width; ++x) {
          const float value = i < guide.channels ? a[x] * guide(x, y, i) : a[x];
          row[x] = i == 0 ? value : row[x] + value;
        }
      });
    }
  }

  double radius_;
  double epsilon_;
  int subsample_;
};

}  // namespace

FilterKind FastGuidedKind() {
  return {{{"radius", kRadius, 0, 1000, "pixels", "windows are about 2 radius + 1 pixels wide"},
           {"epsilon", kEpsilon, 1e-9, 1e6, "",
            "added to the guide's variances, of values in [0, 1]: larger is smoother"},
           {"subsample", kSubsample, 1, 64, "", "how much smaller the images are that are fitted",
            true}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<FastGuidedFilter>(values);
          }};
}

}  // namespace dkn
