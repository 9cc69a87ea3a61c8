#include "src/io/array_axes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dkn/error.h"

namespace dkn {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ArrayAxes, AxesOfLengthOneDoNotCount) {
  EXPECT_THAT(FindAxes({60, 80}, "it").left, ElementsAre(0, 1));
  EXPECT_THAT(FindAxes({1, 60, 80}, "it").left, ElementsAre(1, 2));
  EXPECT_THAT(FindAxes({60, 80, 1}, "it").left, ElementsAre(0, 1));
  EXPECT_THAT(FindAxes({1, 1, 60, 80}, "it").left, ElementsAre(2, 3));
  EXPECT_THAT(FindAxes({1, 60, 80, 3}, "it").left, ElementsAre(1, 2, 3));
  EXPECT_THAT(FindAxes({1, 1}, "it").left, ElementsAre(0, 1));
  EXPECT_THAT(FindAxes({1, 80, 3}, "it").left, ElementsAre(0, 1, 2));  // one row of colours
}

TEST(ArrayAxes, TellsPlanesFromPixels) {
  EXPECT_TRUE(FindAxes({3, 60, 80}, "it").channels_first);
  EXPECT_TRUE(FindAxes({1, 3, 60, 80}, "it").channels_first);
  EXPECT_TRUE(FindAxes({21, 480, 640}, "it").channels_first);  // nothing has 640 channels
  EXPECT_FALSE(FindAxes({60, 80, 3}, "it").channels_first);
  EXPECT_FALSE(FindAxes({60, 80, 21}, "it").channels_first);
  EXPECT_FALSE(FindAxes({3, 5, 7}, "it").channels_first);
  EXPECT_FALSE(FindAxes({1, 60, 80}, "it").channels_first);
}

TEST(ArrayAxes, RefusesOtherShapes) {
  for (const std::vector<std::int64_t>& shape :
       {std::vector<std::int64_t>{}, {5}, {2, 3, 4, 5}, {2, 1, 3, 4, 5}}) {
    EXPECT_THAT([&] { FindAxes(shape, "the NPY"); },
                testing::ThrowsMessage<Error>(HasSubstr("the NPY has the dimensions " +
                                                        ShapeText(shape) + ", expected [H, W]")));
  }
  EXPECT_EQ(ShapeText({}), "()");
  EXPECT_EQ(ShapeText({5}), "(5,)");
  EXPECT_EQ(ShapeText({2, 3}), "(2, 3)");
}

}  // namespace
}  // namespace dkn
