#include "src/eval/trial_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "dkn/resample.h"
#include "src/core/test_images.h"
#include "src/imaging/holes.h"

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
