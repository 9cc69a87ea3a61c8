#include "dkn/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/core/test_sanitizers.h"

namespace dkn {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

// Each value tells its place: channel, row and column.
Image Numbered(int width, int height, int channels) {
  Image image(width, height, channels);
  for (int c = 0; c < channels; ++c) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        image(x, y, c) = static_cast<float>(10000 * c + 100 * y + x);
      }
    }
  }
  return image;
}

TEST(ImageTest, StartsAtZeroAndAligned) {
  for (const auto& [width, height, channels] : {std::array{1, 1, 1}, {3, 5, 2}, {17, 1, 3}}) {
    const Image image(width, height, channels);
    EXPECT_EQ(image.width(), width);
    EXPECT_EQ(image.height(), height);
    EXPECT_EQ(image.channels(), channels);
    EXPECT_EQ(image.size(), static_cast<std::size_t>(width) * height * channels);
    EXPECT_FALSE(image.empty());
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(image.data()) % 64, 0u);
    EXPECT_TRUE(std::all_of(image.data(), image.data() + image.size(),
                            [](float value) { return value == 0.0f; }));
  }
}

TEST(ImageTest, PlanesAndRowsLieWithoutGaps) {
  const Image image = Numbered(3, 2, 2);
  const std::vector<float> expected = {0,     1,     2,     100,   101,   102,
                                       10000, 10001, 10002, 10100, 10101, 10102};
  EXPECT_EQ(std::vector<float>(image.data(), image.data() + image.size()), expected);
  EXPECT_EQ(image.Row(1, 1), image.data() + 9);
  EXPECT_EQ(image.view()(2, 1, 1), 10102.0f);
}

TEST(ImageTest, MayBeEmpty) {
  EXPECT_TRUE(Image().empty());
  for (const auto& [width, height, channels] : {std::array{0, 5, 1}, {5, 0, 1}, {5, 5, 0}}) {
    const Image image(width, height, channels);
    EXPECT_TRUE(image.empty());
    EXPECT_TRUE(image.view().empty());
    EXPECT_EQ(image.size(), 0u);
    EXPECT_EQ(Image::Clone(image).width(), width);
  }
}

TEST(ImageTest, RefusesNegativeSizes) {
  EXPECT_THAT([] { Image(-1, 2, 3); }, ThrowsMessage<Error>(HasSubstr("-1 x 2 x 3")));
  EXPECT_THROW(Image(1, -1), Error);
  EXPECT_THROW(Image(1, 1, -1), Error);
}

TEST(ImageTest, RefusesSizesBeyondMemory) {
  constexpr int kMax = std::numeric_limits<int>::max();
  // 2^62 and 2^93 values: their bytes do not fit 64 bits.
  EXPECT_THAT([] { Image(kMax, kMax); }, ThrowsMessage<Error>(HasSubstr("larger than memory")));
  EXPECT_THAT([] { Image(kMax, kMax, kMax); },
              ThrowsMessage<Error>(HasSubstr("larger than memory")));
  // 2^60 bytes do, but no processor addresses them. Sanitizers abort instead of throwing.
  if (!kSanitized) {
    EXPECT_THAT([] { Image(1 << 30, 1 << 28); }, ThrowsMessage<Error>(HasSubstr("no memory")));
  }
}

TEST(ImageTest, ResetKeepsMemoryThatSuffices) {
  Image image(8, 4, 3);
  const float* memory = image.data();
  image.Reset(96, 1);
  EXPECT_EQ(image.data(), memory);
  EXPECT_EQ(image.width(), 96);
  image.Reset(1, 1);
  image.Reset(4, 8, 3);
  EXPECT_EQ(image.data(), memory);
  image.Reset(97, 1);
  EXPECT_EQ(image.size(), 97u);
  std::fill_n(image.data(), image.size(), 1.0f);  // the sanitizer would tell of too little memory
}

TEST(ImageTest, RefusedResetChangesNothing) {
  Image image = Numbered(3, 2, 1);
  EXPECT_THROW(image.Reset(3, -2), Error);
  EXPECT_EQ(image.width(), 3);
  EXPECT_EQ(image.height(), 2);
  EXPECT_EQ(image(2, 1), 102.0f);
}

