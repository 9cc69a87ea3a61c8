#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/joint_filter.h"
#include "dkn/threads.h"
#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind GuidedKind();

namespace {

std::unique_ptr<JointFilter> MakeGuided() {
  return MakeFilter(GuidedKind());
}
std::unique_ptr<JointFilter> MakeGuided(int radius, double epsilon) {
  return MakeFilter(GuidedKind(), {{"radius", radius}, {"epsilon", epsilon}});
}

Image Apply(const JointFilter& filter, ConstView guide, ConstView target) {
  FilterOutput output;
  filter.Apply({guide, target}, output);
  return std::move(output.image);
}

// The pixels of the window around (x, y), cut at the image's border.
std::vector<std::pair<int, int>> Window(int x, int y, int radius, ConstView image) {
  std::vector<std::pair<int, int>> pixels;
  for (int j = std::max(0, y - radius); j <= std::min(image.height - 1, y + radius); ++j) {
    for (int i = std::max(0, x - radius); i <= std::min(image.width - 1, x + radius); ++i) {
      pixels.emplace_back(i, j);
    }
  }
  return pixels;
}

double Weight(ConstView mask, int x, int y) {
  return mask.empty() ? 1.0 : mask(x, y);
}

// The sum of weights in the window around (x, y).
double WindowWeight(ConstView guide, ConstView mask, int x, int y, int radius) {
  double sum = 0.0;
  for (const auto& [i, j] : Window(x, y, radius, guide)) {
    sum += Weight(mask, i, j);
  }
  return sum;
}

// a and b of the window around (x, y), as the paper defines them: b is the last entry. Moments are
// weighed by the mask.
std::vector<double> FitWindow(ConstView guide, ConstView target, ConstView mask, int x, int y,
                              int radius, double epsilon) {
  const auto window = Window(x, y, radius, guide);
  const double pixels = WindowWeight(guide, mask, x, y, radius);
  const auto n = static_cast<std::size_t>(guide.channels);
  std::vector<double> mean(n);
  double target_mean = 0.0;
  for (const auto& [i, j] : window) {
    for (std::size_t c = 0; c < n; ++c) {
      mean[c] += Weight(mask, i, j) * guide(i, j, static_cast<int>(c)) / pixels;
    }
    target_mean += Weight(mask, i, j) * target(i, j) / pixels;
  }
  std::vector<std::vector<double>> covariance(n, std::vector<double>(n));
  std::vector<double> a(n);
  for (const auto& [i, j] : window) {
    for (std::size_t c = 0; c < n; ++c) {
      const double deviation = Weight(mask, i, j) * (guide(i, j, static_cast<int>(c)) - mean[c]);
      for (std::size_t d = 0; d < n; ++d) {
        covariance[c][d] += deviation * (guide(i, j, static_cast<int>(d)) - mean[d]) / pixels;
      }
      a[c] += deviation * (target(i, j) - target_mean) / pixels;
    }
  }
  for (std::size_t c = 0; c < n; ++c) {
    covariance[c][c] += epsilon;
  }
  SolveDensely(covariance, a);
  double b = target_mean;
  for (std::size_t c = 0; c < n; ++c) {
    b -= a[c] * mean[c];
  }
  a.push_back(b);
  return a;
}

// The guided filter's definition, in O(r^4) for each pixel. Windows of which nothing is measured
// say nothing, and the others by how much is.
Image Reference(ConstView guide, ConstView target, int radius, double epsilon,
                ConstView mask = {}) {
  Image result(target.width, target.height, target.channels);
  for (int t = 0; t < target.channels; ++t) {
    for (int y = 0; y < target.height; ++y) {
      for (int x = 0; x < target.width; ++x) {
        double sum = 0.0;
        double shares = 0.0;
        for (const auto& [i, j] : Window(x, y, radius, guide)) {
          const double share = WindowWeight(guide, mask, i, j, radius) /
                               static_cast<double>(Window(i, j, radius, guide).size());
          if (share == 0.0) {
            continue;
          }
          const auto fit = FitWindow(guide, target.Channel(t), mask, i, j, radius, epsilon);
          sum += share * fit.back();
          for (int c = 0; c < guide.channels; ++c) {
            sum += share * fit[static_cast<std::size_t>(c)] * guide(x, y, c);
          }
          shares += share;
        }
        result(x, y, t) = shares > 0.0 ? static_cast<float>(sum / shares) : target(x, y, t);
      }
    }
  }
  return result;
}

TEST(GuidedTest, AgreesWithItsDefinition) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 5}, {7, 1}, {3, 3}, {13, 9}}) {
    for (const int channels : {1, 3}) {
      const Image guide = RandomImage(width, height, channels, 1);
      const Image target = RandomImage(width, height, 2, 2);
      for (const auto& [radius, epsilon] :
           {std::pair{0, 1e-2}, {1, 1e-6}, {2, 1e-3}, {3, 0.5}, {20, 1e-2}}) {
        ExpectNear(Apply(*MakeGuided(radius, epsilon), guide, target),
                   Reference(guide, target, radius, epsilon), 1e-5f);
      }
    }
  }
}

