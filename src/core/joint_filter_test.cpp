#include "dkn/joint_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
