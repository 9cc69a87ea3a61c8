#include "src/pipeline/sample_units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "dkn/error.h"
#include "src/core/test_files.h"
#include "src/imaging/holes.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::NanSensitiveFloatEq;

Image Row(std::initializer_list<float> values) {
  Image image(static_cast<int>(values.size()), 1);
  std::copy(values.begin(), values.end(), image.data());
  return image;
}

constexpr double kMillimetres = 0.001;

ValueMeaning Marked(std::optional<float> mark) {
  ValueMeaning meaning;
  meaning.mark = mark;
  return meaning;
}

ValueMeaning AllCount() {
  ValueMeaning meaning;
  meaning.all_count = true;
  return meaning;
}

std::vector<float> Converted(std::initializer_list<float> values, SampleType target,
                             SampleType result, const ValueMeaning& meaning,
                             double step = kMillimetres) {
  Image image = Row(values);
  ConvertResult(target, result, meaning, step, image);
  return {image.data(), image.data() + image.size()};
}

UpsamplerOptions Invalid(InvalidRule rule, const InvalidValues& values = 0.0f) {
  UpsamplerOptions options;
  options.invalid_rule = rule;
  options.invalid = values;
  return options;
}

constexpr auto kUint8 = SampleType::kUint8;
constexpr auto kUint16 = SampleType::kUint16;
constexpr auto kFloat16 = SampleType::kFloat16;
constexpr auto kFloat32 = SampleType::kFloat32;

// 16 x 12 values as of depth, of which two are 0.
Image Depth() {
  Image depth(16, 12);
  for (int i = 2; i < 192; ++i) {
    depth.data()[i] = static_cast<float>(900 + 3 * i);
  }
  return depth;
}

TEST(MeaningOf, FollowsTheRuleTheTypeAndWhatTheTargetIs) {
  const Image depth = Depth();
  const ValueMeaning integers = MeaningOf(depth, kUint16, {});
  EXPECT_EQ(integers.invalid, InvalidValues(0.0f));
  EXPECT_EQ(integers.mark, 0.0f);
  EXPECT_FALSE(integers.all_count);
  EXPECT_EQ(integers.zero_holes, 2);
  EXPECT_EQ(integers.zero_values, 0);
  const ValueMeaning halves = MeaningOf(depth, kFloat16, Invalid(InvalidRule::kByType, 7.0f));
  EXPECT_TRUE(halves.invalid.empty() && !halves.mark && !halves.all_count);
  EXPECT_EQ(halves.zero_holes + halves.zero_values, 0);
  const ValueMeaning none = MeaningOf(depth, kUint16, Invalid(InvalidRule::kNone, 7.0f));
  EXPECT_TRUE(none.invalid.empty() && !none.mark && none.all_count);
  EXPECT_EQ(none.zero_holes + none.zero_values, 0);
}

TEST(MeaningOf, ZeroIsAValueOfMasksAndPictures) {
  Image mask(16, 12);
  std::fill_n(mask.data(), 96, 255.0f);
  const ValueMeaning words = MeaningOf(mask, kUint16, {});
  EXPECT_TRUE(words.invalid.empty() && !words.mark && words.all_count);
  EXPECT_EQ(words.zero_values, 96);  // of 16 bits it is told
  EXPECT_EQ(MeaningOf(mask, kUint8, {}).zero_values, 0);
  EXPECT_TRUE(MeaningOf(mask, kUint8, {}).all_count);
  Image picture(16, 12, 3);
  EXPECT_TRUE(MeaningOf(picture, kUint16, {}).all_count);
  EXPECT_EQ(MeaningOf(picture, kUint16, {}).zero_values, 0);
  UpsamplerOptions camera;
  camera.may_be_empty = true;
  EXPECT_EQ(MeaningOf(mask, kUint16, camera).zero_holes, 96);
  EXPECT_TRUE(MeaningOf(picture, kUint16, camera).all_count);
}

TEST(MeaningOf, OfValuesThatAreNamed) {
  const Image depth = Depth();
  const ValueMeaning one = MeaningOf(depth, kFloat32, Invalid(InvalidRule::kValue, -1.5f));
  EXPECT_EQ(one.mark, -1.5f);
  EXPECT_FALSE(one.all_count);
  const InvalidValues far = ParseInvalidValues(">8000");
  EXPECT_EQ(MeaningOf(depth, kUint16, Invalid(InvalidRule::kValue, far)).mark, 0.0f);
  EXPECT_EQ(MeaningOf(depth, kFloat32, Invalid(InvalidRule::kValue, far)).mark, std::nullopt);
  for (const float bad : {-1.0f, 1.5f, 256.0f}) {
    EXPECT_THAT(ErrorText([&] { MeaningOf(depth, kUint8, Invalid(InvalidRule::kValue, bad)); }),
                HasSubstr("integers from 0 to 255"));
  }
  EXPECT_THAT(ErrorText([&] {
                MeaningOf(depth, kUint8,
                          Invalid(InvalidRule::kValue, ParseInvalidValues("0,>900,300")));
              }),
              HasSubstr("invalid value 300"));
}

