#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "dkn/upsample.h"
#include "src/core/test_images.h"
#include "src/imaging/punch_holes.h"

namespace dkn {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr float kHole = std::numeric_limits<float>::quiet_NaN();

// A near thing, left of column 24 of 48, and a far one; the guide shows it.
struct Step {
  Image guide = Image(48, 32, 3);
  Image depth = Image(6, 4);

  Step() {
    for (int c = 0; c < 3; ++c) {
      for (int y = 0; y < 32; ++y) {
        for (int x = 0; x < 48; ++x) {
          guide(x, y, c) = x < 24 ? 0.2f : 0.7f;
        }
      }
    }
    for (int y = 0; y < 4; ++y) {
      for (int x = 0; x < 6; ++x) {
        depth(x, y) = x < 3 ? 1000.0f : 3000.0f;
      }
    }
  }
};

int CountHoles(const Image& image) {
  int count = 0;
  for (std::size_t i = 0; i < image.size(); ++i) {
    count += std::isfinite(image.data()[i]) ? 0 : 1;
  }
  return count;
}

TEST(UpsampleHoles, FillGivesAValueEverywhere) {
  const auto bicubic = CreateFilter("bicubic");
  for (const float bad : {kHole, std::numeric_limits<float>::infinity()}) {
    Step step;
    step.depth(1, 1) = step.depth(4, 2) = bad;
    const Upsampled result = UpsampleFrame(step.guide, step.depth, *bicubic);
    EXPECT_EQ(result.holes, 2);
    EXPECT_EQ(CountHoles(result.image), 0);
    EXPECT_NEAR(result.image(12, 12), 1000.0f, 100.0f);
    EXPECT_NEAR(result.image(36, 20), 3000.0f, 100.0f);
    EXPECT_TRUE(result.confidence.empty());
  }
}

// Whatever stands in a hole: no bit of the result depends on it.
TEST(UpsampleHoles, TheValueOfAHoleNeverMixesIn) {
  for (const char* method : {"bicubic", "guided", "fdkn_x8"}) {
    const auto filter = CreateFilter(method);
    Step with_nan;
    PunchHoles(with_nan.depth, 0.4, 3);
    const Image expected = Upsample(with_nan.guide, with_nan.depth, *filter);
    for (const float invalid : {0.0f, 65535.0f, -1e9f}) {
      Image marked = Image::Clone(with_nan.depth);
      for (std::size_t i = 0; i < marked.size(); ++i) {
        marked.data()[i] = std::isnan(marked.data()[i]) ? invalid : marked.data()[i];
      }
      ExpectNear(Upsample(with_nan.guide, marked, *filter, {.invalid = invalid}), expected, 0.0f);
    }
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_GT(expected.data()[i], 700.0f) << method;
    }
  }
}

TEST(UpsampleHoles, AMaskGoesInAndComesOut) {
  Step step;
  const auto fdkn = CreateFilter("fdkn_x8");
  EXPECT_TRUE(UpsampleFrame(step.guide, step.depth, *fdkn).mask.empty());
  Image mask(6, 4);
  std::fill_n(mask.data(), mask.size(), 0.3f);
  mask(1, 1) = mask(4, 2) = 0.0f;
  const Upsampled masked = UpsampleFrame(step.guide, step.depth, *fdkn, {.mask = mask});
  step.depth(1, 1) = step.depth(4, 2) = kHole;
  const Upsampled marked = UpsampleFrame(step.guide, step.depth, *fdkn);
  EXPECT_EQ(masked.holes, 2);
  ExpectNear(masked.image, marked.image, 0.0f);
  ExpectNear(masked.mask, marked.mask, 0.0f);
  EXPECT_NEAR(masked.mask(12, 12), 1.0f - 0.9375f * 0.9375f, 1e-6f);
  EXPECT_EQ(masked.mask(44, 4), 1.0f);
  EXPECT_THAT([&] { Upsample(step.guide, step.depth, *fdkn, {.mask = Image(4, 6)}); },
              ThrowsMessage<Error>(HasSubstr("the mask is 4 x 6 x 1, expected the target's size, "
                                             "6 x 4 x 1")));
}

