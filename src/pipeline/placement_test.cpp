#include "dkn/placement.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "dkn/upsampler.h"
#include "src/core/test_files.h"
#include "src/core/test_images.h"

namespace dkn {
namespace {

using testing::HasSubstr;

const Intrinsics kDepthCamera{40, 30, 40.0, 40.0, 19.5, 14.5};
const Intrinsics kColorCamera{160, 120, 160.0, 160.0, 79.5, 59.5};

Image Filled(int width, int height, float value) {
  Image image(width, height);
  std::fill_n(image.data(), image.size(), value);
  return image;
}

CameraPair Cameras(double shift) {
  return {kDepthCamera, kColorCamera, {{1, 0, 0, shift, 0, 1, 0, 0, 0, 0, 1, 0}}};
}

struct PlacedResult {
  Image image;
  Image confidence;
  Image mask;
};

PlacedResult UpsamplePlaced(const Image& guide, const Image& target, const std::string& method,
                            UpsamplerOptions options) {
  options.method = method;
  Upsampler upsampler(std::move(options));
  upsampler.SetGuide(FrameOf(guide));
  UpsampledFrame result = upsampler.Upsample(FrameOf(target));
  return {ImageOf(result.image), std::move(result.confidence), std::move(result.mask)};
}
PlacedResult UpsamplePlaced(const Image& guide, const Image& target, const Placement& placement) {
  UpsamplerOptions options;
  options.placement = placement;
  return UpsamplePlaced(guide, target, "bicubic", std::move(options));
}

TEST(ParseRectangle, TakesFourIntegersAndNothingElse) {
  const Rectangle rectangle = ParseRectangle("10,0,320,7");
  EXPECT_EQ(rectangle.x, 10);
  EXPECT_EQ(rectangle.y, 0);
  EXPECT_EQ(rectangle.width, 320);
  EXPECT_EQ(rectangle.height, 7);
  for (const char* text : {"", "1,2,3", "1,2,3,4,5", "1,2,3,4,", "1, 2,3,4", "-1,2,3,4", "1,2,0,4",
                           "1,2,3,0", "1.5,2,3,4", "1,2,3,99999999999", "a,b,c,d", "1;2;3;4"}) {
    EXPECT_THROW(ParseRectangle(text), ArgumentError) << text;
  }
}

// Only the part of the guide under the target counts, and around it are holes.
TEST(UpsamplePlaced, APlaceIsUpsampledByItself) {
  const Image guide = RandomImage(32, 24, 3, 1);
  const Image target = RandomImage(8, 6, 2, 2);
  const Placement placement{{}, Rectangle{5, 3, 16, 18}};
  UpsamplerOptions options;
  options.placement = placement;
  options.upsample.confidence = true;
  const PlacedResult result = UpsamplePlaced(guide, target, "guided", options);
  const Image& placed = result.image;
  const Image part = Upsample(guide.view().Crop(5, 3, 16, 18), target, *CreateFilter("guided"));
  ASSERT_TRUE(SameSize(placed.view(), guide.view()));
  for (int c = 0; c < 2; ++c) {
    for (int y = 0; y < 24; ++y) {
      for (int x = 0; x < 32; ++x) {
        if (x >= 5 && x < 21 && y >= 3 && y < 21) {
          ASSERT_EQ(placed(x, y, c), part(x - 5, y - 3, c));
          ASSERT_EQ(result.confidence(x, y), 1.0f);
          ASSERT_EQ(result.mask(x, y), 1.0f);
        } else {
          ASSERT_TRUE(std::isnan(placed(x, y, c))) << x << " " << y;
          ASSERT_EQ(result.confidence(x, y), 0.0f);
          ASSERT_EQ(result.mask(x, y), 0.0f);
        }
      }
    }
  }
  EXPECT_DOUBLE_EQ(UpsamplingScale(guide, target, placement), std::sqrt(2.0 * 3.0));
}

TEST(UpsamplePlaced, APlaceBeyondTheGuideIsRefused) {
  const Image guide = RandomImage(32, 24, 3, 1);
  for (const Rectangle place : {Rectangle{17, 0, 16, 12}, Rectangle{0, 13, 16, 12},
                                Rectangle{-1, 0, 16, 12}, Rectangle{0, -1, 16, 12}, Rectangle{},
                                Rectangle{std::numeric_limits<int>::max(), 0, 16, 12}}) {
    EXPECT_THAT(ErrorText([&] {
                  UpsamplePlaced(guide, Image(8, 6), {{}, place});
                }),
                HasSubstr("does not lie on the guide, 32 x 24"));
  }
}

// The same camera at four times the size: nothing moves, and nothing is lost.
TEST(UpsamplePlaced, CamerasOfOneViewMoveNothing) {
  const Image guide = RandomImage(160, 120, 3, 1);
  Image depth(40, 30);
  for (int y = 0; y < 30; ++y) {
    for (int x = 0; x < 40; ++x) {
      depth(x, y) = 1000.0f + 3.0f * static_cast<float>(x);
    }
  }
  const Image registered = UpsamplePlaced(guide, depth, {Cameras(0.0), {}}).image;
  const Image plain = Upsample(guide, depth, *CreateFilter("bicubic"));
  for (std::size_t i = 0; i < plain.size(); ++i) {
    ASSERT_NEAR(registered.data()[i], plain.data()[i], 1e-2);
  }
  EXPECT_DOUBLE_EQ(UpsamplingScale(guide, depth, {Cameras(0.0), {}}), 4.0);
}

// A plane at Z = 1000 seen from 100 units further left: f t / Z = 160 * 100 / 1000 = 16 pixels of
// the picture to the right, and 16 columns at its left that nobody measured.
TEST(UpsamplePlaced, ParallaxLeavesHoles) {
  const Image guide = RandomImage(160, 120, 3, 1);
  const Image depth = Filled(40, 30, 1000.0f);
  const Placement placement{Cameras(100.0), {}};
  UpsamplerOptions options;
  options.placement = placement;
  options.upsample.holes = HoleMode::kKeep;
  const Image result = UpsamplePlaced(guide, depth, "bicubic", options).image;
  const Image filled = UpsamplePlaced(guide, depth, placement).image;
  for (int y = 0; y < 120; ++y) {
    for (int x = 0; x < 160; ++x) {
      if (x < 16) {
        ASSERT_TRUE(std::isnan(result(x, y))) << x << " " << y;
      } else {
        ASSERT_NEAR(result(x, y), 1000.0f, 1e-2) << x << " " << y;
      }
      ASSERT_NEAR(filled(x, y), 1000.0f, 1e-2) << x << " " << y;
    }
  }
}

// A sensor that saw nothing for a moment must not end a stream; of one image it is an error.
TEST(UpsamplePlaced, AFrameWithoutAMeasurementIsAllHolesOrAnError) {
  const Image guide = RandomImage(160, 120, 3, 1);
  UpsamplerOptions options;
  options.upsample.confidence = true;
  options.placement = {Cameras(0.0), {}};
  const Image nothing(40, 30);
  const Image invalid = Filled(40, 30, 65535.0f);
  UpsamplerOptions with_invalid = options;
  with_invalid.invalid_rule = InvalidRule::kValue;
  with_invalid.invalid = 65535.0f;
  // Far to the side: measured, but out of the picture's view.
  UpsamplerOptions aside = options;
  aside.placement = {Cameras(1e6), {}};
  const Image measured = Filled(40, 30, 1000.0f);
  const auto is_hole_of = [](float invalid) {
    return [invalid](float value) { return std::isnan(value) || value == invalid; };
  };
  const std::pair<const Image*, UpsamplerOptions> cases[] = {
      {&nothing, options}, {&invalid, with_invalid}, {&measured, aside}};
  for (const auto& of : cases) {
    EXPECT_THAT(ErrorText([&] { UpsamplePlaced(guide, *of.first, "bicubic", of.second); }),
                HasSubstr("measured"));
    UpsamplerOptions how = of.second;
    how.may_be_empty = true;
    const PlacedResult result = UpsamplePlaced(guide, *of.first, "bicubic", how);
    EXPECT_TRUE(std::all_of(result.image.data(), result.image.data() + result.image.size(),
                            is_hole_of(*how.invalid.mark())));
    EXPECT_EQ(*std::max_element(result.confidence.data(),
                                result.confidence.data() + result.confidence.size()),
              0.0f);
  }
}

TEST(UpsamplePlaced, SizesMustBeTheCameras) {
  EXPECT_THAT(ErrorText([&] {
                UpsamplePlaced(Image(80, 60, 3), Filled(40, 30, 1.0f), {Cameras(0.0), {}});
              }),
              HasSubstr("the colour camera 160 x 120"));
  EXPECT_THAT(ErrorText([&] {
                UpsamplePlaced(Image(160, 120, 3), Filled(20, 30, 1.0f), {Cameras(0.0), {}});
              }),
              HasSubstr("the depth camera's size, 40 x 30"));
}

TEST(PlacementTest, StretchIsOneWhereRoundingTellsTheShape) {
  const Image guide(640, 480);
  for (const auto& [width, height] : {std::pair(80, 60), {85, 64}, {3, 2}, {1, 1}, {640, 480}}) {
    EXPECT_EQ(Stretch(guide, Image(width, height)), 1.0) << width << " x " << height;
  }
  EXPECT_NEAR(Stretch(guide, Image(60, 80)), 10.667 / 6.0, 1e-3);
  EXPECT_NEAR(Stretch(Image(1280, 720), Image(64, 58)), 20.0 / 12.414, 1e-3);
  EXPECT_EQ(Stretch(guide, Image(60, 80), {std::nullopt, Rectangle{10, 0, 240, 320}}), 1.0);
  EXPECT_EQ(Stretch(Image(160, 120), Image(40, 20), {Cameras(0.0), std::nullopt}), 1.0);
}

}  // namespace
}  // namespace dkn
