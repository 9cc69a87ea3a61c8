#include "src/rivals/low_target.h"

#include <gtest/gtest.h>

#include "dkn/resample.h"
#include "src/core/test_images.h"

namespace dkn {
namespace {

TEST(LowTargetTest, TakesTheSamplesWhereEachStandsForACell) {
  const Image guide = RandomImage(24, 16, 3, 1);
  const Image low = RandomImage(6, 4, 1, 2);
  const Image target = RandomImage(24, 16, 1, 3);
  FilterInput input{guide, target};
  input.samples = {low, {}, 1.5f, 1.5f, 4.0f, 4.0f};
  ExpectNear(LowTarget(input, 4), low, 0.0f);
  const Image reduced = Resize(target, 6, 4, Resampler::kBicubic);
  input.samples.first_x = 3.0f;  // elsewhere in their cells
  ExpectNear(LowTarget(input, 4), reduced, 0.0f);
  input.samples = {};
  ExpectNear(LowTarget(input, 4), reduced, 0.0f);
}

TEST(LowTargetTest, CoversFramesThatAreNoMultiple) {
  const Image target = RandomImage(25, 15, 1, 1);
  const Image low = LowTarget({target, target}, 4);
  EXPECT_EQ(LowSize({25, 15}, 4), (GraphSize{7, 4}));
  EXPECT_EQ(low.width(), 7);
  EXPECT_EQ(low.height(), 4);
  Image constant(25, 15);
  std::fill_n(constant.data(), constant.size(), 0.6f);
  const Image same = LowTarget({constant, constant}, 4);
  for (std::size_t i = 0; i < same.size(); ++i) {
    EXPECT_NEAR(same.data()[i], 0.6f, 1e-6f);
  }
}

}  // namespace
}  // namespace dkn
