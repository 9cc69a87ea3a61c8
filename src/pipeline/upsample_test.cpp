#include "dkn/upsample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <utility>

#include "dkn/error.h"
#include "src/core/test_images.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr float kHole = std::numeric_limits<float>::quiet_NaN();

Image Constant(int width, int height, int channels, float value) {
  Image image(width, height, channels);
  std::fill_n(image.data(), image.size(), value);
  return image;
}

// The target, each value by `change`; keeps what it was given.
class PointFilter : public JointFilter {
 public:
  explicit PointFilter(std::function<float(float)> change) : change_(std::move(change)) {}
  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    guide = Image::Clone(input.guide);
    target = Image::Clone(input.target);
    output.image = Image::Clone(input.target);
    std::transform(output.image.data(), output.image.data() + output.image.size(),
                   output.image.data(), change_);
    ++calls;
  }

  mutable Image guide;
  mutable Image target;
  mutable int calls = 0;

 private:
  std::function<float(float)> change_;
};

PointFilter Identity() {
  return PointFilter([](float value) { return value; });
}

TEST(UpsampleTest, GivesTheFilterGuideAndNormalisedTarget) {
  const Image guide = RandomImage(24, 16, 3, 0, 1, 1);
  const Image target = RandomImage(6, 4, 1, 500, 9000, 2);
  const auto filter = Identity();
  Upsample(guide, target, filter, {Resampler::kNearest});
  EXPECT_EQ(filter.calls, 1);
  ExpectNear(filter.guide, guide, 0.0f);
  ASSERT_TRUE(SameSize(filter.target.view(), guide.view()));
  // Nearest repeats the values: what the filter sees is 0 to 1 and nothing beyond.
  const auto [low, high] =
      std::minmax_element(filter.target.data(), filter.target.data() + filter.target.size());
  EXPECT_NEAR(*low, 0.0f, 1e-6f);
  EXPECT_NEAR(*high, 1.0f, 1e-6f);
}

TEST(UpsampleTest, WithoutAChangeIsTheResampledTarget) {
  const Image guide = RandomImage(21, 17, 3, 0, 1, 1);
  const Image target = RandomImage(5, 4, 1, 500, 9000, 2);
  for (const Resampler resampler :
       {Resampler::kNearest, Resampler::kBicubic, Resampler::kLanczos}) {
    ExpectNear(Upsample(guide, target, Identity(), {resampler}), Resize(target, 21, 17, resampler),
               0.005f);
  }
  ExpectNear(Upsample(guide, target, Identity()), Resize(target, 21, 17, Resampler::kBicubic),
             0.005f);
}

TEST(UpsampleTest, ScalingAndShiftingTheUnitDoesTheSameToTheResult) {
  const Image guide = RandomImage(23, 18, 3, 0, 1, 1);
  const Image target = RandomImage(6, 5, 1, 0, 1, 2);
  // Not linear, so that it tells which values it was given.
  const PointFilter filter([](float value) { return value * value + 0.25f; });
  const Image result = Upsample(guide, target, filter);
  for (const auto& [scale, shift] : {std::pair{1000.0f, 0.0f},
                                     {1e-6f, 0.0f},
                                     {1.0f, 40.0f},
                                     {65535.0f, -300.0f},
                                     {-2.0f, 0.5f}}) {
    // A negative scale turns the range around: the filter sees 1 - value.
    const bool turned = scale < 0.0f;
    const PointFilter turned_filter(
        [](float value) { return 1.0f - ((1.0f - value) * (1.0f - value) + 0.25f); });
    Image other = Image::Clone(target);
    Image expected = Image::Clone(result);
    for (Image* image : {&other, &expected}) {
      for (std::size_t i = 0; i < image->size(); ++i) {
        image->data()[i] = scale * image->data()[i] + shift;
      }
    }
    ExpectNear(Upsample(guide, other, turned ? turned_filter : filter), expected,
               1e-5f * (std::abs(scale) + std::abs(shift)));
  }
}

TEST(UpsampleTest, ReturnsAConstantAsItIs) {
  const auto filter = Identity();
  for (const float value : {0.0f, 1234.0f, -2.5f}) {
    for (const auto& [width, height] : {std::pair{1, 1}, {3, 2}, {13, 9}}) {
      const Image result = Upsample(Image(13, 9, 3), Constant(width, height, 2, value), filter);
      ExpectNear(result, Constant(13, 9, 2, value), 1e-6f * std::abs(value));
    }
  }
  EXPECT_EQ(filter.calls, 0);
}

