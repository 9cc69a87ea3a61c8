#include "src/sensors/depth_case.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "dkn/error.h"

namespace dkn::sensors {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

DepthCase Parse(const std::string& text) {
  const Json json = ParseJson(text);
  JsonMembers members(json, "the case");
  DepthCase depth_case = ParseDepthCase(members);
  members.CheckAllTaken();
  return depth_case;
}

// A wall that comes nearer from the left, 3 m, to the right, 2 m.
Image Wall(int width, int height) {
  Image depth(width, height);
  for (std::size_t i = 0; i < depth.size(); ++i) {
    depth.data()[i] = 3.0f - static_cast<float>(i % width) / static_cast<float>(width - 1);
  }
  return depth;
}

Image Measure(const Image& truth, const std::string& json, std::uint64_t seed = 1) {
  Image guide(truth.width(), truth.height(), 3);
  std::fill_n(guide.data(), guide.size(), 0.5f);
  SplitMix random(seed, 0);
  return MeasureDepth({truth, guide, false, {2.0f, 3.0f}, 500.0}, Parse(json), random);
}

TEST(DepthCase, NothingAskedForIsTheTruth) {
  const Image truth = Wall(40, 30);
  const Image same = Measure(truth, "{}");
  ASSERT_TRUE(SameSize(same.view(), truth.view()));
  for (std::size_t i = 0; i < truth.size(); ++i) {
    EXPECT_NEAR(same.data()[i], truth.data()[i], 1e-6f);
  }
  EXPECT_FALSE(Parse("{}").NeedsMetres());
  EXPECT_TRUE(Parse(R"({"sensor_noise": 1})").NeedsMetres());
  EXPECT_FALSE(Parse(R"({"sensor_noise": 1})").NeedsFocal());
  EXPECT_TRUE(Parse(R"({"sensors": ["stereo"]})").NeedsFocal());
}

TEST(DepthCase, RatiosNeedNotBeWholeAndMayDiffer) {
  const Image truth = Wall(96, 60);
  const Image low = Measure(truth, R"({"ratio": 1.5})");
  EXPECT_EQ(low.width(), 64);
  EXPECT_EQ(low.height(), 40);
  const Image stretched = Measure(truth, R"({"ratio": 4, "stretch": 1})");
  EXPECT_NE(stretched.width() * 60, stretched.height() * 96);
  EXPECT_EQ(Measure(truth, R"({"ratio": [5, 11], "whole_ratio": true})").width(), 12);
}

// Noise of one unit is 1.5 (1.4 z^2 + 1) mm: 9.9 at 2 m, 20.4 at 3.
TEST(DepthCase, SensorNoiseGrowsWithDepth) {
  const Image truth = Wall(400, 300);
  const Image noisy = Measure(truth, R"({"sensor_noise": 1})");
  double squares[2] = {};
  for (int y = 0; y < 300; ++y) {
    for (int x = 0; x < 40; ++x) {
      squares[0] += std::pow(noisy(x, y) - truth(x, y), 2.0);
      squares[1] += std::pow(noisy(399 - x, y) - truth(399 - x, y), 2.0);
    }
  }
  EXPECT_NEAR(std::sqrt(squares[0] / 12000.0), 0.0198, 0.0005);  // the mean over 3 to 2.9 m
  EXPECT_NEAR(std::sqrt(squares[1] / 12000.0), 0.0103, 0.0003);
}

TEST(DepthCase, AtLeastOneSampleIsMeasured) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Image sparse = Measure(Wall(8, 8), R"({"kept": 0.001, "holes": 0.9})", seed);
    EXPECT_GE(std::count_if(sparse.data(), sparse.data() + sparse.size(),
                            [](float value) { return std::isfinite(value); }),
              1);
  }
}

// Errors between pixels are means of their neighbours': smaller, of the same place and holes.
TEST(DepthCase, RegistrationInterpolatesErrors) {
  const Image truth = Wall(200, 150);
  const auto error = [&](const Image& image) {
    double squares = 0.0;
    int count = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      if (std::isfinite(image.data()[i])) {
        squares += std::pow(image.data()[i] - truth.data()[i], 2.0);
        ++count;
      }
    }
    EXPECT_GT(count, 15000);
    return std::sqrt(squares / count);
  };
  const double as_it_comes = error(Measure(truth, R"({"sensors": ["structured_light"]})"));
  const Image never = Measure(truth, R"({"sensors": ["structured_light"], "registered": 0})");
  EXPECT_EQ(error(never), as_it_comes);
  double sum = 0.0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const double moved =
        error(Measure(truth, R"({"sensors": ["structured_light"], "registered": 1})", seed));
    EXPECT_LT(moved, 1.02 * as_it_comes);
    sum += moved;
  }
  EXPECT_LT(sum / 8.0, 0.95 * as_it_comes);
  EXPECT_GT(sum / 8.0, 0.5 * as_it_comes);  // they are neighbours' errors, not none
}

