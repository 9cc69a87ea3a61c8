#include "src/eval/trial_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "dkn/error.h"
#include "dkn/orientations.h"
#include "dkn/registry.h"
#include "dkn/resample.h"
#include "src/core/test_files.h"
#include "src/core/test_images.h"
#include "src/imaging/holes.h"
#include "src/net/safetensors.h"
#include "src/rivals/test_rivals.h"

namespace dkn::eval {
namespace {

Sample StepSample() {
  Sample sample{RandomImage(64, 48, 3, 0.0f, 1.0f, 1), Image(64, 48), {}};
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 64; ++x) {
      sample.truth(x, y) = x < 30 ? 100.0f : 150.0f + static_cast<float>(y);
    }
  }
  return sample;
}

Method MethodOf(const std::string& filter) {
  Method method;
  method.label = filter;
  method.filter = filter;
  return method;
}

// The default is Upsampler's own choice, on the measurement with its holes.
TEST(TrialFilter, TheDefaultIsUpsamplers) {
  Protocol protocol;
  protocol.scale = 2;
  protocol.holes = 0.2;
  const Trial trial = MakeTrial(StepSample(), protocol, 5);
  const Image result = TrialFilter(MethodOf("default"), 2, 0).Filter(trial).image;
  Upsampler upsampler;
  upsampler.SetGuide(FrameOf(trial.guide));
  const Image holed = MarkHoles(trial.input, {}, trial.measured);
  const Image expected = ImageOf(upsampler.Upsample(FrameOf(holed)).image);
  for (std::size_t i = 0; i < result.size(); ++i) {
    EXPECT_EQ(result.data()[i], expected.data()[i]);
  }
  EXPECT_GT(TrialFilter(MethodOf("default"), 2, 0).Seconds(trial), 0.0);
  EXPECT_EQ(LoadModelOf(MethodOf("default"), 2), nullptr);
}

TEST(TrialFilter, NetworksTellWhatTheyTake) {
  const auto cost = CostOfMethod(MethodOf("fdkn_x{scale}"), 8);
  ASSERT_TRUE(cost.has_value());
  EXPECT_EQ(cost->parameters, LoadModelOf(MethodOf("fdkn_x8"), 8)->parameter_count());
  EXPECT_NEAR(cost->operations, 26.9e9, 0.1e9);
  EXPECT_EQ(CostOfMethod(MethodOf("bicubic"), 8), std::nullopt);
  EXPECT_EQ(CostOfMethod(MethodOf("default"), 8), std::nullopt);
  EXPECT_THROW(CostOfMethod(MethodOf("absent.safetensors"), 8), Error);
}

// Of others: a method with a cost and settings, and without kernels to show.
class RivalTrialTest : public FolderTest {};

TEST_F(RivalTrialTest, IsAFilterWithoutKernels) {
  const std::string path = Path("djf.safetensors");
  WriteSafetensors(path, RandomRivalFile("djf", {{"stream_width", 4.0}, {"joint_width", 4.0}}));
  Method method = MethodOf(path);
  method.settings = {{"residual", 1.0}};
  EXPECT_EQ(LoadModelOf(method, 4), nullptr);
  EXPECT_GT(CostOfMethod(method, 4)->parameters, 1000);
  Protocol protocol;
  protocol.scale = 4;
  const Trial trial = MakeTrial(StepSample(), protocol, 5);
  const Image residual = TrialFilter(method, 4, 100).Filter(trial).image;
  method.settings.clear();
  const Image plain = TrialFilter(method, 4, 100).Filter(trial).image;
  const Image target = TrialTarget(trial);
  for (std::size_t i = 0; i < plain.size(); ++i) {  // both are in the target's unit
    EXPECT_NEAR(residual.data()[i] - plain.data()[i], target.data()[i] - trial.range.low, 0.01f);
  }
}

TEST(TrialFilter, OtherNamesAreFilters) {
  Protocol protocol;
  protocol.scale = 4;
  const Trial trial = MakeTrial(StepSample(), protocol, 5);
  const Image result = TrialFilter(MethodOf("bicubic"), 4, 0).Filter(trial).image;
  const Image expected = Resize(trial.input, 64, 48, Resampler::kBicubic);
  for (std::size_t i = 0; i < result.size(); ++i) {
    EXPECT_NEAR(result.data()[i], expected.data()[i], 1e-3f);
  }
  EXPECT_THROW(TrialFilter(MethodOf("nothing"), 4, 0), Error);
}

TEST(TrialFilter, OrientationsAreThoseOfTheMethod) {
  Protocol protocol;
  protocol.scale = 4;
  const Trial trial = MakeTrial(StepSample(), protocol, 5);
  Method method = MethodOf("fdkn_x4");
  method.orientations = 2;
  const Image result = TrialFilter(method, 4, 0).Filter(trial).image;
  const auto filter = AverageOrientations(CreateFilter("fdkn_x4"), 2);
  ExpectNear(result, RunTrial(*filter, trial), 0.0f);
  EXPECT_EQ(CostOfMethod(method, 4)->operations,
            2.0 * CostOfMethod(MethodOf("fdkn_x4"), 4)->operations);
}

TEST(TrialFilter, ParametersAreThoseOfTheMethod) {
  Protocol protocol;
  protocol.scale = 4;
  const Trial trial = MakeTrial(StepSample(), protocol, 5);
  Method method = MethodOf("guided");
  method.settings = {{"radius", 1.0}};
  const Image result = TrialFilter(method, 4, 0).Filter(trial).image;
  const Image expected = RunTrial(*CreateFilter("guided", {}, {{"radius", 1.0}}), trial);
  for (std::size_t i = 0; i < result.size(); ++i) {
    EXPECT_EQ(result.data()[i], expected.data()[i]);
  }
  Method wrong = MethodOf("default");
  wrong.settings = method.settings;
  EXPECT_THAT([&] { TrialFilter(wrong, 4, 0); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("radius")));
}

}  // namespace
}  // namespace dkn::eval
