#include "dkn/joint_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "dkn/error.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

TEST(CheckFilterInputTest, AcceptsGreyAndColourGuidesAndAnyTarget) {
  for (const int guide_channels : {1, 3}) {
    for (const int target_channels : {1, 2, 3, 21}) {
      EXPECT_NO_THROW(
          CheckFilterInput({Image(5, 3, guide_channels), Image(5, 3, target_channels)}));
    }
  }
  EXPECT_NO_THROW(CheckFilterInput({Image(1, 1, 3), Image(1, 1)}));
}

TEST(CheckFilterInputTest, RefusesEmptyImages) {
  const Image image(5, 3);
  EXPECT_THAT(
      [&] {
        CheckFilterInput({ConstView(), image});
      },
      ThrowsMessage<Error>(HasSubstr("empty")));
  EXPECT_THAT(
      [&] {
        CheckFilterInput({image, ConstView()});
      },
      ThrowsMessage<Error>(HasSubstr("empty")));
  EXPECT_THAT(
      [&] {
        CheckFilterInput({image, Image(5, 3, 0)});
      },
      ThrowsMessage<Error>(HasSubstr("empty")));
}

TEST(CheckFilterInputTest, RefusesOtherSizesAndNamesThem) {
  const auto expected = ThrowsMessage<Error>(AllOf(HasSubstr("4 x 3"), HasSubstr("5 x 3")));
  EXPECT_THAT([] { CheckFilterInput({Image(5, 3), Image(4, 3)}); }, expected);
  EXPECT_THROW(CheckFilterInput({Image(5, 3), Image(5, 4)}), Error);
}

TEST(CheckFilterInputTest, RefusesOtherNumbersOfGuideChannels) {
  for (const int channels : {2, 4}) {
    EXPECT_THAT(
        [&] {
          CheckFilterInput({Image(5, 3, channels), Image(5, 3)});
        },
        ThrowsMessage<Error>(HasSubstr("1 or 3")));
  }
}

TEST(CheckFilterInputTest, RefusesWhatIsNotFiniteAndTellsWhere) {
  for (const float bad : {kNan, kInf, -kInf}) {
    Image guide(5, 3, 3);
    Image target(5, 3, 2);
    guide(4, 1, 2) = bad;
    EXPECT_THAT(
        [&] {
          CheckFilterInput({guide, target});
        },
        ThrowsMessage<Error>(AllOf(HasSubstr("guide"), HasSubstr("x = 4, y = 1"))));
    guide(4, 1, 2) = 0.0f;
    target(0, 2, 1) = bad;
    EXPECT_THAT(
        [&] {
          CheckFilterInput({guide, target});
        },
        ThrowsMessage<Error>(AllOf(HasSubstr("target"), HasSubstr("x = 0, y = 2"))));
  }
}

TEST(CheckFilterInputTest, RefusesMasksThatDoNotFit) {
  const Image guide(5, 3, 3);
  const Image target(5, 3);
  const auto check = [&](const Image& mask) { CheckFilterInput({guide, target, mask}); };
  EXPECT_NO_THROW(check(Image()));
  EXPECT_NO_THROW(check(Image(5, 3)));
  EXPECT_THAT([&] { check(Image(3, 5)); }, ThrowsMessage<Error>(HasSubstr("mask is 3 x 5")));
  EXPECT_THROW(check(Image(5, 3, 2)), Error);
  for (const float bad : {-0.1f, 1.1f, kNan}) {
    Image mask(5, 3);
    mask(4, 1) = bad;
    EXPECT_THAT([&] { check(mask); }, ThrowsMessage<Error>(HasSubstr("x = 4, y = 1")));
  }
}

TEST(CheckFilterInputTest, RefusesSamplesThatAreNoMeasurement) {
  const Image guide(6, 4, 3);
  const Image target(6, 4, 2);
  Image values(3, 2, 2);
  Image measured(3, 2);
  const auto check = [&](const MeasuredSamples& samples) {
    CheckFilterInput({guide, target, {}, samples});
  };
  const MeasuredSamples good{values, measured, 0.5f, 0.5f, 2.0f, 2.0f};
  EXPECT_NO_THROW(check(good));
  EXPECT_NO_THROW(check({values}));
  EXPECT_THAT([&] { check({measured}); },
              ThrowsMessage<Error>(AllOf(HasSubstr("1 channels"), HasSubstr("has 2"))));
  EXPECT_THAT([&] { check({values, Image(2, 3)}); }, ThrowsMessage<Error>(HasSubstr("2 x 3")));
  EXPECT_THROW(check({values, values}), Error);
  for (const float bad : {0.0f, -1.0f, kNan, kInf}) {
    MeasuredSamples samples = good;
    samples.step_y = bad;
    EXPECT_THAT([&] { check(samples); }, ThrowsMessage<Error>(HasSubstr("steps")));
  }
  measured(2, 1) = 0.5f;
  EXPECT_THAT([&] { check(good); }, ThrowsMessage<Error>(HasSubstr("x = 2, y = 1")));
  values(1, 1, 1) = kNan;
  EXPECT_THAT([&] { check(good); }, ThrowsMessage<Error>(HasSubstr("x = 1, y = 1")));
}

