#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/core/progress_parts.h"
#include "src/filters/filter_kind.h"
#include "src/filters/luma_or_copy.h"

namespace dkn {
namespace {

constexpr int kPatch = 4;
constexpr int kRadius = 10;
constexpr double kSigma = 0.5;  // by looks, on stripes beside a step
constexpr double kRegulariser = 1e-5;

// Brightness, the sizes of its first and second derivatives along x and y, and the position.
constexpr int kFeatures = 7;
constexpr int kProducts = kFeatures * (kFeatures + 1) / 2;

// A patch's mean features and their covariance (lower triangle, row by row).
struct Region {
  std::array<float, kFeatures> mean;
  std::array<float, kProducts> covariance;
};

// Features of each pixel, row by row. Derivatives are central; the border is continued.
std::vector<std::array<float, kFeatures>> Features(ConstView gray) {
  std::vector<std::array<float, kFeatures>> features;
  features.reserve(static_cast<std::size_t>(gray.width) * static_cast<std::size_t>(gray.height));
  for (int y = 0; y < gray.height; ++y) {
    const int above = std::max(y - 1, 0);
    const int below = std::min(y + 1, gray.height - 1);
    for (int x = 0; x < gray.width; ++x) {
      const int left = std::max(x - 1, 0);
      const int right = std::min(x + 1, gray.width - 1);
      const float value = gray(x, y);
      features.push_back({value, 0.5f * std::abs(gray(right, y) - gray(left, y)),
                          0.5f * std::abs(gray(x, below) - gray(x, above)),
                          std::abs(gray(right, y) - 2.0f * value + gray(left, y)),
                          std::abs(gray(x, below) - 2.0f * value + gray(x, above)),
                          static_cast<float>(x), static_cast<float>(y)});
    }
  }
  return features;
}

// exp(-d^2 / 2 sigma^2), d^2 = (a - b)^T (A + B)^-1 (a - b) of the regions' means and covariances.
float Likeness(const Region& p, const Region& q, float scale) {
  float factor[kFeatures][kFeatures];
  float solved[kFeatures];
  float distance = 0.0f;
  int at = 0;
  for (int i = 0; i < kFeatures; ++i) {
    float step = p.mean[i] - q.mean[i];
    for (int j = 0; j <= i; ++j, ++at) {
      float sum = p.covariance[at] + q.covariance[at];
      for (int k = 0; k < j; ++k) {
        sum -= factor[i][k] * factor[j][k];
      }
      if (i == j) {
        // Both covariances have the regulariser on their diagonals: what is less is rounding.
        factor[i][i] = std::sqrt(std::max(sum, static_cast<float>(kRegulariser)));
      } else {
        factor[i][j] = sum / factor[j][j];
        step -= factor[i][j] * solved[j];
      }
    }
    solved[i] = step / factor[i][i];
    distance += solved[i] * solved[i];
  }
  return std::exp(scale * distance);
}

// Karacan, Erdem, Erdem: Structure-preserving image smoothing via region covariances, SIGGRAPH Asia
// 2013. A pixel becomes the mean of those in its window, weighed by how alike the patches around
// them are, of which the means and covariances of simple features tell: their second model,
//   w_pq ~ exp(-(m_p - m_q)^T (C_p + C_q)^-1 (m_p - m_q) / 2 sigma^2),
// for which what varies within both patches, texture, is no difference. The target alone decides,
// by its brightness; the guide is not used. What is not measured (mask) counts for nothing.
class RegionCovariances : public JointFilter {
 public:
  explicit RegionCovariances(const FilterSettings& values)
      : patch_(static_cast<int>(values.at("patch"))),
        radius_(static_cast<int>(values.at("radius"))),
        scale_(static_cast<float>(-0.5 / std::pow(values.at("sigma"), 2.0))) {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const ConstView target = input.target;
    const std::vector<Region> regions = Describe(input);
    output.image.Reset(target.width, target.height, target.channels);
    ParallelForRows(target.height, input.progress,
                    [&](int y) { FilterRow(input, regions, y, output.image); });
  }

