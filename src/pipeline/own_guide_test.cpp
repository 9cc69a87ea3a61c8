#include "src/pipeline/own_guide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/filter_image.h"
#include "dkn/upsampler.h"
#include "src/core/test_images.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Keeps the guides that it is given; of the first channel each value becomes the mean of itself and
// its left neighbour.
class RecordingFilter : public JointFilter {
 public:
  void Apply(const FilterInput& input, FilterOutput& output) const override {
    guides.push_back(Image::Clone(input.guide));
    output.image = Image::Clone(input.target);
    for (int y = 0; y < output.image.height(); ++y) {
      for (int x = 1; x < output.image.width(); ++x) {
        output.image(x, y) = 0.5f * (input.target(x, y) + input.target(x - 1, y));
      }
    }
  }
  mutable std::vector<Image> guides;
};

UpsampledFrame FilterItself(const Image& image, SampleType type, const JointFilter& filter,
                            UpsamplerOptions options = {}) {
  options.own_guide = true;
  Upsampler upsampler(std::move(options), filter);
  return upsampler.Upsample(FrameOf(image, type));
}

Image Metres() {
  Image depth = RandomImage(16, 12, 1, 1.5f, 4.0f, 1);
  depth(3, 4) = 1.5f;
  depth(9, 4) = 4.0f;
  return depth;
}

// By 255, as pictures of floats are, metres would be black.
TEST(OwnGuideTest, AMapReachesFromItsSmallestValueToItsLargest) {
  const RecordingFilter filter;
  const Image depth = Metres();
  FilterItself(depth, SampleType::kFloat32, filter);
  ASSERT_EQ(filter.guides.size(), 1u);
  for (int y = 0; y < 12; ++y) {
    for (int x = 0; x < 16; ++x) {
      EXPECT_NEAR(filter.guides[0](x, y), (depth(x, y) - 1.5f) / 2.5f, 1e-6f);
    }
  }
}

TEST(OwnGuideTest, HolesAreFilledInTheGuideAndNoBitDependsOnThem) {
  Image depth = RandomImage(16, 12, 1, 1000.0f, 3000.0f, 2);
  depth(5, 6) = 0.0f;
  UpsamplerOptions options;
  options.upsample.iterations = 3;
  options.upsample.holes = HoleMode::kKeep;
  options.upsample.confidence = true;
  const RecordingFilter filter;
  const UpsampledFrame zero = FilterItself(depth, SampleType::kUint16, filter, options);
  EXPECT_EQ(zero.zero_holes, 1);
  EXPECT_EQ(zero.holes, 1);
  EXPECT_EQ(ImageOf(zero.image)(5, 6), 0.0f);
  EXPECT_EQ(zero.confidence(5, 6), 0.0f);
  EXPECT_EQ(zero.confidence(8, 6), 1.0f);
  for (const Image& guide : filter.guides) {
    EXPECT_GE(guide(5, 6), 0.0f);
    EXPECT_LE(guide(5, 6), 1.0f);
  }
  depth(5, 6) = 65535.0f;
  options.invalid_rule = InvalidRule::kValue;
  options.invalid = 65535.0f;
  const UpsampledFrame other = FilterItself(depth, SampleType::kUint16, RecordingFilter(), options);
  Image result = ImageOf(other.image);
  EXPECT_EQ(result(5, 6), 65535.0f);
  result(5, 6) = 0.0f;
  ExpectNear(result, ImageOf(zero.image), 0.0f);
}

TEST(OwnGuideTest, AMaskTellsHolesOfFloats) {
  Image depth = Metres();
  std::vector<std::uint8_t> mask(16 * 12, 1);
  mask[6 * 16 + 5] = 0;
  const RecordingFilter filter;
  const auto filtered = [&](float hidden) {
    depth(5, 6) = hidden;
    UpsamplerOptions options;
    options.own_guide = true;
    Upsampler upsampler(std::move(options), filter);
    return ImageOf(
        upsampler.Upsample(FrameOf(depth), ConstFrame(mask.data(), SampleType::kUint8, 16, 12))
            .image);
  };
  ExpectNear(filtered(90.0f), filtered(kNan), 0.0f);
}

// 16 bits of one channel without a hole in them, and colours, are pictures.
TEST(OwnGuideTest, PicturesHaveTheRangeOfGuides) {
  const RecordingFilter filter;
  const Image bytes = RandomImage(16, 12, 3, 40.0f, 90.0f, 3);
  const Image rounded = ImageOf(FrameOf(bytes, SampleType::kUint8));
  FilterItself(bytes, SampleType::kUint8, filter);
  EXPECT_NEAR(filter.guides[0](3, 2, 1), rounded(3, 2, 1) / 255.0f, 1e-6f);
  UpsamplerOptions options;
  options.invalid_rule = InvalidRule::kNone;
  const Image counts = RandomImage(16, 12, 1, 200.0f, 900.0f, 4);
  FilterItself(counts, SampleType::kUint16, filter, options);
  EXPECT_NEAR(filter.guides[1](3, 2), std::nearbyint(counts(3, 2)) / 1023.0f, 1e-6f);
}