TEST(UpsampleHoles, SoftMasksDrawValuesTowardsThoseThatAreTrusted) {
  const Image guide(12, 8);
  Image flat(12, 8);
  Image weights(12, 8);
  std::fill_n(flat.data(), flat.size(), 2.0f);
  std::fill_n(weights.data(), weights.size(), 0.8f);
  flat(5, 4) = 6.0f;
  const auto bicubic = CreateFilter("bicubic");
  for (const auto& [weight, expected] :
       {std::pair{0.8f, 6.0f}, {0.4f, 6.0f}, {0.2f, 4.0f}, {0.1f, 3.0f}, {0.0f, 2.0f}}) {
    weights(5, 4) = weight;
    const Upsampled soft = UpsampleFrame(guide, flat, *bicubic,
                                         {.mask = weights, .soft_mask = true, .confidence = true});
    EXPECT_NEAR(soft.image(5, 4), expected, 1e-4f);
    EXPECT_NEAR(soft.image(1, 1), 2.0f, 1e-4f);
    EXPECT_EQ(soft.mask(5, 4), weight);
    EXPECT_EQ(soft.confidence(1, 1), 0.8f);
    EXPECT_EQ(soft.holes, weight == 0.0f ? 1 : 0);
  }
  weights(5, 4) = 1.5f;
  EXPECT_THAT([&] { Upsample(guide, flat, *bicubic, {.mask = weights, .soft_mask = true}); },
              ThrowsMessage<Error>(HasSubstr("a weight of 1.5 at x = 5, y = 4")));
}

TEST(UpsampleHoles, KeepCutsHolesInTheGuidesResolution) {
  Step step;
  step.depth(2, 1) = step.depth(3, 1) = 0.0f;
  const auto bicubic = CreateFilter("bicubic");
  const Upsampled result =
      UpsampleFrame(step.guide, step.depth, *bicubic,
                    {.invalid = 0.0f, .holes = HoleMode::kKeep, .confidence = true});
  int holes = 0;
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 48; ++x) {
      if (result.image(x, y) == 0.0f) {
        ++holes;
        EXPECT_TRUE(x >= 16 && x < 32 && y >= 8 && y < 16) << x << ", " << y;
        EXPECT_EQ(result.confidence(x, y), 0.0f);
      }
    }
  }
  EXPECT_GT(holes, 90);  // of 128
  EXPECT_EQ(result.image(24, 12), 0.0f);
  // NaN is the hole where no value is.
  step.depth(2, 1) = step.depth(3, 1) = kHole;
  EXPECT_EQ(CountHoles(Upsample(step.guide, step.depth, *bicubic, {.holes = HoleMode::kKeep})),
            holes);
}

TEST(UpsampleHoles, MeasuredAsksForSupport) {
  Step step;
  for (int y = 0; y < 4; ++y) {
    step.depth(0, y) = step.depth(1, y) = kHole;
  }
  step.depth(4, 1) = kHole;
  for (const char* method : {"fdkn_x8", "bicubic"}) {
    const auto filter = CreateFilter(method);
    int last = -1;
    for (const float support : {0.1f, 0.5f, 0.99f}) {
      const Image image = Upsample(step.guide, step.depth, *filter,
                                   {.holes = HoleMode::kMeasured, .least_support = support});
      EXPECT_GT(CountHoles(image), last) << method;
      last = CountHoles(image);
      EXPECT_TRUE(std::isnan(image(3, 16)));    // amid the hole
      EXPECT_FALSE(std::isnan(image(28, 28)));  // far from any
    }
  }
}