 private:
  // The mean of the channels; of red, green and blue their brightness.
  static Image Brightness(ConstView target) {
    if (target.channels == 1 || target.channels == 3) {
      return LumaOrCopy(target);
    }
    Image mean(target.width, target.height);
    for (int c = 0; c < target.channels; ++c) {
      for (int y = 0; y < target.height; ++y) {
        for (int x = 0; x < target.width; ++x) {
          mean(x, y) += target(x, y, c) / static_cast<float>(target.channels);
        }
      }
    }
    return mean;
  }

  std::vector<Region> Describe(const FilterInput& input) const {
    const int width = input.target.width;
    const int height = input.target.height;
    const auto features = Features(Brightness(input.target));
    std::vector<Region> regions(features.size());
    ParallelFor(0, height, [&](int y) {
      for (int x = 0; x < width; ++x) {
        regions[At(x, y, width)] = DescribePatch(features, x, y, width, height);
      }
    });
    return regions;
  }

  static std::size_t At(int x, int y, int width) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }

  // Of the patch of 2 patch + 1 pixels around (x, y), cut at the border.
  Region DescribePatch(const std::vector<std::array<float, kFeatures>>& features, int x, int y,
                       int width, int height) const {
    const std::array<float, kFeatures>& centre = features[At(x, y, width)];
    std::array<double, kFeatures> sums{};
    std::array<double, kProducts> products{};
    int pixels = 0;
    for (int j = std::max(0, y - patch_); j <= std::min(height - 1, y + patch_); ++j) {
      for (int i = std::max(0, x - patch_); i <= std::min(width - 1, x + patch_); ++i, ++pixels) {
        int at = 0;
        for (int a = 0; a < kFeatures; ++a) {
          const double value = features[At(i, j, width)][a] - centre[a];
          sums[a] += value;
          for (int b = 0; b <= a; ++b) {
            products[at++] += value * (features[At(i, j, width)][b] - centre[b]);
          }
        }
      }
    }
    Region region{};
    int at = 0;
    for (int a = 0; a < kFeatures; ++a) {
      region.mean[a] = static_cast<float>(centre[a] + sums[a] / pixels);
      for (int b = 0; b <= a; ++b, ++at) {
        const double covariance = products[at] / pixels - sums[a] / pixels * sums[b] / pixels;
        region.covariance[at] = static_cast<float>(covariance + (a == b ? kRegulariser : 0.0));
      }
    }
    return region;
  }

  void FilterRow(const FilterInput& input, const std::vector<Region>& regions, int y,
                 View out) const {
    const ConstView target = input.target;
    std::vector<double> sums(static_cast<std::size_t>(target.channels));
    for (int x = 0; x < target.width; ++x) {
      const Region& here = regions[At(x, y, target.width)];
      std::fill(sums.begin(), sums.end(), 0.0);
      double weights = 0.0;
      for (int j = std::max(0, y - radius_); j <= std::min(target.height - 1, y + radius_); ++j) {
        for (int i = std::max(0, x - radius_); i <= std::min(target.width - 1, x + radius_); ++i) {
          const float measured = input.mask.empty() ? 1.0f : input.mask(i, j);
          if (measured == 0.0f) {
            continue;
          }
          const double weight = measured * Likeness(here, regions[At(i, j, target.width)], scale_);
          weights += weight;
          for (int c = 0; c < target.channels; ++c) {
            sums[static_cast<std::size_t>(c)] += weight * target(i, j, c);
          }
        }
      }
      for (int c = 0; c < target.channels; ++c) {
        out(x, y, c) = weights > 0.0
                           ? static_cast<float>(sums[static_cast<std::size_t>(c)] / weights)
                           : target(x, y, c);
      }
    }
  }

  int patch_;
  int radius_;
  float scale_;
};

}  // namespace

FilterKind CovKind() {
  return {{{"patch", kPatch, 1, 25, "pixels", "patches are 2 patch + 1 pixels wide", true},
           {"radius", kRadius, 0, 50, "pixels", "windows are 2 radius + 1 pixels wide", true},
           {"sigma", kSigma, 1e-3, 1e3, "",
            "of the Gaussian of patches' differences, in their own deviations"}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<RegionCovariances>(values);
          }};
}

}  // namespace dkn
