#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "dkn/threads.h"
#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind CovKind();

namespace {

constexpr int kPatch = 2;
constexpr int kRadius = 3;
constexpr double kSigma = 0.7;
const FilterSettings kSettings = {{"patch", kPatch}, {"radius", kRadius}, {"sigma", kSigma}};

std::array<double, 7> Feature(ConstView image, int x, int y) {
  const auto at = [&](int i, int j) {
    return static_cast<double>(
        image(std::clamp(i, 0, image.width - 1), std::clamp(j, 0, image.height - 1)));
  };
  return {at(x, y),
          std::abs(at(x + 1, y) - at(x - 1, y)) / 2.0,
          std::abs(at(x, y + 1) - at(x, y - 1)) / 2.0,
          std::abs(at(x + 1, y) - 2.0 * at(x, y) + at(x - 1, y)),
          std::abs(at(x, y + 1) - 2.0 * at(x, y) + at(x, y - 1)),
          static_cast<double>(x),
          static_cast<double>(y)};
}

struct Region {
  std::vector<double> mean = std::vector<double>(7);
  std::vector<std::vector<double>> covariance =
      std::vector<std::vector<double>>(7, std::vector<double>(7));
};

Region Describe(ConstView image, int x, int y) {
  Region region;
  std::vector<std::array<double, 7>> features;
  for (int j = std::max(0, y - kPatch); j <= std::min(image.height - 1, y + kPatch); ++j) {
    for (int i = std::max(0, x - kPatch); i <= std::min(image.width - 1, x + kPatch); ++i) {
      features.push_back(Feature(image, i, j));
    }
  }
  const auto pixels = static_cast<double>(features.size());
  for (const auto& feature : features) {
    for (std::size_t a = 0; a < 7; ++a) {
      region.mean[a] += feature[a] / pixels;
    }
  }
  for (const auto& feature : features) {
    for (std::size_t a = 0; a < 7; ++a) {
      for (std::size_t b = 0; b < 7; ++b) {
        region.covariance[a][b] +=
            (feature[a] - region.mean[a]) * (feature[b] - region.mean[b]) / pixels;
      }
    }
  }
  for (std::size_t a = 0; a < 7; ++a) {
    region.covariance[a][a] += 1e-5;
  }
  return region;
}

double Weight(const Region& p, const Region& q) {
  std::vector<std::vector<double>> sum = p.covariance;
  std::vector<double> step(7);
  for (std::size_t a = 0; a < 7; ++a) {
    step[a] = p.mean[a] - q.mean[a];
    for (std::size_t b = 0; b < 7; ++b) {
      sum[a][b] += q.covariance[a][b];
    }
  }
  std::vector<double> solved = step;
  SolveDensely(sum, solved);
  double distance = 0.0;
  for (std::size_t a = 0; a < 7; ++a) {
    distance += step[a] * solved[a];
  }
  return std::exp(-distance / (2.0 * kSigma * kSigma));
}

Image Reference(ConstView target, ConstView mask) {
  Image result(target.width, target.height);
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      const Region here = Describe(target, x, y);
      double sum = 0.0;
      double weights = 0.0;
      for (int j = std::max(0, y - kRadius); j <= std::min(target.height - 1, y + kRadius); ++j) {
        for (int i = std::max(0, x - kRadius); i <= std::min(target.width - 1, x + kRadius); ++i) {
          const double weight =
              (mask.empty() ? 1.0 : mask(i, j)) * Weight(here, Describe(target, i, j));
          sum += weight * target(i, j);
          weights += weight;
        }
      }
      result(x, y) = static_cast<float>(sum / weights);
    }
  }
  return result;
}

TEST(CovTest, AgreesWithItsDefinition) {
  for (const auto& [width, height] : {std::pair{1, 6}, {11, 9}}) {
    const Image target = RandomImage(width, height, 1, 2);
    Image mask = RandomMask(width, height, 3);
    mask(0, 0) = 0.5f;
    mask(0, 4) = 1.0f;
    for (const ConstView measured : {ConstView(), ConstView(mask)}) {
      ExpectNear(ApplyFilter(CovKind(), kSettings, {target, target, measured}),
                 Reference(target, measured), 2e-3f);
    }
  }
}

// Stripes of two pixels go, and the step between their mean and a brighter plane stays.
TEST(CovTest, RemovesTextureAndKeepsSteps) {
  Image target(60, 40);
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 60; ++x) {
      target(x, y) = (x < 30 ? 0.3f : 0.8f) + (x / 2 % 2 == 0 ? 0.05f : -0.05f);
    }
  }
  const Image result = ApplyFilter(CovKind(), {}, {target, target});
  for (int x = 12; x < 20; ++x) {
    EXPECT_NEAR(result(x, 20), 0.3f, 0.02f) << x;
    EXPECT_NEAR(result(x + 28, 20), 0.8f, 0.02f) << x;
  }
  EXPECT_GT(result(33, 20) - result(26, 20), 0.4f);
}

TEST(CovTest, ThreadsChangeNoBit) {
  const Image target = RandomImage(40, 30, 3, 1);
  SetThreads(1);
  const Image expected = ApplyFilter(CovKind(), {}, {target, target});
  SetThreads(3);
  ExpectNear(ApplyFilter(CovKind(), {}, {target, target}), expected, 0.0f);
  SetThreads(0);
}

}  // namespace
}  // namespace dkn