// Taller than the bands in which it works.
TEST(GuidedTest, AgreesWithItsDefinitionOnATallImage) {
  const Image guide = RandomImage(3, 150, 3, 1);
  const Image target = RandomImage(3, 150, 1, 2);
  ExpectNear(Apply(*MakeGuided(2, 1e-3), guide, target), Reference(guide, target, 2, 1e-3), 1e-5f);
}

// What holes hold has no say, and where no window reaches what is measured the target stays.
TEST(GuidedTest, WeighsByTheMask) {
  for (const int channels : {1, 3}) {
    const Image guide = RandomImage(17, 80, channels, 1);
    const Image target = RandomImage(17, 80, 2, 2);
    Image mask = RandomMask(17, 80, 3);
    for (int y = 20; y < 40; ++y) {
      std::fill_n(mask.Row(y), 17, 0.0f);
    }
    mask(3, 50) = 0.25f;
    FilterOutput output;
    MakeGuided(2, 1e-2)->Apply({guide, target, mask}, output);
    ExpectNear(output.image, Reference(guide, target, 2, 1e-2, mask), 2e-5f);
    EXPECT_EQ(output.image(8, 30, 1), target(8, 30, 1));
  }
}

TEST(GuidedTest, KeepsAConstant) {
  Image target(40, 70, 2);
  std::fill_n(target.data(), target.size(), 0.375f);
  for (const int channels : {1, 3}) {
    ExpectNear(Apply(*MakeGuided(), RandomImage(40, 70, channels, 3), target), target, 1e-6f);
  }
}

TEST(GuidedTest, OfAConstantGuideIsTheMeanOfMeans) {
  const Image target = RandomImage(19, 17, 1, 4);
  for (const float value : {0.0f, 0.7f, 1.0f, 255.0f}) {
    Image guide(19, 17, 3);
    std::fill_n(guide.data(), guide.size(), value);
    const Image result = Apply(*MakeGuided(2, 1e-3), guide, target);
    // Away from the border every window has 25 pixels.
    double mean = 0.0;
    for (const auto& [i, j] : Window(9, 8, 2, target)) {
      for (const auto& [k, l] : Window(i, j, 2, target)) {
        mean += target(k, l) / 625.0;
      }
    }
    EXPECT_NEAR(result(9, 8), mean, 1e-5) << value;
    CheckFinite(result, "result");
  }
}

TEST(GuidedTest, KeepsWhatIsAffineInTheGuide) {
  const Image guide = RandomImage(30, 20, 3, 5);
  Image target(30, 20);
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 30; ++x) {
      target(x, y) = 0.2f * guide(x, y, 0) - 0.5f * guide(x, y, 1) + guide(x, y, 2) + 0.1f;
    }
  }
  ExpectNear(Apply(*MakeGuided(4, 1e-7), guide, target), target, 1e-5f);
}

// A step in the target stays where the guide has one too, and is smoothed where it has none.
TEST(GuidedTest, KeepsTheEdgesThatTheGuideHas) {
  Image step(48, 40);
  for (int y = 0; y < 40; ++y) {
    std::fill_n(step.Row(y) + 24, 24, 1.0f);
  }
  const auto contrast = [&](const Image& result) { return result(24, 20) - result(23, 20); };
  EXPECT_GT(contrast(Apply(*MakeGuided(), step, step)), 0.95f);
  EXPECT_LT(contrast(Apply(*MakeGuided(), Image(48, 40), step)), 0.2f);
}

TEST(GuidedTest, ThreadsChangeNoBit) {
  const Image guide = RandomImage(65, 200, 3, 6);
  const Image target = RandomImage(65, 200, 1, 7);
  SetThreads(1);
  const Image expected = Apply(*MakeGuided(), guide, target);
  for (const int threads : {2, 3, 4}) {
    SetThreads(threads);
    ExpectNear(Apply(*MakeGuided(), guide, target), expected, 0.0f);
  }
  SetThreads(0);
}

TEST(GuidedTest, TakesCropsAndFiltersEachChannelByItself) {
  const Image guide = RandomImage(30, 25, 3, 8);
  const Image target = RandomImage(30, 25, 3, 9);
  const ConstView guide_crop = guide.view().Crop(4, 3, 17, 19);
  const ConstView crop = target.view().Crop(4, 3, 17, 19);
  const Image result = Apply(*MakeGuided(), guide_crop, crop);
  for (int c = 0; c < 3; ++c) {
    ExpectNear(result.view().Channel(c),
               Apply(*MakeGuided(), Image::Clone(guide_crop), Image::Clone(crop.Channel(c))), 0.0f);
  }
}

TEST(GuidedTest, ChecksItsInput) {
  EXPECT_THROW(Apply(*MakeGuided(), Image(4, 4, 3), Image(4, 5)), Error);
  EXPECT_THROW(Apply(*MakeGuided(), Image(4, 4, 2), Image(4, 4)), Error);
  Image target(4, 4);
  target(1, 2) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(Apply(*MakeGuided(), Image(4, 4, 3), target), Error);
}

}  // namespace
}  // namespace dkn
