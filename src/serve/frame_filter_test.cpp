#include "src/serve/frame_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "dkn/registry.h"
#include "src/core/test_files.h"
#include "src/serve/test_frames.h"

namespace dkn::serve {
namespace {

using ::testing::HasSubstr;

SourceFrame Source(int number) {
  SourceFrame frame{"frame " + std::to_string(number)};
  frame.guide = TestGuide();
  frame.target = TestDepth(number);
  return frame;
}

const ShownFrame::Plane& PlaneOf(const ShownFrame& frame, const std::string& name) {
  for (const ShownFrame::Plane& plane : frame.planes) {
    if (plane.name == name) {
      return plane;
    }
  }
  throw Error("no plane " + name);
}

class FrameFilterTest : public ::testing::Test {
 protected:
  std::shared_ptr<ShownFrame> Filter(const ViewControls& controls) {
    filter_.emplace(setup_, controls);
    frame_ = Source(1);
    return filter_->Filter(frame_);
  }
  FilterSetup setup_;
  std::optional<FrameFilter> filter_;
  SourceFrame frame_;
};

TEST_F(FrameFilterTest, ResultsAreTheUpsamplers) {
  for (const char* method : {"bicubic", "guided", "fdkn_x4"}) {
    const auto shown = Filter({.model = method});
    UpsamplerOptions options;
    options.method = method;
    options.network.precision = setup_.task.options.network.precision;
    Upsampler upsampler(options);
    upsampler.SetGuide(TestGuide().frame());
    const UpsampledFrame expected = upsampler.Upsample(TestDepth(1).frame());
    const ConstFrame& result = PlaneOf(*shown, "result").frame.frame();
    EXPECT_EQ(result.type, SampleType::kUint16);
    EXPECT_EQ(BytesIn(result), BytesIn(expected.image.frame())) << method;
    EXPECT_EQ(shown->header["method"], method);
  }
}

TEST_F(FrameFilterTest, HolesOfTheInputAreNanAndTold) {
  const auto shown = Filter({.model = "bicubic", .invalid = "0", .holes = "keep"});
  const ConstFrame& input = PlaneOf(*shown, "input").frame.frame();
  ASSERT_EQ(input.type, SampleType::kFloat32);
  ASSERT_EQ(input.width, 4);
  const auto* values = static_cast<const float*>(input.data);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_EQ(values[0], 1010.0f);
  EXPECT_NEAR(shown->header["holes_percent"], 100.0 / 12.0, 1e-9);
  EXPECT_EQ(shown->header["hole"], 0.0);
  EXPECT_EQ(Filter({.model = "bicubic", .invalid = "none"})->header["hole"], nullptr);
}

TEST_F(FrameFilterTest, ConfidenceComesWhereItIsAskedFor) {
  const auto with = Filter({.model = "bicubic"});
  EXPECT_EQ(PlaneOf(*with, "confidence").frame.frame().type, SampleType::kUint16);
  const auto without = Filter({.model = "bicubic", .confidence = false});
  EXPECT_EQ(without->planes.size(), 2u);
}

TEST_F(FrameFilterTest, TheGuideIsAPictureOf8Bits) {
  const auto shown = Filter({.model = "bicubic"});
  EXPECT_EQ(BytesIn(shown->guide.frame.frame()), BytesIn(TestGuide().frame()));
  const HeldFrame before = shown->guide.frame;
  SourceFrame next = Source(2);
  next.guide = frame_.guide;
  EXPECT_TRUE(filter_->Filter(next)->guide.frame.IsSame(before));
}

TEST_F(FrameFilterTest, StagesHaveTimes) {
  const auto shown = Filter({.model = "fdkn_x4"});
  for (const char* stage : {"guide", "network", "other"}) {
    EXPECT_GT(shown->header["ms"][stage].get<double>(), 0.0) << stage;
  }
  EXPECT_EQ(Filter({.model = "guided"})->header["ms"]["network"], 0.0);
}

TEST_F(FrameFilterTest, KernelsAreThoseOfTheInspection) {
  Filter({.model = "fdkn_x4"});
  const Json kernel = filter_->KernelAt(frame_, {5, 3});
  EXPECT_EQ(kernel["model"], "fdkn_x4");
  const auto model = LoadModel("fdkn_x4", setup_.task.options.network);
  Image target = ImageOf(TestDepth(1).frame());
  target(1, 0) = std::nanf("");
  const report::Inspection inspection(GuideOf(TestGuide().frame()), target, *model);
  const report::PixelReading reading = inspection.At(5, 3);
  ASSERT_EQ(kernel["taps"].size(), reading.taps.size());
  double sum = kernel["target"];
  for (std::size_t i = 0; i < reading.taps.size(); ++i) {
    EXPECT_EQ(kernel["taps"][i]["weight"], reading.taps[i].weight);
    EXPECT_EQ(kernel["taps"][i]["x"], reading.taps[i].x);
    EXPECT_EQ(kernel["taps"][i]["y"], reading.taps[i].y);
    EXPECT_EQ(kernel["taps"][i]["level"], 0);
    sum += kernel["taps"][i]["contribution"].get<double>();
  }
  EXPECT_NEAR(sum, kernel["result"], 0.02 * std::abs(sum));
}

TEST_F(FrameFilterTest, KernelsThatAreNotThereAreRefused) {
  Filter({.model = "guided"});
  EXPECT_THAT(ErrorText([&] { filter_->KernelAt(frame_, {0, 0}); }), HasSubstr("is no network"));
  Filter({.model = "fdkn_x4"});
  EXPECT_THAT(ErrorText([&] { filter_->KernelAt(frame_, {8, 0}); }), HasSubstr("outside"));
}

TEST_F(FrameFilterTest, WhatCannotBeFilteredIsRefused) {
  EXPECT_THAT(ErrorText([&] { Filter({.model = "no_such"}); }), HasSubstr("no_such"));
  frame_ = Source(1);
  frame_.target = frame_.guide;
  frame_.guide = TestDepth(1);
  filter_.emplace(setup_, ViewControls{.model = "bicubic"});
  EXPECT_THAT(ErrorText([&] { filter_->Filter(frame_); }), HasSubstr("frame 1: "));
}

}  // namespace
}  // namespace dkn::serve