// Where interpolation would leave what floats hold, the value is told, not what became of it.
TEST(UpsampleTest, RefusesValuesThatAreTooLargeAndTellsThem) {
  const auto filter = Identity();
  const auto refused = [&](float low, float high) {
    Image target = RandomImage(6, 5, 1, low / 2, high / 2, 3);
    target(1, 1) = low;
    target(2, 3) = high;
    target(4, 3) = high;
    return [&filter, target = std::move(target)] { Upsample(Image(23, 18, 3), target, filter); };
  };
  EXPECT_THAT(refused(-1.0f, 3.4e38f), ThrowsMessage<Error>(HasSubstr("a value of 3.4e+38")));
  EXPECT_THAT(
      refused(-3.4e38f, 3.3e38f),
      ThrowsMessage<Error>(AllOf(HasSubstr("a value of -3.4e+38"), HasSubstr("--invalid"))));
  EXPECT_NO_THROW(refused(-1e37f, 1e37f)());
}

TEST(UpsampleTest, TakesATargetOfTheGuidesSize) {
  const Image target = RandomImage(9, 7, 1, -3, 5, 2);
  ExpectNear(Upsample(RandomImage(9, 7, 3, 0, 1, 1), target, Identity()), target, 1e-5f);
  const Image one = Constant(1, 1, 1, 7.0f);
  ExpectNear(Upsample(Image(1, 1, 1), one, Identity()), one, 0.0f);
}

TEST(UpsampleTest, TakesAnySizeUpToTheGuides) {
  for (const auto& [width, height] :
       {std::pair{1, 2}, {2, 1}, {3, 3}, {5, 11}, {16, 1}, {17, 12}, {16, 13}}) {
    const Image target = RandomImage(width, height, 1, 0, 10, 3);
    const auto filter = Identity();
    const Image result = Upsample(Image(17, 13, 1), target, filter);
    ExpectNear(result, Resize(target, 17, 13, Resampler::kBicubic), 1e-4f);
    EXPECT_EQ(filter.calls, 1);
  }
}

TEST(UpsampleTest, ChannelsShareOneRange) {
  Image target = RandomImage(4, 3, 3, 0, 1, 4);
  target(0, 0, 0) = 0.0f;
  target(3, 2, 2) = 10.0f;  // the smallest and the largest value of all
  const auto filter = Identity();
  const Image result = Upsample(Image(8, 6, 3), target, filter, {Resampler::kNearest});
  ExpectNear(result, Resize(target, 8, 6, Resampler::kNearest), 1e-5f);
  Image tenth = Resize(target, 8, 6, Resampler::kNearest);
  std::for_each(tenth.data(), tenth.data() + tenth.size(), [](float& value) { value /= 10.0f; });
  ExpectNear(filter.target, tenth, 1e-6f);
}

TEST(UpsampleTest, RefusesSizesThatDoNotFit) {
  const auto filter = Identity();
  EXPECT_THAT([&] { Upsample(Image(8, 6, 3), Image(9, 6), filter); },
              ThrowsMessage<Error>(AllOf(HasSubstr("9 x 6"), HasSubstr("8 x 6"))));
  EXPECT_THROW(Upsample(Image(8, 6, 3), Image(8, 7), filter), Error);
  EXPECT_THROW(Upsample(Image(8, 6, 3), Image(), filter), Error);
  EXPECT_THROW(Upsample(Image(), Image(1, 1), filter), Error);
  EXPECT_THROW(Upsample(Image(8, 6, 2), RandomImage(4, 3, 1, 0, 1, 1), filter), Error);
  EXPECT_EQ(filter.calls, 0);
}

TEST(UpsampleTest, RefusesGuidesThatAreNotFiniteAndTellsWhere) {
  const float inf = std::numeric_limits<float>::infinity();
  for (const float bad : {kHole, inf, -inf}) {
    Image guide = RandomImage(8, 6, 3, 0, 1, 1);
    Image target = RandomImage(4, 3, 1, 0, 1, 2);
    guide(5, 4, 2) = bad;
    const auto refused = ThrowsMessage<Error>(AllOf(HasSubstr("guide"), HasSubstr("x = 5, y = 4")));
    EXPECT_THAT([&] { Upsample(guide, target, Identity()); }, refused);
    target(1, 1) = bad;
    EXPECT_THAT([&] { Upsample(guide, target, Identity()); }, refused);
  }
}

TEST(UpsampleTest, ChecksTheGuideOfAConstantTargetToo) {
  const Image target = Constant(4, 3, 1, 2.0f);
  Image guide(8, 6, 3);
  guide(5, 4, 2) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(Upsample(guide, target, Identity()), Error);
  EXPECT_THROW(Upsample(Image(8, 6, 2), target, Identity()), Error);
}

}  // namespace
}  // namespace dkn
