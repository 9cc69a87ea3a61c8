#include <gtest/gtest.h>

#include <limits>
#include <memory>

#include "dkn/error.h"
#include "dkn/joint_filter.h"
#include "src/filters/filter_kind.h"

namespace dkn {

FilterKind BicubicKind();

namespace {

Image Counting(int width, int height, int channels) {
  Image image(width, height, channels);
  for (std::size_t i = 0; i < image.size(); ++i) {
    image.data()[i] = 0.1f * static_cast<float>(i);
  }
  return image;
}

void ExpectEqual(ConstView a, ConstView b) {
  ASSERT_TRUE(SameSize(a, b));
  ASSERT_EQ(a.channels, b.channels);
  for (int c = 0; c < a.channels; ++c) {
    for (int y = 0; y < a.height; ++y) {
      for (int x = 0; x < a.width; ++x) {
        ASSERT_EQ(a(x, y, c), b(x, y, c)) << "x " << x << " y " << y << " channel " << c;
      }
    }
  }
}

TEST(BicubicTest, ReturnsTheTargetWhateverTheGuide) {
  const auto filter = MakeFilter(BicubicKind());
  FilterOutput output;
  for (const int channels : {1, 2, 5}) {
    const Image target = Counting(7, 5, channels);
    filter->Apply({Counting(7, 5, 3), target}, output);
    ExpectEqual(output.image, target);
    filter->Apply({Image(7, 5, 1), target}, output);
    ExpectEqual(output.image, target);
  }
}

TEST(BicubicTest, TakesOnePixelAndCrops) {
  const auto filter = MakeFilter(BicubicKind());
  FilterOutput output;
  const Image one = Counting(1, 1, 1);
  filter->Apply({one, one}, output);
  ExpectEqual(output.image, one);
  const Image large = Counting(9, 8, 2);
  const ConstView crop = large.view().Crop(3, 2, 4, 5);
  filter->Apply({Image(4, 5, 3), crop}, output);
  ExpectEqual(output.image, crop);
}

TEST(BicubicTest, ReusesTheOutputsMemory) {
  const auto filter = MakeFilter(BicubicKind());
  FilterOutput output;
  filter->Apply({Image(8, 6, 3), Counting(8, 6, 2)}, output);
  const float* memory = output.image.data();
  const Image smaller = Counting(5, 3, 1);
  filter->Apply({Image(5, 3, 3), smaller}, output);
  EXPECT_EQ(output.image.data(), memory);
  ExpectEqual(output.image, smaller);
}

TEST(BicubicTest, ChecksItsInput) {
  const auto filter = MakeFilter(BicubicKind());
  FilterOutput output;
  EXPECT_THROW(filter->Apply({Image(4, 4, 3), Image(4, 5)}, output), Error);
  EXPECT_THROW(filter->Apply({Image(4, 4, 2), Image(4, 4)}, output), Error);
  Image target(4, 4);
  target(1, 2) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(filter->Apply({Image(4, 4, 3), target}, output), Error);
}

}  // namespace
}  // namespace dkn
