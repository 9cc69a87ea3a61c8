#include "src/imaging/lone_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "src/core/random_image.h"
#include "src/core/test_images.h"
#include "src/imaging/holes.h"

namespace dkn {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A slope from 1.2 to 5 metres, whose every `step`th pixel has this value.
Image Slope(float value, int step) {
  Image image(40, 30);
  for (int i = 0; i < 1200; ++i) {
    image.data()[i] = i % step == 0 ? value : 1.2f + 3.8f * static_cast<float>(i) / 1200.0f;
  }
  return image;
}

TEST(FindLoneValues, FindsWhatIsFrequentAndFar) {
  for (const float value : {0.0f, -1.0f, -9999.0f, 100.0f, 1e10f}) {
    const LoneValues lone = FindLoneValues(Slope(value, 4));
    EXPECT_THAT(lone.values, ElementsAre(value));
    EXPECT_EQ(lone.pixels, 300);
  }
}

TEST(FindLoneValues, FindsSeveral) {
  Image image = Slope(0.0f, 4);
  for (int i = 0; i < 20; ++i) {
    image.data()[40 * i + 1] = -1.0f;
    image.data()[40 * i + 2] = 65535.0f;
  }
  const LoneValues lone = FindLoneValues(image);
  EXPECT_THAT(lone.values, ElementsAre(-1.0f, 0.0f, 65535.0f));
  EXPECT_EQ(lone.pixels, 340);
}

TEST(FindLoneValues, HolesAreNotLookedAt) {
  Image image = Slope(kHole, 4);
  EXPECT_THAT(FindLoneValues(image).values, IsEmpty());
  std::fill_n(image.data(), image.size(), kHole);
  EXPECT_THAT(FindLoneValues(image).values, IsEmpty());
  EXPECT_THAT(FindLoneValues(Image()).values, IsEmpty());
}

TEST(FindLoneValues, FewPixelsAreNone) {
  Image image = Slope(kHole, 1000);
  for (int i = 0; i < 7; ++i) {
    image.data()[50 * i + 1] = 0.0f;
  }
  EXPECT_THAT(FindLoneValues(image).values, IsEmpty());
  image.data()[1001] = 0.0f;
  EXPECT_THAT(FindLoneValues(image).values, ElementsAre(0.0f));
}

// Of a residual, clipped scores or a matte.
TEST(FindLoneValues, WhatOthersReachDownToIsNone) {
  Image image(40, 30);
  for (int i = 0; i < 1200; ++i) {
    image.data()[i] = std::max(0.0f, static_cast<float>(i) / 800.0f - 0.5f);
  }
  EXPECT_THAT(FindLoneValues(image).values, IsEmpty());
  EXPECT_THAT(FindLoneValues(RandomImage(40, 30, 1, 0.0f, 5.0f, 1)).values, IsEmpty());
}

// Depth from disparities in eighths of a pixel, as of structured light: the farthest values are as
// far apart as 2 % of all.
Image Steps() {
  Image image(80, 60);
  for (int i = 0; i < 4800; ++i) {
    image.data()[i] = std::round(43'125.0f / (8.0f + static_cast<float>(i % 170) / 8.0f));
  }
  return image;
}

TEST(FindLoneValues, StepsOfASensorAreNone) {
  EXPECT_THAT(FindLoneValues(Steps()).values, IsEmpty());
  Image image = Steps();
  for (int i = 0; i < 4800; i += 170) {
    image.data()[i + 1] = image.data()[i + 3] = image.data()[i];  // some are not measured
  }
  EXPECT_THAT(FindLoneValues(image).values, IsEmpty());
}

TEST(FindLoneValues, FindsWhatStandsApartFromSteps) {
  for (const float value : {-1.0f, 0.0f, 8000.0f, 65535.0f}) {
    Image image = Steps();
    for (int i = 0; i < 4800; i += 20) {
      image.data()[i] = value;
    }
    EXPECT_THAT(FindLoneValues(image).values, ElementsAre(value));
  }
}

TEST(FindLoneValues, LabelsMasksAndSeveralChannelsHaveNone) {
  Image labels(40, 30);
  Image mask(40, 30);
  for (int i = 0; i < 1200; ++i) {
    labels.data()[i] = static_cast<float>(i % 40 * 7);
    mask.data()[i] = i % 3 == 0 ? 1.0f : 0.0f;
  }
  EXPECT_THAT(FindLoneValues(labels).values, IsEmpty());
  EXPECT_THAT(FindLoneValues(mask).values, IsEmpty());
  Image vectors(40, 30, 2);
  for (int c = 0; c < 2; ++c) {
    Copy(Slope(0.0f, 4), vectors.view().Channel(c));
  }
  EXPECT_THAT(FindLoneValues(vectors).values, IsEmpty());
}

}  // namespace
}  // namespace dkn
