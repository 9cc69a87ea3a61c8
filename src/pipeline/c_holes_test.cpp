// Holes, masks and filtering by the C interface.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "dkn/dkn.h"
#include "dkn/filter_image.h"
#include "dkn/registry.h"
#include "dkn/upsampler.h"
#include "src/core/random_image.h"

namespace dkn {
namespace {

using testing::HasSubstr;

constexpr int kWidth = 24;
constexpr int kHeight = 16;
constexpr int kPixels = kWidth * kHeight;

// A guide, depth of its size in millimetres with holes of 0 and of 65535, and memory for a result.
class CHolesTest : public testing::Test {
 protected:
  CHolesTest() {
    for (int i = 0; i < kPixels; ++i) {
      depth_[static_cast<std::size_t>(i)] = static_cast<std::uint16_t>(1000 + 4 * i);
      mask_[static_cast<std::size_t>(i)] = i == 77 ? 1 : 2;
    }
    depth_[33] = 0;
    depth_[55] = 65535;
    filter_.struct_size = sizeof filter_;
    filter_.method = "bicubic";
  }

  int Filter(const dkn_frame* guide) {
    const dkn_frame target = Of(depth_.data(), DKN_UINT16);
    const dkn_frame out = Of(result_.data(), DKN_UINT16);
    return dkn_filter_frame(&filter_, guide, &target, &out);
  }

  static std::vector<std::uint16_t> Values(const FrameBuffer& frame) {
    return {frame.As<std::uint16_t>(), frame.As<std::uint16_t>() + kPixels};
  }

  static dkn_frame Of(const void* data, dkn_sample_type type) {
    return dkn_frame_of(data, type, kWidth, kHeight, 1);
  }

