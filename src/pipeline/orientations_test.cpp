#include "dkn/orientations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "dkn/upsampler.h"
#include "src/core/test_images.h"
#include "src/pipeline/measurement.h"

namespace dkn {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr int kOddWidth = 45;  // no multiple of 4
constexpr int kOddHeight = 31;

// Of an image that is transposed and mirrored along both axes.
Image Turned(ConstView image) {
  Image turned(image.height, image.width, image.channels);
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < turned.height(); ++y) {
      for (int x = 0; x < turned.width(); ++x) {
        turned(x, y, c) = image(image.width - 1 - y, image.height - 1 - x, c);
      }
    }
  }
  return turned;
}

// Samples at other places than the image's halves, with holes.
struct OddFrame {
  Image guide = RandomImage(kOddWidth, kOddHeight, 3, 1);
  Image values = RandomImage(15, 8, 2, 2);
  Image measured{15, 8};
  Image target = Resize(values, kOddWidth, kOddHeight, Resampler::kBilinear);
  Image mask{kOddWidth, kOddHeight};

  OddFrame() {
    std::fill_n(measured.data(), measured.size(), 1.0f);
    measured(3, 2) = measured(14, 0) = 0.0f;
    std::fill_n(mask.data(), mask.size(), 1.0f);
    for (int x = 0; x < 9; ++x) {
      mask(x, 4) = 0.1f * static_cast<float>(x);
    }
  }

  FilterInput Input() const {
    FilterInput input{guide, target, mask, SamplesOf(values, measured, guide), true};
    input.samples.first_x += 0.25f;
    input.samples.first_y -= 0.5f;
    input.samples.step_y = 3.75f;
    return input;
  }
};

// A pixel gets the value of its right neighbour; the last one of a row its own.
class Shift : public JointFilter {
 public:
  void Apply(const FilterInput& input, FilterOutput& output) const override {
    output.image.Reset(input.target.width, input.target.height, input.target.channels);
    for (int y = 0; y < input.target.height; ++y) {
      for (int x = 0; x < input.target.width; ++x) {
        output.image(x, y) = input.target(std::min(x + 1, input.target.width - 1), y);
      }
    }
  }
};

double ShiftedCentre(int orientations) {
  // One at the centre of 5 x 5: what of it stays there, and what goes right, left, down and up.
  Image image(5, 5);
  image(2, 2) = 1.0f;
  FilterOutput output;
  AverageOrientations(std::make_unique<Shift>(), orientations)->Apply({Image(5, 5), image}, output);
  return output.image(1, 2) + 10.0 * output.image(3, 2) + 100.0 * output.image(2, 1) +
         1000.0 * output.image(2, 3);
}

TEST(OrientationsTest, EachCountsOnce) {
  EXPECT_DOUBLE_EQ(ShiftedCentre(1), 1.0);
  EXPECT_DOUBLE_EQ(ShiftedCentre(2), 0.5 + 5.0);
  EXPECT_DOUBLE_EQ(ShiftedCentre(4), 0.5 + 5.0);
  EXPECT_DOUBLE_EQ(ShiftedCentre(8), 0.25 * 1111.0);
}

// Guide, target, mask and samples are turned alike.
TEST(OrientationsTest, WhatTreatsDirectionsAlikeGivesTheSame) {
  const OddFrame frame;
  for (const char* name : {"bicubic", "guided", "jbu", "wls", "rgf"}) {
    SCOPED_TRACE(name);
    FilterOutput once;
    CreateFilter(name)->Apply(frame.Input(), once);
    for (const int orientations : {2, 4, 8}) {
      FilterOutput mean;
      AverageOrientations(CreateFilter(name), orientations)->Apply(frame.Input(), mean);
      ExpectNear(mean.image, once.image, 2e-4f);
      EXPECT_EQ(mean.confidence.empty(), once.confidence.empty());
    }
  }
}