TEST(UpsampleHoles, RefinementsRunTheFilterAgainOnHolesAlone) {
  Step step;
  const auto fdkn = CreateFilter("fdkn_x8");
  const Image whole = Upsample(step.guide, step.depth, *fdkn, {.hole_refinements = 0});
  ExpectNear(Upsample(step.guide, step.depth, *fdkn, {.hole_refinements = 5}), whole, 0.0f);
  step.depth(2, 2) = kHole;
  const Image once = Upsample(step.guide, step.depth, *fdkn, {.hole_refinements = 0});
  const Image refined = Upsample(step.guide, step.depth, *fdkn, {.hole_refinements = 2});
  EXPECT_NE(once(20, 20), refined(20, 20));
  EXPECT_NEAR(refined(20, 20), whole(20, 20), 200.0f);  // of a step of 2000
}

TEST(UpsampleHoles, LimitsToWhatWasMeasured) {
  Step step;
  const auto bicubic = CreateFilter("bicubic");
  const Image free = Upsample(step.guide, step.depth, *bicubic);
  EXPECT_LT(*std::min_element(free.data(), free.data() + free.size()), 1000.0f);
  const Image limited = Upsample(step.guide, step.depth, *bicubic, {.limit_to_measured = true});
  for (std::size_t i = 0; i < limited.size(); ++i) {
    ASSERT_EQ(limited.data()[i], std::clamp(free.data()[i], 1000.0f, 3000.0f));
  }
}

TEST(UpsampleHoles, FidelityReturnsTheMeasurement) {
  const Image guide = RandomImage(48, 32, 3, 1);
  Image target = RandomImage(6, 4, 1, 500, 9000, 2);
  target(3, 2) = kHole;
  const auto fdkn = CreateFilter("fdkn_x8");
  double last = std::numeric_limits<double>::infinity();
  for (const int iterations : {1, 5, 20}) {
    const Upsampled result =
        UpsampleFrame(guide, target, *fdkn, {.fidelity_iterations = iterations});
    EXPECT_LT(result.residual, 0.5 * last);
    last = result.residual;
  }
  EXPECT_LT(last, 0.1);
  const Image image = Upsample(guide, target, *fdkn, {.fidelity_iterations = 20});
  const Image shrunk = Resize(image, 6, 4, Resampler::kBicubic);
  EXPECT_NEAR(shrunk(0, 0), target(0, 0), 0.5f);
  EXPECT_NEAR(shrunk(5, 3), target(5, 3), 0.5f);
}

TEST(UpsampleHoles, ConfidenceIsZeroToOneAndLowAtEdges) {
  Step step;
  const auto options = UpsampleOptions{.confidence = true};
  const Image kernels = std::move(
      UpsampleFrame(step.guide, step.depth, *CreateFilter("fdkn_x8"), options).confidence);
  ASSERT_TRUE(SameSize(kernels.view(), step.guide.view()));
  EXPECT_GT(kernels(4, 16), 0.8f);
  EXPECT_LT(kernels(24, 16), 0.5f * kernels(4, 16));
  step.depth(0, 0) = kHole;
  const Image mask = std::move(
      UpsampleFrame(step.guide, step.depth, *CreateFilter("bicubic"), options).confidence);
  EXPECT_EQ(mask(2, 2), 0.0f);
  EXPECT_EQ(mask(40, 20), 1.0f);
}

TEST(UpsampleHoles, TakesAnyRatioWithHoles) {
  for (const auto& [width, height] :
       {std::pair{1, 2}, {2, 1}, {3, 3}, {5, 11}, {17, 1}, {17, 13}, {9, 13}}) {
    Image target = RandomImage(width, height, 2, 1, 10, 3);
    target(0, 0, 1) = kHole;
    const Image result = Upsample(RandomImage(17, 13, 3, 1), target, *CreateFilter("fdkn_x4"));
    EXPECT_EQ(CountHoles(result), 0);
    ASSERT_EQ(result.width(), 17);
    ASSERT_EQ(result.channels(), 2);
  }
  // 32x, and 32.5 by 1.3.
  for (const auto& [width, height] : {std::pair{65, 64}, {65, 3}}) {
    const Image result =
        Upsample(Image(width, height, 1), RandomImage(2, 2, 1, 1, 2, 4), *CreateFilter("fdkn_x16"));
    ASSERT_EQ(result.width(), width);
    EXPECT_EQ(CountHoles(result), 0);
  }
}