// The target plus the guide's first channel: what each was can be told from the result.
class SumFilter : public JointFilter {
 public:
  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const ConstView& target = input.target;
    output.image.Reset(target.width, target.height, target.channels);
    for (int y = 0; y < target.height; ++y) {
      for (int x = 0; x < target.width; ++x) {
        output.image(x, y) = target(x, y) + input.guide(x, y);
      }
    }
  }
};

Image Filled(int width, int height, int channels, float value) {
  Image image(width, height, channels);
  std::fill_n(image.data(), image.size(), value);
  return image;
}

TEST(FilterSessionTest, AppliesWithTheGuideThatWasSet) {
  const SumFilter filter;
  const auto session = filter.StartSession({.width = 3, .height = 2});
  const Image target = Filled(3, 2, 1, 1.0f);
  FilterOutput output;
  EXPECT_THAT(
      [&] {
        session->Apply({{}, target}, output);
      },
      ThrowsMessage<Error>(HasSubstr("SetGuide")));
  for (const float value : {0.25f, 0.5f}) {
    const Image guide = Filled(3, 2, 3, value);
    session->SetGuide(guide);
    for (int frame = 0; frame < 2; ++frame) {
      session->Apply({{}, target}, output);
      EXPECT_EQ(output.image(2, 1), 1.0f + value);
    }
    Image wrong = Filled(3, 2, 3, 0.0f);
    wrong(1, 1, 2) = kNan;
    EXPECT_THAT([&] { session->SetGuide(wrong); },
                ThrowsMessage<Error>(AllOf(HasSubstr("guide"), HasSubstr("x = 1, y = 1"))));
    session->Apply({{}, target}, output);  // by the guide before
    EXPECT_EQ(output.image(2, 1), 1.0f + value);
  }
}

TEST(FilterSessionTest, RefusesOtherFramesAndNamesBothSizes) {
  const SumFilter filter;
  const auto session = filter.StartSession({.width = 3, .height = 2});
  EXPECT_THAT([&] { session->SetGuide(Image(2, 3, 3)); },
              ThrowsMessage<Error>(AllOf(HasSubstr("2 x 3"), HasSubstr("3 x 2"))));
  EXPECT_THAT([&] { session->SetGuide(Image(3, 2, 1)); },
              ThrowsMessage<Error>(AllOf(HasSubstr("with 1 "), HasSubstr("with 3 "))));
  const Image guide(3, 2, 3);
  session->SetGuide(guide);
  FilterOutput output;
  EXPECT_THAT(
      [&] {
        session->Apply({{}, Image(3, 3)}, output);
      },
      ThrowsMessage<Error>(AllOf(HasSubstr("3 x 3"), HasSubstr("3 x 2"))));
  EXPECT_THROW(session->Apply({{}, Image(3, 2, 2)}, output), Error);
  EXPECT_THROW(session->Apply({{}, Image(3, 2), Image(2, 2)}, output), Error);
}

TEST(FilterSessionTest, RefusesSizesThatAreNone) {
  const SumFilter filter;
  const FrameSize bad[] = {{.width = 0, .height = 2},
                           {.width = 3, .height = -1},
                           {.width = 3, .height = (1 << 20) + 1},
                           {.width = 3, .height = 2, .guide_channels = 2},
                           {.width = 3, .height = 2, .target_channels = 0}};
  for (const FrameSize& size : bad) {
    EXPECT_THROW(filter.StartSession(size), Error);
    EXPECT_THROW(filter.ApplyBytes(size), Error);
  }
  EXPECT_EQ(filter.ApplyBytes({.width = 3, .height = 2}), 4 * sizeof(float) * 3 * 2 * 3);
  EXPECT_EQ(filter.precision(), Precision::kFp32);
}

TEST(CheckFiniteTest, TellsTheFirst) {
  Image image(40, 3);
  image(33, 1) = kNan;
  image(37, 1) = kInf;
  image(2, 2) = kNan;
  EXPECT_THAT([&] { CheckFinite(image, "map"); },
              ThrowsMessage<Error>(AllOf(HasSubstr("map"), HasSubstr("x = 33, y = 1"))));
}

TEST(CheckFiniteTest, AcceptsEveryFiniteValue) {
  Image image(4, 1);
  image(0, 0) = std::numeric_limits<float>::max();
  image(1, 0) = std::numeric_limits<float>::lowest();
  image(2, 0) = std::numeric_limits<float>::denorm_min();
  image(3, 0) = -0.0f;
  EXPECT_NO_THROW(CheckFinite(image, "map"));
}

TEST(CheckFiniteTest, LooksAtTheViewAlone) {
  Image image(5, 4);
  image(4, 1) = image(1, 3) = image(0, 1) = kNan;
  EXPECT_NO_THROW(CheckFinite(image.view().Crop(1, 0, 3, 3), "map"));
  EXPECT_THROW(CheckFinite(image.view().Crop(1, 0, 4, 3), "map"), Error);
}

}  // namespace
}  // namespace dkn
