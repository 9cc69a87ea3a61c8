// What every method of the registry keeps, for sizes at random and views into larger images.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "dkn/filter_image.h"
#include "dkn/registry.h"
#include "dkn/upsample.h"
#include "src/core/test_properties.h"

namespace dkn {
namespace {

// All classical filters and a network; DKN, which is slow, is model_property_test's.
std::vector<std::string> Methods() {
  std::vector<std::string> names;
  for (const FilterInfo& info : ListFilters()) {
    names.push_back(info.name);
  }
  names.push_back("fdkn_x8");
  return names;
}

class MethodPropertyTest : public testing::TestWithParam<std::string> {
 protected:
  Image Apply(ConstView guide, ConstView target) const {
    FilterOutput output;
    filter_->Apply({guide, target}, output);
    return std::move(output.image);
  }
  int Size() { return RandomInt(0, 3, random_) == 0 ? 1 : RandomInt(1, 70, random_); }
  int GuideChannels() { return RandomInt(0, 1, random_) * 2 + 1; }

  const std::unique_ptr<JointFilter> filter_ = CreateFilter(GetParam());
  std::mt19937 random_{13};
};

TEST_P(MethodPropertyTest, ViewsGiveWhatTheirCopiesDo) {
  for (int trial = 0; trial < Trials(8); ++trial) {
    const int width = Size();
    const int height = Size();
    GuardedImage guide(width, height, GuideChannels(), random_);
    GuardedImage target(width, height, RandomInt(1, 3, random_), random_);
    const Image out = Apply(guide, target);
    ExpectNear(out, Apply(Image::Clone(guide), Image::Clone(target)), 0.0f);
    guide.CheckGuard();
    target.CheckGuard();
    for (std::size_t i = 0; i < out.size(); ++i) {
      ASSERT_TRUE(std::isfinite(out.data()[i])) << width << " x " << height;
    }
  }
}

// From any size and unit to any larger size: the unit scales the result, and adding to the target
// adds to the result.
TEST_P(MethodPropertyTest, UpsamplingKeepsUnits) {
  for (int trial = 0; trial < Trials(6); ++trial) {
    const int width = Size();
    const int height = Size();
    GuardedImage guide(width, height, GuideChannels(), random_);
    GuardedImage target(RandomInt(1, width, random_), RandomInt(1, height, random_), 1, random_);
    const Image out = Upsample(guide, target, *filter_);
    ASSERT_TRUE(SameSize(out.view(), guide.view()));
    Image millimetres = Image::Clone(target);
    for (std::size_t i = 0; i < millimetres.size(); ++i) {
      millimetres.data()[i] = 1000.0f * millimetres.data()[i] + 300.0f;
    }
    const Image scaled = Upsample(guide, millimetres, *filter_);
    for (std::size_t i = 0; i < out.size(); ++i) {
      ASSERT_NEAR(scaled.data()[i], 1000.0f * out.data()[i] + 300.0f, 0.2f)
          << target.view().width << " x " << target.view().height << " to " << width << " x "
          << height;
    }
  }
}

TEST_P(MethodPropertyTest, WhatIsNotFiniteIsRefused) {
  for (int trial = 0; trial < Trials(8); ++trial) {
    const int width = Size();
    const int height = Size();
    GuardedImage guide(width, height, 3, random_);
    GuardedImage target(width, height, 2, random_);
    GuardedImage& bad = trial % 2 == 0 ? guide : target;
    const int x = RandomInt(0, width - 1, random_);
    const int y = RandomInt(0, height - 1, random_);
    for (const float wrong : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
      bad.view()(x, y, RandomInt(0, 1, random_)) = wrong;
      EXPECT_THROW(Apply(guide, target), Error);
      // In a target for upsampling or filtering it is a hole.
      if (&bad == &guide || width * height == 1) {
        EXPECT_THROW(Upsample(guide, target, *filter_), Error);
        EXPECT_THROW(FilterImage(guide, target, *filter_), Error);
      } else {
        EXPECT_NO_THROW(CheckFinite(Upsample(guide, target, *filter_), "result"));
        EXPECT_NO_THROW(CheckFinite(FilterImage(guide, target, *filter_, 2), "result"));
      }
    }
  }
}

TEST_P(MethodPropertyTest, ProgressGrowsAndCanEndTheWork) {
  const Image guide = RandomImage(40, 30, 3, random_());
  Image target = RandomImage(20, 15, 1, random_());
  target(3, 4) = std::nanf("");
  std::vector<double> shares;
  int calls = 1 << 30;  // until the work is ended
  UpsampleOptions options;
  options.iterations = 2;
  const Image untold = Upsample(guide, target, *filter_, options);
  options.progress = [&](double done) {
    shares.push_back(done);
    return --calls > 0;
  };
  ExpectNear(Upsample(guide, target, *filter_, options), untold, 0.0f);
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  const std::vector<std::string> slow = {"cov",  "crossfield", "densecrf", "fdkn_x8", "jbu", "mrf",
                                         "park", "rgf",        "rtv",      "sdf",     "tgv", "wls"};
  if (std::find(slow.begin(), slow.end(), GetParam()) == slow.end() && shares.empty()) {
    return;
  }
  ASSERT_FALSE(shares.empty());
  EXPECT_GE(shares.front(), 0.0);
  EXPECT_LE(shares.back(), 1.0);
  calls = static_cast<int>(shares.size()) / 2 + 1;
  EXPECT_THROW(Upsample(guide, target, *filter_, options), CancelledError);
  EXPECT_LE(calls, 0);
}

// What the classical filters keep, and networks nearly.
class FilterPropertyTest : public MethodPropertyTest {
 protected:
  Image Apply(const FilterInput& input) const {
    FilterOutput output;
    filter_->Apply(input, output);
    return std::move(output.image);
  }
};

TEST_P(FilterPropertyTest, AConstantStays) {
  for (int trial = 0; trial < Trials(4); ++trial) {
    const int width = Size();
    const int height = Size();
    Image target(width, height, RandomInt(1, 3, random_));
    std::fill_n(target.data(), target.size(), 0.375f);
    const Image guide = RandomImage(width, height, GuideChannels(), random_());
    ExpectNear(Apply({guide, target}), target, 1e-5f);
    const Image mask = RandomImage(width, height, 1, random_());
    ExpectNear(Apply({guide, target, mask}), target, 1e-5f);
  }
}

TEST_P(FilterPropertyTest, OnePixelStays) {
  for (const int channels : {1, 3}) {
    const Image target = RandomImage(1, 1, 2, random_());
    const Image guide = RandomImage(1, 1, channels, random_());
    ExpectNear(Apply({guide, target}), target, 1e-5f);
  }
}

// Guides that are black, white or of one bright pixel; samples of which few or none are measured.
TEST_P(FilterPropertyTest, ExtremesGiveFiniteValues) {
  Image guide(30, 20, 3);
  const Image target = RandomImage(30, 20, 1, random_());
  for (const float value : {0.0f, 1.0f}) {
    std::fill_n(guide.data(), guide.size(), value);
    guide(10, 10, 1) = 1.0f;
    for (const float measured : {0.0f, 1.0f}) {
      Image mask(30, 20);
      mask(3, 4) = measured;
      const Image values = RandomImage(15, 10, 1, random_());
      Image low_mask(15, 10);
      low_mask(14, 9) = measured;
      MeasuredSamples samples{values, low_mask, 0.5f, 0.5f, 2.0f, 2.0f};
      CheckFinite(Apply({guide, target, mask}), "result");
      CheckFinite(Apply({guide, target, mask, samples}), "result");
    }
  }
}

// All but densecrf, whose channels are scores: a constant of them grows surer of itself, as
// densecrf_test tells.
std::vector<std::string> Filters() {
  std::vector<std::string> names = Methods();
  names.pop_back();
  names.erase(std::remove(names.begin(), names.end(), "densecrf"), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Filters, FilterPropertyTest, testing::ValuesIn(Filters()),
                         [](const auto& info) { return info.param; });

INSTANTIATE_TEST_SUITE_P(Methods, MethodPropertyTest, testing::ValuesIn(Methods()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace dkn