// As if a mask had marked it.
TEST(UpsampleHoles, AWildValueIsAHoleUnlessItIsKept) {
  const Image guide = RandomImage(64, 48, 3, 1);
  const Image plain = RandomImage(16, 12, 1, 500.0f, 8000.0f, 2);
  Image wild = Image::Clone(plain);
  Image mask(16, 12);
  std::fill_n(mask.data(), mask.size(), 1.0f);
  wild(9, 5) = 65535.0f;
  mask(9, 5) = 0.0f;
  for (const char* method : {"fdkn_x4", "guided"}) {
    const auto filter = CreateFilter(method);
    for (const HoleMode holes : {HoleMode::kFill, HoleMode::kKeep}) {
      UpsampleOptions options{.holes = holes, .confidence = true};
      const Upsampled told = UpsampleFrame(guide, wild, *filter, options);
      options.mask = mask;
      const Upsampled marked = UpsampleFrame(guide, plain, *filter, options);
      EXPECT_EQ(told.wild_values, 1);
      EXPECT_EQ(told.wildest_value, 65535.0f);
      EXPECT_EQ(told.holes, 1);
      EXPECT_EQ(marked.wild_values, 0);
      EXPECT_EQ(std::isnan(told.image(38, 22)), holes == HoleMode::kKeep);
      for (std::size_t i = 0; i < told.image.size(); ++i) {
        if (!std::isnan(marked.image.data()[i])) {
          ASSERT_EQ(told.image.data()[i], marked.image.data()[i]);
        }
      }
      EXPECT_EQ(CountHoles(told.image), CountHoles(marked.image));
      ExpectNear(told.confidence, marked.confidence, 0.0f);
      ExpectNear(told.mask, marked.mask, 0.0f);
    }
    const Upsampled kept = UpsampleFrame(guide, wild, *filter, {.keep_wild_values = true});
    EXPECT_EQ(kept.wild_values, 0);
    EXPECT_EQ(kept.holes, 0);
    EXPECT_GT(kept.image(38, 22), 20000.0f);
  }
}

TEST(UpsampleHoles, AConstantWithHolesStaysConstant) {
  Image target(5, 4);
  std::fill_n(target.data(), target.size(), 7.0f);
  target(2, 2) = kHole;
  const Upsampled result = UpsampleFrame(Image(20, 16, 3), target, *CreateFilter("fdkn_x4"),
                                         {.holes = HoleMode::kKeep, .confidence = true});
  EXPECT_TRUE(std::isnan(result.image(10, 10)));
  EXPECT_NEAR(result.image(1, 1), 7.0f, 1e-5f);
  EXPECT_EQ(result.confidence(10, 10), 0.0f);
  EXPECT_EQ(result.confidence(0, 0), 1.0f);
}

TEST(UpsampleHoles, RefusesWhatMakesNoSense) {
  const auto bicubic = CreateFilter("bicubic");
  Image target(4, 3);
  std::fill_n(target.data(), target.size(), kHole);
  EXPECT_THAT([&] { Upsample(Image(8, 6, 3), target, *bicubic); },
              ThrowsMessage<Error>(HasSubstr("no value of the target is measured")));
  const Image whole = RandomImage(4, 3, 1, 1);
  for (const float support : {0.0f, 1.5f, kHole}) {
    EXPECT_THROW(Upsample(Image(8, 6, 3), whole, *bicubic, {.least_support = support}), Error);
  }
  EXPECT_THROW(Upsample(Image(8, 6, 3), whole, *bicubic, {.hole_refinements = -1}), Error);
  EXPECT_THROW(Upsample(Image(8, 6, 3), whole, *bicubic, {.fidelity_iterations = -1}), Error);
  EXPECT_EQ(ParseHoleMode("measured"), HoleMode::kMeasured);
  EXPECT_THROW(ParseHoleMode("holes"), Error);
}

}  // namespace
}  // namespace dkn
