#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

#include "dkn/resample.h"
#include "dkn/threads.h"
#include "src/core/test_images.h"
#include "src/filters/fgs.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind FgiKind();

namespace {

const FilterSettings kSettings = {{"lambda_guide", 50.0},
                                  {"sigma_guide", 0.3},
                                  {"lambda_self", 20.0},
                                  {"sigma_self", 0.2},
                                  {"consensus", 0.05}};

// Eq. (4) and (6) of the whole target with all pixels as seeds.
Image OneLevel(ConstView guide, ConstView start, ConstView seeds) {
  const Image by_guide = FastGlobalSmoother(guide, 0.3).Average(start, seeds, 50.0, 3);
  Image result = Image::Clone(start);
  FastGlobalSmoother(by_guide, 0.2).Smooth(20.0, 3, result);
  return result;
}

TEST(FgiTest, OfFullSizeIsTwoSmoothings) {
  const Image guide = RandomImage(21, 14, 3, 1);
  const Image target = RandomImage(21, 14, 2, 2);
  Image all(21, 14);
  std::fill_n(all.data(), all.size(), 1.0f);
  ExpectNear(ApplyFilter(FgiKind(), kSettings, {guide, target}), OneLevel(guide, target, all),
             1e-6f);
}

// From a quarter of the size: two doublings, whose seeds are the samples and, between them, where
// the results agree.
TEST(FgiTest, DoublesTwiceFromAQuarter) {
  const Image guide = RandomImage(16, 12, 3, 1);
  const Image values = RandomImage(4, 3, 1, 2);
  const Image target = Resize(values, 16, 12, Resampler::kBicubic);
  const MeasuredSamples samples{values, {}, 1.5f, 1.5f, 4.0f, 4.0f};
  const Image result = ApplyFilter(FgiKind(), kSettings, {guide, target, {}, samples});

  Image seeds(8, 6);
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 4; ++x) {
      seeds(2 * x + 1, 2 * y + 1) = 1.0f;  // the cell's centre, (4 x + 2) / 2
    }
  }
  const Image start = Resize(target, 8, 6, Resampler::kBox);
  const Image half = OneLevel(Resize(guide, 8, 6, Resampler::kBox), start, seeds);
  for (int y = 0; y < 6; y += 2) {
    for (int x = 0; x < 8; x += 2) {
      float least = 0.05f;
      int best = -1;
      for (int k = 0; k < 4; ++k) {
        const float difference = std::abs(start(x + k % 2, y + k / 2) - half(x + k % 2, y + k / 2));
        if (difference < least) {
          least = difference;
          best = k;
        }
      }
      if (best >= 0) {
        seeds(x + best % 2, y + best / 2) = 1.0f;
      }
    }
  }
  Image large_seeds(16, 12);
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 8; ++x) {
      large_seeds(2 * x, 2 * y) = seeds(x, y);
    }
  }
  ExpectNear(result, OneLevel(guide, Resize(half, 16, 12, Resampler::kBicubic), large_seeds),
             1e-5f);
}

// A step of the samples lies where the guide has one, and holes are filled up to it.
TEST(FgiTest, FillsHolesUpToTheGuidesEdges) {
  Image guide(64, 32);
  for (int y = 0; y < 32; ++y) {
    std::fill_n(guide.Row(y) + 32, 32, 1.0f);
  }
  Image values(16, 8);
  Image measured(16, 8);
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 16; ++x) {
      measured(x, y) = x < 4 || x >= 12 ? 1.0f : 0.0f;
      values(x, y) = x < 4 ? 0.2f : x >= 12 ? 0.8f : 0.5f;
    }
  }
  const Image target = Resize(values, 64, 32, Resampler::kBilinear);
  const Image mask = Resize(measured, 64, 32, Resampler::kNearest);
  const MeasuredSamples samples{values, measured, 1.5f, 1.5f, 4.0f, 4.0f};
  const Image result = ApplyFilter(FgiKind(), {}, {guide, target, mask, samples});
  for (int y = 0; y < 32; ++y) {
    EXPECT_LT(result(30, y), 0.3f) << y;
    EXPECT_GT(result(33, y), 0.7f) << y;
  }
}

TEST(FgiTest, ThreadsChangeNoBit) {
  const Image guide = RandomImage(150, 130, 3, 1);
  const Image target = RandomImage(150, 130, 2, 2);
  const Image values = Resize(target, 30, 26, Resampler::kBox);
  const MeasuredSamples samples{values, {}, 2.0f, 2.0f, 5.0f, 5.0f};
  SetThreads(1);
  const Image expected = ApplyFilter(FgiKind(), {}, {guide, target, {}, samples});
  for (const int threads : {2, 3}) {
    SetThreads(threads);
    ExpectNear(ApplyFilter(FgiKind(), {}, {guide, target, {}, samples}), expected, 0.0f);
  }
  SetThreads(0);
}

}  // namespace
}  // namespace dkn