TEST(MaskWeights, AreZeroOrOneUnlessSoft) {
  const std::uint8_t bytes[] = {0, 1, 2, 255};
  const ConstFrame steps(bytes, kUint8, 4, 1);
  const float floats[] = {0.0f, 0.25f, 1.0f, std::nanf("")};
  const ConstFrame shares(floats, kFloat32, 4, 1);
  const auto weights = [](const ConstFrame& mask, const UpsamplerOptions& options) {
    const Image image = MaskWeights(mask, options);
    return std::vector<float>(image.data(), image.data() + image.size());
  };
  UpsamplerOptions soft;
  soft.upsample.soft_mask = true;
  UpsamplerOptions two;
  two.mask_at_least = 2.0f;
  UpsamplerOptions half;
  half.mask_at_least = 0.5f;
  EXPECT_THAT(weights(steps, {}), ElementsAre(0.0f, 1.0f, 1.0f, 1.0f));
  EXPECT_THAT(weights(steps, two), ElementsAre(0.0f, 0.0f, 1.0f, 1.0f));
  EXPECT_THAT(weights(steps, soft), ElementsAre(0.0f, 1.0f / 255.0f, 2.0f / 255.0f, 1.0f));
  EXPECT_THAT(weights(shares, {}), ElementsAre(0.0f, 0.25f, 1.0f, NanSensitiveFloatEq(kHole)));
  EXPECT_THAT(weights(shares, half), ElementsAre(0.0f, 0.0f, 1.0f, 0.0f));
  EXPECT_TRUE(MaskWeights({}, two).empty());
  EXPECT_THAT(ErrorText([&] {
                MaskWeights({bytes, kUint8, 2, 1, 2}, {});
              }),
              HasSubstr("2 channels"));
}

TEST(ResultTypeFor, IsTheTargetsUnlessAskedOtherwise) {
  EXPECT_EQ(ResultTypeFor(kUint16, std::nullopt), kUint16);
  EXPECT_EQ(ResultTypeFor(kUint16, kFloat32), kFloat32);
  EXPECT_EQ(ResultTypeFor(kUint8, kUint16), kUint16);
  EXPECT_THAT(ErrorText([] { ResultTypeFor(kUint16, kUint8); }), HasSubstr("expected uint16 or"));
  EXPECT_THROW(ResultTypeFor(kFloat32, kUint8), Error);
}

TEST(ConvertResult, HolesOfOneKindAreWhatStandsForThem) {
  // 0 is for holes alone: what rounds to it becomes 1.
  EXPECT_THAT(Converted({kHole, 0.4f, 2.0f}, kUint16, kUint16, Marked(0.0f)),
              ElementsAre(0.0f, 1.0f, 2.0f));
  EXPECT_THAT(Converted({kHole, 0.4f}, kUint16, kUint16, AllCount()), ElementsAre(0.0f, 0.4f));
  // 65535 has no next value above.
  EXPECT_THAT(Converted({kHole, 65535.0f}, kUint16, kUint16, Marked(65535.0f)),
              ElementsAre(65535.0f, 65534.0f));
  EXPECT_THAT(Converted({kHole, 0.0f}, kFloat32, kFloat16, Marked(std::nullopt)),
              ElementsAre(NanSensitiveFloatEq(kHole), 0.0f));
  EXPECT_THAT(Converted({kHole, 3.0f}, kFloat32, kFloat32, Marked(-1.0f)),
              ElementsAre(-1.0f, 3.0f));
}

TEST(ConvertResult, SixteenBitStepsAndMetresBecomeEachOther) {
  EXPECT_THAT(Converted({1500.0f, kHole}, kUint16, kFloat32, Marked(0.0f)),
              ElementsAre(1.5f, NanSensitiveFloatEq(kHole)));
  EXPECT_THAT(Converted({5000.0f}, kUint16, kFloat16, Marked(0.0f), 0.0002), ElementsAre(1.0f));
  EXPECT_THAT(Converted({1.0f, kHole, 0.00001f}, kFloat32, kUint16, Marked(std::nullopt), 0.0002),
              ElementsAre(5000.0f, 0.0f, 1.0f));
  EXPECT_THAT(Converted({0.00001f}, kFloat32, kUint16, AllCount(), 0.0002), ElementsAre(0.0f));
  // Values of 8 bits are no steps.
  EXPECT_THAT(Converted({200.0f}, kUint8, kFloat32, Marked(0.0f)), ElementsAre(200.0f));
  EXPECT_THAT(ErrorText([] { Converted({70.0f}, kFloat32, kUint16, Marked(std::nullopt)); }),
              HasSubstr("the value 70 does not fit 16 bits in steps of 0.001, which hold 0 to"));
}

// Underflow is the error that overflow is.
TEST(SampleUnits, FloatsThatTheStepsLoseAreRefused) {
  const Image metres = Row({0.7f, 5.635f, kHole, 2.5f});
  for (const double step : {1000.0, 10.0, 1.0, 0.4}) {
    EXPECT_THAT(ErrorText([&] { CheckSteps(metres, step); }),
                AllOf(HasSubstr("5.635 at most"), HasSubstr("--scale")))
        << step;
  }
  CheckSteps(metres, 0.001);
  CheckSteps(metres, 0.3);
  CheckSteps(Row({0.0f, 1.0f, 7.0f, kHole}), 1.0);  // labels
  CheckSteps(Row({0.0f, 0.0f}), 1000.0);
  CheckSteps(Row({kHole}), 1000.0);
}

}  // namespace
}  // namespace dkn
