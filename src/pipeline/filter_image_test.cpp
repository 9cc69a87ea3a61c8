#include "dkn/filter_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "dkn/error.h"
#include "src/core/test_images.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

// The mean of target and the guide's first channel; keeps what it was given.
class MeanFilter : public JointFilter {
 public:
  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    guides.push_back(Image::Clone(input.guide));
    targets.push_back(Image::Clone(input.target));
    output.image.Reset(input.target.width, input.target.height, input.target.channels);
    for (int c = 0; c < input.target.channels; ++c) {
      for (int y = 0; y < input.target.height; ++y) {
        for (int x = 0; x < input.target.width; ++x) {
          output.image(x, y, c) = 0.5f * (input.target(x, y, c) + input.guide(x, y));
        }
      }
    }
  }

  mutable std::vector<Image> guides;
  mutable std::vector<Image> targets;
};

// 8 x 6 pixels from 100 to 300 over all channels, both taken.
Image Target(int channels) {
  Image target = RandomImage(8, 6, channels, 100.0f, 300.0f, 1);
  target(0, 0) = 100.0f;
  target(7, 5, channels - 1) = 300.0f;
  return target;
}

Image Changed(ConstView image, float scale, float shift) {
  Image changed = Image::Clone(image);
  std::for_each(changed.data(), changed.data() + changed.size(),
                [&](float& value) { value = value * scale + shift; });
  return changed;
}

TEST(FilterImageTest, GivesTheFilterTheNormalisedTarget) {
  const Image guide = RandomImage(8, 6, 3, 2);
  const Image target = Target(2);
  const MeanFilter filter;
  const Image result = FilterImage(guide, target, filter);
  ASSERT_EQ(filter.targets.size(), 1u);
  ExpectNear(filter.guides[0], guide, 0.0f);
  ExpectNear(filter.targets[0], Changed(target, 1.0f / 200.0f, -0.5f), 1e-6f);
  for (int c = 0; c < 2; ++c) {
    EXPECT_NEAR(result(3, 4, c), 0.5f * (target(3, 4, c) + 100.0f + 200.0f * guide(3, 4)), 1e-3f);
  }
}

TEST(FilterImageTest, FiltersTheLastResultByTheSameGuide) {
  const Image guide = RandomImage(8, 6, 1, 2);
  const Image target = Target(1);
  const MeanFilter filter;
  const Image result = FilterImage(guide, target, filter, 3);
  ASSERT_EQ(filter.targets.size(), 3u);
  for (const Image& seen : filter.guides) {
    ExpectNear(seen, guide, 0.0f);
  }
  // Of the target an eighth is left.
  EXPECT_NEAR(result(3, 4), 0.125f * target(3, 4) + 0.875f * (100.0f + 200.0f * guide(3, 4)),
              1e-3f);
}

TEST(FilterImageTest, ReturnsAConstantAsItIs) {
  Image target(8, 6, 2);
  std::fill_n(target.data(), target.size(), 1234.5f);
  const MeanFilter filter;
  ExpectNear(FilterImage(RandomImage(8, 6, 3, 2), target, filter, 2), target, 0.0f);
  EXPECT_TRUE(filter.targets.empty());
  ExpectNear(FilterImage(Image(1, 1), Changed(Image(1, 1), 1.0f, 7.0f), filter),
             Changed(Image(1, 1), 1.0f, 7.0f), 0.0f);
}

TEST(FilterImageTest, RefusesWhatItCannotFilter) {
  const MeanFilter filter;
  EXPECT_THAT([&] { FilterImage(Image(8, 6, 3), Image(4, 3), filter); },
              ThrowsMessage<Error>(AllOf(HasSubstr("4 x 3"), HasSubstr("8 x 6"))));
  EXPECT_THROW(FilterImage(Image(8, 6, 2), Target(1), filter), Error);
  EXPECT_THROW(FilterImage(Image(), Image(), filter), Error);
  EXPECT_THAT([&] { FilterImage(Image(8, 6), Target(1), filter, 0); },
              ThrowsMessage<Error>(HasSubstr("0 iterations")));
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Image guide(8, 6);
    guide(5, 2) = bad;
    EXPECT_THAT([&] { FilterImage(guide, Target(1), filter); },
                ThrowsMessage<Error>(HasSubstr("x = 5, y = 2")));
    Image nothing(8, 6);
    std::fill_n(nothing.data(), nothing.size(), bad);
    EXPECT_THAT([&] { FilterImage(Image(8, 6), nothing, filter); },
                ThrowsMessage<Error>(HasSubstr("all are holes")));
  }
  EXPECT_TRUE(filter.targets.empty());
}