// A box in front of a wall: 500 * 0.1 (1 / 1 - 1 / 2) = 25 pixels of the
// wall, to the left of the box or to its right, are not seen from 10 cm aside.
TEST(DepthCase, WhatTheSensorDoesNotSeeFromAsideIsAHole) {
  Image truth(200, 60);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const int x = static_cast<int>(i % 200);
    truth.data()[i] = x >= 80 && x < 120 ? 1.0f : 2.0f;
  }
  const auto holes = [&](const Image& image, int from, int to) {
    int count = 0;
    for (int y = 0; y < 60; ++y) {
      count += static_cast<int>(std::count_if(image.Row(y) + from, image.Row(y) + to,
                                              [](float value) { return std::isnan(value); }));
    }
    return count / 60.0;
  };
  bool seen[2] = {};
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const Image measured = Measure(truth, R"({"sensors": ["time_of_flight"], "aside": 0.1})", seed);
    const double left = holes(measured, 50, 80);
    const double right = holes(measured, 120, 150);
    EXPECT_NEAR(std::max(left, right), 25.0, 2.5);
    EXPECT_LT(std::min(left, right), 2.5);
    EXPECT_LT(holes(measured, 82, 118), 1.0);
    seen[left > right ? 0 : 1] = true;
  }
  EXPECT_TRUE(seen[0] && seen[1]);
}

// A deviation of 651 / 70 at the farthest, of disparities that reach over 148.
TEST(DepthCase, RieglersNoiseIsOfDisparities) {
  Image truth(200, 100);
  std::fill_n(truth.data(), truth.size(), 0.2f);
  const Image guide(200, 100);
  SplitMix random(1, 0);
  const Image noisy = MeasureDepth({truth, guide, true, {0.2f, 0.8f}, 0.0},
                                   Parse(R"({"riegler_noise": 651})"), random);
  double squares = 0.0;
  for (std::size_t i = 0; i < noisy.size(); ++i) {
    squares += std::pow(noisy.data()[i] - 0.2, 2.0);
  }
  EXPECT_NEAR(std::sqrt(squares / 20000.0), 651.0 / 70.0 * 0.6 / 148.0, 0.001);
}

TEST(DepthCase, TheLastPixelOfEachSquare) {
  const Image truth = Wall(64, 32);
  const Image low = Measure(truth, R"({"ratio": 8, "last_pixel": true})");
  ASSERT_EQ(low.width(), 8);
  EXPECT_EQ(low(2, 1), truth(23, 15));
  EXPECT_THAT([] { Parse(R"({"ratio": 1.5, "last_pixel": true})"); },
              ThrowsMessage<Error>(HasSubstr("'last_pixel'")));
}

TEST(DepthCase, WildValuesAreAFewOfOneValue) {
  const Image wild = Measure(Wall(40, 30), R"({"wild_values": 5})");
  const auto count = std::count(wild.data(), wild.data() + wild.size(), kWildDepth);
  EXPECT_GE(count, 3);  // two may fall on one pixel
  EXPECT_LE(count, 5);
}

TEST(DepthCase, TheGuideMayLieBeside) {
  Image guide(16, 12, 1);
  for (std::size_t i = 0; i < guide.size(); ++i) {
    guide.data()[i] = static_cast<float>(i % 16) / 16.0f;
  }
  SplitMix random(3, 0);
  const Image shifted = ShiftedGuide(guide, Parse(R"({"guide_shift": 2})"), random);
  const float shift = (guide(8, 6) - shifted(8, 6)) * 16.0f;  // one pixel is a 16th of the ramp
  EXPECT_GT(std::abs(shift), 1e-3f);
  EXPECT_LE(std::abs(shift), 2.0f);
  const Image same = ShiftedGuide(guide, Parse("{}"), random);
  EXPECT_TRUE(std::equal(same.data(), same.data() + same.size(), guide.data()));
}

TEST(DepthCase, ErrorsNameTheMember) {
  EXPECT_THAT([] { Parse(R"({"kept": 0})"); }, ThrowsMessage<Error>(HasSubstr("'kept'")));
  EXPECT_THAT([] { Parse(R"({"guide_shift": 17})"); },
              ThrowsMessage<Error>(HasSubstr("'guide_shift'")));
  EXPECT_THAT([] { Parse(R"({"sensors": ["kinect"]})"); },
              ThrowsMessage<Error>(HasSubstr("kinect")));
}

}  // namespace
}  // namespace dkn::sensors