TEST(ImageTest, MovesAndIsEmptyAfterwards) {
  static_assert(!std::is_copy_constructible_v<Image> && !std::is_copy_assignable_v<Image>);
  Image first = Numbered(3, 2, 2);
  const float* memory = first.data();
  Image second = std::move(first);
  EXPECT_EQ(second.data(), memory);
  EXPECT_EQ(second(2, 1, 1), 10102.0f);
  EXPECT_TRUE(first.empty());  // NOLINT: what a moved-from image is, is what is tested
  EXPECT_EQ(first.data(), nullptr);
  first.Reset(3, 2, 2);  // of use again, with memory of its own
  EXPECT_NE(first.data(), second.data());
  Image third(1, 1);
  third = std::move(second);
  EXPECT_EQ(third.data(), memory);
  EXPECT_EQ(third.channels(), 2);
  EXPECT_TRUE(second.empty());  // NOLINT
}

TEST(ViewTest, ChannelsAndCropsShareTheImage) {
  Image image = Numbered(6, 5, 3);
  const View crop = image.view().Crop(2, 1, 3, 4);
  EXPECT_EQ(crop.width, 3);
  EXPECT_EQ(crop.height, 4);
  EXPECT_EQ(crop.channels, 3);
  EXPECT_EQ(crop(0, 0, 2), 20102.0f);
  EXPECT_EQ(crop(2, 3, 1), 10404.0f);
  const View plane = crop.Channel(1);
  EXPECT_EQ(plane.channels, 1);
  EXPECT_EQ(plane(2, 3), 10404.0f);
  plane(2, 3) = -1.0f;
  EXPECT_EQ(image(4, 4, 1), -1.0f);
  EXPECT_EQ(crop.Crop(1, 1, 1, 1)(0, 0), image(3, 2));
}

TEST(ViewTest, IsReadOnlyOfConst) {
  static_assert(std::is_convertible_v<View, ConstView>);
  static_assert(!std::is_constructible_v<View, ConstView>);
  static_assert(!std::is_convertible_v<const Image&, View>);
  Image image = Numbered(3, 2, 1);
  const ConstView view = image.view();
  EXPECT_EQ(view.data, image.data());
  EXPECT_TRUE(SameSize(view, image.view()));
  EXPECT_FALSE(SameSize(view, view.Crop(0, 0, 2, 2)));
  EXPECT_FALSE(SameSize(view, view.Crop(0, 0, 3, 1)));
}

TEST(CopyTest, CloneTakesACropsValuesAlone) {
  const Image image = Numbered(6, 5, 2);
  const Image clone = Image::Clone(image.view().Crop(1, 2, 3, 2));
  ASSERT_EQ(clone.size(), 12u);
  for (int c = 0; c < 2; ++c) {
    for (int y = 0; y < 2; ++y) {
      for (int x = 0; x < 3; ++x) {
        EXPECT_EQ(clone(x, y, c), image(x + 1, y + 2, c));
      }
    }
  }
}

TEST(CopyTest, LeavesWhatIsAroundTheView) {
  Image image(6, 5, 2);
  std::fill_n(image.data(), image.size(), -1.0f);
  const Image source = Numbered(3, 2, 2);
  Copy(source, image.view().Crop(1, 2, 3, 2));
  for (int c = 0; c < 2; ++c) {
    for (int y = 0; y < 5; ++y) {
      for (int x = 0; x < 6; ++x) {
        const bool inside = x >= 1 && x < 4 && y >= 2 && y < 4;
        EXPECT_EQ(image(x, y, c), inside ? source(x - 1, y - 2, c) : -1.0f);
      }
    }
  }
}

TEST(CopyTest, RefusesOtherSizes) {
  Image to(3, 2, 1);
  EXPECT_THROW(Copy(Image(2, 2, 1), to), Error);
  EXPECT_THROW(Copy(Image(3, 3, 1), to), Error);
  EXPECT_THROW(Copy(Image(3, 2, 2), to), Error);
}

}  // namespace
}  // namespace dkn