  Image picture_ = RandomImage(kWidth, kHeight, 1, 1);
  dkn_frame guide_ = Of(picture_.data(), DKN_FLOAT32);
  std::vector<std::uint16_t> depth_ = std::vector<std::uint16_t>(kPixels);
  std::vector<std::uint8_t> mask_ = std::vector<std::uint8_t>(kPixels);
  std::vector<std::uint16_t> result_ = std::vector<std::uint16_t>(kPixels);
  dkn_filter_options filter_ = {};
};

TEST_F(CHolesTest, FilteredFramesAreThoseOfTheLibrary) {
  const ConstFrame picture(picture_.data(), SampleType::kFloat32, kWidth, kHeight);
  const ConstFrame depth(depth_.data(), SampleType::kUint16, kWidth, kHeight);
  const auto library = CreateFilter("guided");
  filter_.method = "guided";
  filter_.iterations = 3;
  ASSERT_EQ(Filter(&guide_), DKN_OK) << dkn_last_error();
  EXPECT_EQ(result_, Values(FilterFrame(picture, depth, *library, 3)));
  ASSERT_EQ(Filter(nullptr), DKN_OK) << dkn_last_error();
  EXPECT_EQ(result_, Values(RemoveFrameTexture(depth, *library, 3)));
  Upsampler by_ratio;
  by_ratio.SetGuide(picture);
  filter_ = {};
  filter_.struct_size = sizeof filter_;
  ASSERT_EQ(Filter(&guide_), DKN_OK) << dkn_last_error();
  EXPECT_EQ(result_, Values(by_ratio.Upsample(depth).image));
}

TEST_F(CHolesTest, ParametersAreThoseOfTheLibrary) {
  const ConstFrame picture(picture_.data(), SampleType::kFloat32, kWidth, kHeight);
  const ConstFrame depth(depth_.data(), SampleType::kUint16, kWidth, kHeight);
  filter_.method = "guided";
  filter_.settings = "radius=1,epsilon=0.5";
  ASSERT_EQ(Filter(&guide_), DKN_OK) << dkn_last_error();
  const auto library = CreateFilter("guided", {}, {{"radius", 1.0}, {"epsilon", 0.5}});
  EXPECT_EQ(result_, Values(FilterFrame(picture, depth, *library)));
  ASSERT_EQ(Filter(nullptr), DKN_OK) << dkn_last_error();
  EXPECT_EQ(result_, Values(RemoveFrameTexture(depth, *library, 1)));
}

TEST_F(CHolesTest, FilteringFillsOrKeepsThem) {
  ASSERT_EQ(Filter(&guide_), DKN_OK) << dkn_last_error();
  EXPECT_GE(*std::min_element(result_.begin(), result_.end()), 1000);
  EXPECT_LE(*std::max_element(result_.begin(), result_.end()), 2600);  // 65535 is wild
  filter_.holes = DKN_HOLES_KEEP;
  filter_.keep_wild_values = 1;
  ASSERT_EQ(Filter(&guide_), DKN_OK) << dkn_last_error();
  EXPECT_EQ(result_, depth_);
  filter_.invalid_rule = DKN_INVALID_NONE;
  filter_.holes = DKN_HOLES_FILL;
  ASSERT_EQ(Filter(&guide_), DKN_OK) << dkn_last_error();
  EXPECT_EQ(result_, depth_);
}

TEST_F(CHolesTest, InvalidValuesAreSeveralAndRanges) {
  filter_.invalid_rule = DKN_INVALID_VALUE;
  filter_.invalid_values = "0,>2000";
  filter_.holes = DKN_HOLES_KEEP;
  ASSERT_EQ(Filter(&guide_), DKN_OK) << dkn_last_error();
  for (std::size_t i = 0; i < result_.size(); ++i) {
    ASSERT_EQ(result_[i], depth_[i] > 2000 ? 0 : depth_[i]) << i;
  }
  filter_.invalid_values = "0,nonsense";
  EXPECT_EQ(Filter(&guide_), DKN_ERROR_ARGUMENT);
  EXPECT_THAT(dkn_last_error(), HasSubstr("options.invalid_values: 'nonsense' is neither"));
}

TEST_F(CHolesTest, MasksHaveALeastValueOrAreSoft) {
  const dkn_frame mask = Of(mask_.data(), DKN_UINT8);
  filter_.mask = &mask;
  filter_.mask_at_least = 2.0;
  filter_.holes = DKN_HOLES_KEEP;
  ASSERT_EQ(Filter(&guide_), DKN_OK) << dkn_last_error();
  EXPECT_EQ(result_[77], 0);
  EXPECT_EQ(result_[78], depth_[78]);
  filter_.soft_mask = 1;
  EXPECT_EQ(Filter(&guide_), DKN_ERROR_ARGUMENT);
  EXPECT_THAT(dkn_last_error(), HasSubstr("either soft or has a least value"));
}

TEST_F(CHolesTest, DepthThatGuidesItselfKeepsThem) {
  const ConstFrame depth(depth_.data(), SampleType::kUint16, kWidth, kHeight);
  UpsamplerOptions options;
  options.own_guide = true;
  options.method = "guided";
  options.upsample.holes = HoleMode::kKeep;
  filter_.method = "guided";
  filter_.holes = DKN_HOLES_KEEP;
  ASSERT_EQ(Filter(nullptr), DKN_OK) << dkn_last_error();
  EXPECT_EQ(result_, Values(Upsampler(options).Upsample(depth).image));
  EXPECT_GT(std::count(depth_.begin(), depth_.end(), 0), 0);
  for (std::size_t i = 0; i < depth_.size(); ++i) {
    EXPECT_TRUE(depth_[i] != 0 || result_[i] == 0) << i;
  }
}

TEST_F(CHolesTest, AnUpsamplerIteratesAndSaysWhatItFound) {
  dkn_upsampler_options options = {};
  options.struct_size = sizeof options;
  options.method = "guided";
  options.iterations = 3;
  options.keep_wild_values = 1;
  std::fill_n(depth_.begin() + 200, 20, std::uint16_t{65535});
  dkn_upsampler* upsampler = nullptr;
  ASSERT_EQ(dkn_upsampler_create(&options, &upsampler), DKN_OK) << dkn_last_error();
  ASSERT_EQ(dkn_upsampler_set_guide(upsampler, &guide_), DKN_OK);
  const dkn_frame target = Of(depth_.data(), DKN_UINT16);
  std::vector<std::uint16_t> iterated(kPixels);
  const dkn_frame out = Of(iterated.data(), DKN_UINT16);
  dkn_result result = {};
  result.struct_size = sizeof result;
  ASSERT_EQ(dkn_upsampler_upsample(upsampler, &target, nullptr, &out, &result), DKN_OK);
  EXPECT_EQ(result.zero_holes, 1);
  EXPECT_EQ(result.zero_values, 0);
  EXPECT_EQ(result.lone_pixels, 21);
  EXPECT_EQ(result.lone_value, 65535.0f);
  filter_.method = "guided";
  filter_.iterations = 3;
  filter_.keep_wild_values = 1;
  ASSERT_EQ(Filter(&guide_), DKN_OK) << dkn_last_error();
  EXPECT_EQ(result_, iterated);
  // Few values from 1 on are labels.
  for (std::size_t i = 0; i < depth_.size(); ++i) {
    depth_[i] = static_cast<std::uint16_t>(i % 4);
  }
  ASSERT_EQ(dkn_upsampler_upsample(upsampler, &target, nullptr, &out, &result), DKN_OK);
  EXPECT_EQ(result.zero_holes, 0);
  EXPECT_EQ(result.zero_values, kPixels / 4);
  dkn_upsampler_destroy(upsampler);
}

}  // namespace
}  // namespace dkn
