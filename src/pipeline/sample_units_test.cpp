#include "src/pipeline/sample_units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
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

std::vector<float> Converted(std::initializer_list<float> values, SampleType target,
                             SampleType result, const UpsamplerOptions& options = {}) {
  Image image = Row(values);
  ConvertResult(target, result, options, image);
  return {image.data(), image.data() + image.size()};
}

UpsamplerOptions Invalid(InvalidRule rule, float value = 0.0f) {
  UpsamplerOptions options;
  options.invalid_rule = rule;
  options.invalid = value;
  return options;
}

constexpr auto kUint8 = SampleType::kUint8;
constexpr auto kUint16 = SampleType::kUint16;
constexpr auto kFloat16 = SampleType::kFloat16;
constexpr auto kFloat32 = SampleType::kFloat32;

TEST(InvalidValue, FollowsTheRuleAndTheType) {
  EXPECT_EQ(InvalidValue(InvalidRule::kByType, 7.0f, kUint16), 0.0f);
  EXPECT_EQ(InvalidValue(InvalidRule::kByType, 7.0f, kFloat16), std::nullopt);
  EXPECT_EQ(InvalidValue(InvalidRule::kNone, 7.0f, kUint16), std::nullopt);
  EXPECT_EQ(InvalidValue(InvalidRule::kValue, -1.5f, kFloat32), -1.5f);
  for (const float bad : {-1.0f, 1.5f, 256.0f}) {
    EXPECT_THAT(ErrorText([&] { InvalidValue(InvalidRule::kValue, bad, kUint8); }),
                HasSubstr("integers from 0 to 255"));
  }
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
  EXPECT_THAT(Converted({kHole, 0.4f, 2.0f}, kUint16, kUint16), ElementsAre(0.0f, 1.0f, 2.0f));
  EXPECT_THAT(Converted({kHole, 0.4f}, kUint16, kUint16, Invalid(InvalidRule::kNone)),
              ElementsAre(0.0f, 0.4f));
  // 65535 has no next value above.
  EXPECT_THAT(
      Converted({kHole, 65535.0f}, kUint16, kUint16, Invalid(InvalidRule::kValue, 65535.0f)),
      ElementsAre(65535.0f, 65534.0f));
  EXPECT_THAT(Converted({kHole, 0.0f}, kFloat32, kFloat16),
              ElementsAre(NanSensitiveFloatEq(kHole), 0.0f));
  EXPECT_THAT(Converted({kHole, 3.0f}, kFloat32, kFloat32, Invalid(InvalidRule::kValue, -1.0f)),
              ElementsAre(-1.0f, 3.0f));
}

TEST(ConvertResult, SixteenBitStepsAndMetresBecomeEachOther) {
  EXPECT_THAT(Converted({1500.0f, kHole}, kUint16, kFloat32),
              ElementsAre(1.5f, NanSensitiveFloatEq(kHole)));
  UpsamplerOptions options;
  options.step = 0.0002;
  EXPECT_THAT(Converted({5000.0f}, kUint16, kFloat16, options), ElementsAre(1.0f));
  EXPECT_THAT(Converted({1.0f, kHole, 0.00001f}, kFloat32, kUint16, options),
              ElementsAre(5000.0f, 0.0f, 1.0f));
  // Values of 8 bits are no steps.
  EXPECT_THAT(Converted({200.0f}, kUint8, kFloat32), ElementsAre(200.0f));
  EXPECT_THAT(ErrorText([] { Converted({70.0f}, kFloat32, kUint16); }),
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