// Filled along the guide before the first iteration; what stands in them changes no bit.
TEST(FilterImageTest, WhatIsNotFiniteIsAHole) {
  const Image guide = RandomImage(8, 6, 1, 2);
  Image target = Target(2);
  target(5, 2, 1) = std::numeric_limits<float>::quiet_NaN();
  const MeanFilter filter;
  const Image result = FilterImage(guide, target, filter, 2);
  EXPECT_NO_THROW(CheckFinite(result, "result"));
  target(5, 2, 0) = 1e30f;
  target(5, 2, 1) = std::numeric_limits<float>::infinity();
  ExpectNear(FilterImage(guide, target, MeanFilter(), 2), result, 0.0f);
  ASSERT_GE(filter.targets.size(), 2u);
  for (const Image& seen : filter.targets) {
    EXPECT_GE(seen(5, 2), 0.0f);
    EXPECT_LE(seen(5, 2), 1.0f);
  }
}

// A frame's holes are told by its type and by what it is.
TEST(FilterFrameTest, ZerosOfDepthAreHolesAndOfMasksValues) {
  const Image guide = RandomImage(16, 12, 1, 2);
  Image depth = RandomImage(16, 12, 1, 900.0f, 3000.0f, 1);
  Image mask(16, 12);
  for (int i = 0; i < 192; ++i) {
    mask.data()[i] = i % 16 < 8 ? 65535.0f : 0.0f;
  }
  depth(5, 2) = 0.0f;
  const Image filtered =
      ImageOf(FilterFrame(FrameOf(guide), FrameOf(depth, SampleType::kUint16), MeanFilter()));
  EXPECT_GE(*std::min_element(filtered.data(), filtered.data() + filtered.size()), 900.0f);
  const Image masked =
      ImageOf(FilterFrame(FrameOf(guide), FrameOf(mask, SampleType::kUint16), MeanFilter()));
  EXPECT_NEAR(masked(12, 5), 32767.5f * guide(12, 5), 1.0f);
}

TEST(RemoveTextureTest, TakesTheLastResultAsGuideAndTarget) {
  const Image image = RandomImage(8, 6, 3, 0.2f, 0.6f, 3);
  const MeanFilter filter;
  const Image result = RemoveTexture(image, filter, 3);
  ASSERT_EQ(filter.guides.size(), 3u);
  ExpectNear(filter.guides[0], image, 0.0f);
  ExpectNear(filter.guides[1], FilterImage(image, image, MeanFilter()), 0.0f);
  ExpectNear(filter.guides[2], RemoveTexture(image, MeanFilter(), 2), 0.0f);
  for (const Image& target : filter.targets) {
    const auto [low, high] = std::minmax_element(target.data(), target.data() + target.size());
    EXPECT_NEAR(*low, 0.0f, 1e-6f);
    EXPECT_NEAR(*high, 1.0f, 1e-6f);
  }
  ExpectNear(result, FilterImage(filter.guides[2], filter.guides[2], MeanFilter()), 0.0f);
}

TEST(RemoveTextureTest, OnceIsTheFilterWithTheImageAsItsOwnGuide) {
  const Image image = RandomImage(8, 6, 1, 4);
  ExpectNear(RemoveTexture(image, MeanFilter(), 1), FilterImage(image, image, MeanFilter()), 0.0f);
}

TEST(RemoveTextureTest, RefusesWhatCannotBeAGuide) {
  EXPECT_THAT([] { RemoveTexture(RandomImage(8, 6, 2, 5), MeanFilter()); },
              ThrowsMessage<Error>(HasSubstr("2 channels")));
  EXPECT_THROW(RemoveTexture(RandomImage(8, 6, 3, 5), MeanFilter(), 0), Error);
}

}  // namespace
}  // namespace dkn