// All that a network sees is turned, so that its mean turns with it.
TEST(OrientationsTest, NetworksMeanTurnsWithTheFrame) {
  const OddFrame frame;
  const Image guide = Turned(frame.guide);
  const Image target = Turned(frame.target);
  const Image mask = Turned(frame.mask);
  const Image values = Turned(frame.values);
  const Image measured = Turned(frame.measured);
  const FilterInput input = frame.Input();
  FilterInput turned{guide, target, mask, {values, measured}, true};
  turned.samples.step_x = input.samples.step_y;
  turned.samples.step_y = input.samples.step_x;
  turned.samples.first_x = kOddHeight - 1 - (input.samples.first_y + 7 * input.samples.step_y);
  turned.samples.first_y = kOddWidth - 1 - (input.samples.first_x + 14 * input.samples.step_x);

  const auto mean = AverageOrientations(CreateFilter("fdkn_any"), 8);
  FilterOutput upright;
  FilterOutput other;
  mean->Apply(input, upright);
  mean->Apply(turned, other);
  ExpectNear(Turned(upright.image), other.image, 2e-4f);
  ExpectNear(Turned(upright.confidence), other.confidence, 2e-3f);
  ExpectNear(Turned(upright.support), other.support, 2e-4f);

  FilterOutput once;
  CreateFilter("fdkn_any")->Apply(input, once);
  double difference = 0.0;
  for (std::size_t i = 0; i < once.image.size(); ++i) {
    difference += std::abs(once.image.data()[i] - upright.image.data()[i]);
  }
  EXPECT_GT(difference / static_cast<double>(once.image.size()), 1e-3);
}

TEST(OrientationsTest, SessionsGiveTheBitsOfApply) {
  const OddFrame frame;
  const FilterInput input = frame.Input();
  for (const int orientations : {2, 8}) {
    const auto mean = AverageOrientations(CreateFilter("fdkn_any"), orientations);
    FilterOutput once;
    mean->Apply(input, once);
    const auto session = mean->StartSession({kOddWidth, kOddHeight, 3, 2});
    EXPECT_TRUE(session->SeesHoles());
    FilterOutput output;
    EXPECT_THROW(session->Apply(input, output), Error);
    session->SetGuide(frame.guide);
    for (int i = 0; i < 2; ++i) {
      session->Apply(input, output);
      ExpectNear(output.image, once.image, 0.0f);
      ExpectNear(output.confidence, once.confidence, 0.0f);
    }
    const Image small(3, 4, 3);
    EXPECT_THROW(session->SetGuide(small), Error);
  }
}

TEST(OrientationsTest, ProgressIsOfAllAndCanEndTheWork) {
  const OddFrame frame;
  FilterInput input = frame.Input();
  std::vector<double> told;
  input.progress = [&](double done) {
    told.push_back(done);
    return told.size() < 40;
  };
  FilterOutput output;
  const auto mean = AverageOrientations(CreateFilter("tgv", {}, {{"iterations", 50}}), 4);
  EXPECT_THROW(mean->Apply(input, output), CancelledError);
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_EQ(told.size(), 40u);
}

TEST(OrientationsTest, TheUpsamplerHasThemWithinItsBoundOfMemory) {
  const Image guide = RandomImage(180, 140, 3, 3);
  const Image target = RandomImage(45, 35, 1, 4);
  UpsamplerOptions options;
  options.method = "fdkn_x4";
  options.orientations = 8;
  Upsampler free(options);
  free.SetGuide(FrameOf(guide));
  const Image whole = ImageOf(free.Upsample(FrameOf(target)).image);
  const std::size_t bytes = free.FrameBytes(FrameOf(guide), FrameOf(target));

  options.network.max_memory_mb = static_cast<int>(bytes / 1'000'000 * 9 / 10);
  Upsampler bound(options);
  bound.SetGuide(FrameOf(guide));
  ExpectNear(ImageOf(bound.Upsample(FrameOf(target)).image), whole, 1e-5f);

  options.network.max_memory_mb = 1;
  Upsampler small(options);
  small.SetGuide(FrameOf(guide));
  EXPECT_THROW(small.Upsample(FrameOf(target)), MemoryError);

  UpsamplerOptions once = options;
  once.network.max_memory_mb = 0;
  once.orientations = 1;
  EXPECT_GT(bytes, Upsampler(once).FrameBytes(FrameOf(guide), FrameOf(target)));
}

TEST(OrientationsTest, OtherNumbersAreRefused) {
  for (const int wrong : {0, 3, 16, -1}) {
    const auto wanted =
        ThrowsMessage<ArgumentError>(HasSubstr(std::to_string(wrong) + " orientations, expected"));
    EXPECT_THAT([&] { AverageOrientations(std::make_unique<Shift>(), wrong); }, wanted);
    EXPECT_THAT([&] { Upsampler({.orientations = wrong}); }, wanted);
  }
  const Shift shift;
  EXPECT_THAT([&] { Upsampler({.orientations = 2}, shift); },
              ThrowsMessage<ArgumentError>(HasSubstr("AverageOrientations")));
}

}  // namespace
}  // namespace dkn
