#include "src/imaging/holes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "dkn/error.h"

namespace dkn {
namespace {

TEST(FillHoles, KeepsWhatIsFinite) {
  Image image(7, 5, 2);
  for (std::size_t i = 0; i < image.size(); ++i) {
    image.data()[i] = static_cast<float>(i * i % 17);
  }
  Image holed = Image::Clone(image);
  EXPECT_FALSE(HasHoles(holed));
  for (std::size_t i = 0; i < image.size(); i += 3) {
    holed.data()[i] = i % 2 == 0 ? kHole : std::numeric_limits<float>::infinity();
  }
  EXPECT_TRUE(HasHoles(holed));
  FillHoles(holed);
  EXPECT_FALSE(HasHoles(holed));
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (i % 3 != 0) {
      EXPECT_EQ(holed.data()[i], image.data()[i]);
    }
  }
}

TEST(FillHoles, ContinuesAConstantOverAnyHole) {
  for (const int size : {1, 2, 3, 8, 33}) {
    Image image(size, size + 1);
    std::fill_n(image.data(), image.size(), kHole);
    image(size / 2, size / 3) = 4.25f;
    FillHoles(image);
    for (std::size_t i = 0; i < image.size(); ++i) {
      EXPECT_FLOAT_EQ(image.data()[i], 4.25f);
    }
  }
}

TEST(FillHoles, StaysBetweenTheValuesAndTakesTheNearerSide) {
  Image image(64, 16);
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 64; ++x) {
      image(x, y) = x < 24 ? 1.0f : x >= 40 ? 3.0f : kHole;
    }
  }
  FillHoles(image);
  EXPECT_NEAR(image(24, 8), 1.0f, 0.3f);
  EXPECT_NEAR(image(39, 8), 3.0f, 0.3f);
  for (int x = 0; x < 64; ++x) {
    EXPECT_GE(image(x, 8), 1.0f);
    EXPECT_LE(image(x, 8), 3.0f);
  }
}

TEST(MarkHoles, ReplacesTheValueThatStandsForAHole) {
  Image image(3, 2, 2);
  image(1, 1, 1) = 5.0f;
  const Image marked = MarkHoles(image, 0.0f);
  EXPECT_TRUE(HasHoles(marked));
  EXPECT_TRUE(HasValues(marked));
  EXPECT_TRUE(std::isnan(marked(0, 0)));
  EXPECT_EQ(marked(1, 1, 1), 5.0f);
  EXPECT_FALSE(HasHoles(MarkHoles(image, {})));
  EXPECT_FALSE(HasValues(MakeHoles(3, 2, 2)));
  EXPECT_FALSE(HasHoles(Image()));
}

TEST(FillHoles, RefusesAChannelWithoutValues) {
  Image image(3, 2, 2);
  std::fill_n(image.Row(0, 1), 6, kHole);
  EXPECT_THROW(FillHoles(image), Error);
}

}  // namespace
}  // namespace dkn