// A highlight is no wild value of a picture, but one of a map.
TEST(OwnGuideTest, HighlightsOfPicturesAreReal) {
  Image colours = RandomImage(32, 24, 3, 0.2f, 0.6f, 5);
  colours(9, 9, 1) = 40.0f;
  EXPECT_EQ(FilterItself(colours, SampleType::kFloat32, RecordingFilter()).wild_values, 0);
  Image depth = RandomImage(32, 24, 1, 1.5f, 4.0f, 6);
  depth(9, 9) = 4000.0f;
  EXPECT_EQ(FilterItself(depth, SampleType::kFloat32, RecordingFilter()).wild_values, 1);
}

TEST(OwnGuideTest, TheBytesOfAFrameAreThoseThatItTakes) {
  const Image depth = Metres();
  UpsamplerOptions options;
  options.own_guide = true;
  const std::size_t once = Upsampler(options).FrameBytes(FrameOf(depth), FrameOf(depth));
  options.upsample.iterations = 2;
  EXPECT_EQ(Upsampler(options).FrameBytes(FrameOf(depth), FrameOf(depth)),
            once + 16 * 12 * sizeof(float));
}

TEST(OwnGuideTest, IterationsFilterWhatTheLastOneGave) {
  const RecordingFilter filter;
  const Image depth = Metres();
  UpsamplerOptions options;
  options.upsample.iterations = 2;
  const Image twice = ImageOf(FilterItself(depth, SampleType::kFloat32, filter, options).image);
  const Image once = ImageOf(FilterItself(depth, SampleType::kFloat32, filter).image);
  ASSERT_EQ(filter.guides.size(), 3u);
  // In the first one's range.
  EXPECT_NEAR(filter.guides[1](7, 7), (once(7, 7) - 1.5f) / 2.5f, 1e-6f);
  Image again = Image::Clone(once);
  for (int y = 0; y < 12; ++y) {
    for (int x = 15; x > 0; --x) {
      again(x, y) = 0.5f * (once(x, y) + once(x - 1, y));
    }
  }
  ExpectNear(twice, again, 1e-5f);
}

TEST(OwnGuideTest, FramesOfAStreamMayBeEmptyOrOfAnotherSize) {
  UpsamplerOptions options;
  options.own_guide = true;
  options.may_be_empty = true;
  const RecordingFilter filter;
  Upsampler upsampler(std::move(options), filter);
  const Image first =
      ImageOf(upsampler.Upsample(FrameOf(Image(16, 12), SampleType::kUint16)).image);
  EXPECT_EQ(*std::max_element(first.data(), first.data() + first.size()), 0.0f);
  EXPECT_TRUE(filter.guides.empty());
  const Image next = RandomImage(9, 7, 1, 1000.0f, 2000.0f, 7);
  EXPECT_EQ(upsampler.Upsample(FrameOf(next, SampleType::kUint16)).image.width(), 9);
}

TEST(OwnGuideTest, AConstantMapStaysAsItIs) {
  Image depth(16, 12);
  std::fill_n(depth.data(), depth.size(), 2.5f);
  depth(4, 4) = kNan;
  const Image result = ImageOf(FilterItself(depth, SampleType::kFloat32, RecordingFilter()).image);
  EXPECT_EQ(result(4, 4), 2.5f);
  EXPECT_EQ(result(9, 9), 2.5f);
}

TEST(OwnGuideTest, WhatCannotBeIsRefused) {
  const RecordingFilter filter;
  const auto refusing = [](const auto& work, const char* naming) {
    EXPECT_THAT(work, ThrowsMessage<Error>(HasSubstr(naming)));
  };
  refusing([&] { FilterItself(RandomImage(8, 6, 5, 1), SampleType::kFloat32, filter); },
           "is its own guide and has 5 channels");
  refusing([&] { FilterItself(Image(8, 6), SampleType::kUint16, filter); },
           "no value of the target is measured");
  UpsamplerOptions options;
  options.own_guide = true;
  refusing([&] { Upsampler(options, filter).SetGuide(FrameOf(Image(8, 6))); },
           "targets are their own guides");
  options.placement.place = Rectangle{0, 0, 4, 4};
  refusing([&] { Upsampler(options, filter); }, "neither cameras nor a place");
}

// fdkn_denoise is for pictures: of a room's depth with noise of 20 mm it made 55, fdkn_any 9.
TEST(OwnGuideTest, WithoutAMethodMapsHaveAnotherThanPictures) {
  UpsamplerOptions options;
  options.own_guide = true;
  Upsampler upsampler(options);
  EXPECT_EQ(upsampler.Upsample(FrameOf(Metres())).method, "fdkn_any");
  EXPECT_EQ(upsampler.Upsample(FrameOf(RandomImage(16, 12, 3, 3))).method, "fdkn_denoise");
  EXPECT_EQ(upsampler.Upsample(FrameOf(RandomImage(16, 12, 1, 3))).method, "fdkn_denoise");
  EXPECT_EQ(upsampler.choices().size(), 2u);
}

TEST(RemoveFrameTextureTest, DropsAlpha) {
  const Image rgba = RandomImage(8, 6, 4, 0.2f, 0.8f, 3);
  const FrameBuffer result = RemoveFrameTexture(FrameOf(rgba), RecordingFilter(), 1);
  EXPECT_EQ(result.channels(), 3);
}

}  // namespace
}  // namespace dkn
