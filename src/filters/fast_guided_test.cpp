#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "dkn/resample.h"
#include "dkn/threads.h"
#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind FastGuidedKind();
FilterKind GuidedKind();

namespace {

// Without subsampling it is the guided filter.
TEST(FastGuidedTest, OfFullSizeIsTheGuidedFilter) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 9}, {21, 70}}) {
    for (const int channels : {1, 3}) {
      const Image guide = RandomImage(width, height, channels, 1);
      const Image target = RandomImage(width, height, 2, 2);
      const Image mask = RandomMask(width, height, 3);
      for (const ConstView measured : {ConstView(), ConstView(mask)}) {
        const FilterInput input{guide, target, measured};
        ExpectNear(ApplyFilter(FastGuidedKind(),
                               {{"radius", 3.0}, {"epsilon", 1e-2}, {"subsample", 1.0}}, input),
                   ApplyFilter(GuidedKind(), {{"radius", 3.0}, {"epsilon", 1e-2}}, input), 1e-5f);
      }
    }
  }
}

// The guided filter's result on the images made smaller, where the guide is as coarse as they are.
TEST(FastGuidedTest, FitsWhatIsMadeSmaller) {
  const Image small_guide = RandomImage(10, 8, 3, 1);
  const Image target = RandomImage(40, 32, 1, 2);
  const Image guide = Resize(small_guide, 40, 32, Resampler::kNearest);
  const Image result = ApplyFilter(
      FastGuidedKind(), {{"radius", 8.0}, {"epsilon", 10.0}, {"subsample", 4.0}}, {guide, target});
  const Image small = ApplyFilter(GuidedKind(), {{"radius", 2.0}, {"epsilon", 10.0}},
                                  {small_guide, Resize(target, 10, 8, Resampler::kBox)});
  // With that epsilon the coefficients of the guide are all but 0: the means of means are enlarged.
  ExpectNear(result, Resize(small, 40, 32, Resampler::kBilinear), 2e-2f);
}

TEST(FastGuidedTest, KeepsWhatIsAffineInTheGuide) {
  const Image guide = RandomImage(45, 31, 3, 5);
  Image target(45, 31);
  for (int y = 0; y < 31; ++y) {
    for (int x = 0; x < 45; ++x) {
      target(x, y) = 0.2f * guide(x, y, 0) - 0.5f * guide(x, y, 1) + guide(x, y, 2) + 0.1f;
    }
  }
  for (const double subsample : {2.0, 3.0, 4.0}) {
    ExpectNear(ApplyFilter(FastGuidedKind(),
                           {{"radius", 12.0}, {"epsilon", 1e-8}, {"subsample", subsample}},
                           {guide, target}),
               target, 1e-3f);
  }
}

// What holes hold has no say.
TEST(FastGuidedTest, HolesCountForNothing) {
  const Image guide = RandomImage(40, 30, 3, 1);
  const Image mask = RandomMask(40, 30, 2);
  Image target = RandomImage(40, 30, 1, 3);
  const Image expected = ApplyFilter(FastGuidedKind(), {}, {guide, target, mask});
  for (std::size_t i = 0; i < target.size(); ++i) {
    target.data()[i] = mask.data()[i] == 0.0f ? 7.0f : target.data()[i];
  }
  ExpectNear(ApplyFilter(FastGuidedKind(), {}, {guide, target, mask}), expected, 1e-5f);
}

TEST(FastGuidedTest, KeepsTheEdgesThatTheGuideHas) {
  Image step(64, 40);
  for (int y = 0; y < 40; ++y) {
    std::fill_n(step.Row(y) + 32, 32, 1.0f);
  }
  const Image result = ApplyFilter(FastGuidedKind(), {}, {step, step});
  // Coefficients enlarged across the edge leave it a little softer than the guided filter does.
  EXPECT_GT(result(32, 20) - result(31, 20), 0.8f);
}

TEST(FastGuidedTest, ThreadsChangeNoBit) {
  const Image guide = RandomImage(150, 430, 3, 1);
  const Image target = RandomImage(150, 430, 2, 2);
  SetThreads(1);
  const Image expected = ApplyFilter(FastGuidedKind(), {}, {guide, target});
  for (const int threads : {2, 3}) {
    SetThreads(threads);
    ExpectNear(ApplyFilter(FastGuidedKind(), {}, {guide, target}), expected, 0.0f);
  }
  SetThreads(0);
}

}  // namespace
}  // namespace dkn
