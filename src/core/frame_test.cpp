#include "dkn/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "dkn/error.h"

namespace dkn {
namespace {

// Channel c, row y, column x of a frame of 3 x 2 with 3 channels.
float ValueAt(int x, int y, int c) {
  return static_cast<float>(100 * c + 10 * y + x);
}

void ExpectValues(const Image& image) {
  ASSERT_EQ(image.width(), 3);
  ASSERT_EQ(image.height(), 2);
  for (int c = 0; c < image.channels(); ++c) {
    for (int y = 0; y < 2; ++y) {
      for (int x = 0; x < 3; ++x) {
        EXPECT_EQ(image(x, y, c), ValueAt(x, y, c)) << x << ' ' << y << ' ' << c;
      }
    }
  }
}

TEST(FrameTest, ReadsInterleavedBgrWithGaps) {
  std::vector<std::uint8_t> memory(40, 255);
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 3; ++x) {
      for (int c = 0; c < 3; ++c) {
        memory[static_cast<std::size_t>(20 * y + 3 * x + 2 - c)] =
            static_cast<std::uint8_t>(ValueAt(x, y, c));
      }
    }
  }
  ConstFrame frame(memory.data(), SampleType::kUint8, 3, 2, 3);
  frame.order = ChannelOrder::kBgr;
  frame.row_stride = 20;
  ExpectValues(ImageOf(frame));
}

// A fourth channel stays where it is; the strides leave values at odd addresses.
TEST(FrameTest, ReadsPlanarSixteenBitBgraAtAnyAddress) {
  std::vector<std::uint8_t> memory(1 + 4 * 13, 255);
  for (int c = 0; c < 4; ++c) {
    const int stored = c == 3 ? 3 : 2 - c;
    for (int y = 0; y < 2; ++y) {
      for (int x = 0; x < 3; ++x) {
        const auto at = static_cast<std::size_t>(1 + 13 * stored + 6 * y + 2 * x);
        const int value = static_cast<int>(ValueAt(x, y, c));
        memory[at] = static_cast<std::uint8_t>(value);
        memory[at + 1] = static_cast<std::uint8_t>(value >> 8);
      }
    }
  }
  ConstFrame frame(memory.data() + 1, SampleType::kUint16, 3, 2, 4);
  frame.order = ChannelOrder::kBgr;
  frame.planar = true;
  frame.plane_stride = 13;
  ExpectValues(ImageOf(frame));
}

TEST(FrameTest, EveryTypeReturnsWhatItHolds) {
  Image image(3, 2, 3);
  for (std::size_t i = 0; i < image.size(); ++i) {
    image.data()[i] = static_cast<float>(i);
  }
  for (const SampleType type :
       {SampleType::kUint8, SampleType::kUint16, SampleType::kFloat16, SampleType::kFloat32}) {
    const FrameBuffer frame = FrameOf(image, type);
    EXPECT_EQ(frame.bytes(), 18 * SampleBytes(type));
    const Image back = ImageOf(frame);
    EXPECT_TRUE(std::equal(image.data(), image.data() + image.size(), back.data()));
    EXPECT_EQ(ParseSampleType(SampleTypeName(type)), type);
  }
  EXPECT_THROW(ParseSampleType("int8"), Error);
}

TEST(FrameTest, RoundsHalvesToEven) {
  Image image(3, 1);
  image(0, 0) = 0.5f;
  image(1, 0) = 1.5f;
  image(2, 0) = 254.6f;
  const FrameBuffer frame = FrameOf(image, SampleType::kUint8);
  EXPECT_EQ(frame.As<std::uint8_t>()[0], 0);
  EXPECT_EQ(frame.As<std::uint8_t>()[1], 2);
  EXPECT_EQ(frame.As<std::uint8_t>()[2], 255);
}

// What rounds to a value of the type is held by it, as std::nearbyint rounds.
TEST(FrameTest, HoldsWhatRoundsIntoTheType) {
  for (const SampleType type : {SampleType::kUint8, SampleType::kUint16}) {
    const float full = FullScale(type);
    for (const float whole : {0.0f, 1.0f, 2.0f, full - 1.0f, full}) {
      for (const float off : {-0.5f, -0.25f, 0.0f, 0.25f, 0.5f}) {
        Image image(1, 1);
        image(0, 0) = whole + off;
        const float rounded = std::nearbyint(image(0, 0));
        if (rounded >= 0.0f && rounded <= full) {
          EXPECT_EQ(ImageOf(FrameOf(image, type))(0, 0), rounded) << image(0, 0);
        } else {
          EXPECT_THROW(FrameOf(image, type), Error) << image(0, 0);
        }
      }
    }
  }
}

TEST(FrameTest, RefusesWhatATypeCannotHoldAndWritesNothing) {
  Image image(2, 1);
  image(0, 0) = 7.0f;
  for (const float bad : {-1.0f, 65536.0f, std::numeric_limits<float>::quiet_NaN(),
                          std::numeric_limits<float>::infinity()}) {
    image(1, 0) = bad;
    std::uint16_t memory[2] = {1, 2};
    EXPECT_THROW(ToFrame(image, Frame(memory, SampleType::kUint16, 2, 1)), Error);
    EXPECT_EQ(memory[0], 1);
  }
  image(1, 0) = 65520.0f;
  EXPECT_THROW(FrameOf(image, SampleType::kFloat16), Error);
  image(1, 0) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(ImageOf(FrameOf(image, SampleType::kFloat16))(1, 0)));
}

TEST(FrameTest, RefusesLayoutsThatOverlapOrExceedMemory) {
  std::uint8_t byte = 0;
  const auto refuses = [&](ConstFrame frame) { EXPECT_THROW(CheckFrame(frame, "guide"), Error); };
  const ConstFrame good(&byte, SampleType::kUint8, 4, 4, 3);
  CheckFrame(good, "guide");
  ConstFrame frame = good;
  frame.data = nullptr;
  refuses(frame);
  frame = good;
  frame.width = 0;
  refuses(frame);
  frame = good;
  frame.row_stride = 11;
  refuses(frame);
  frame.row_stride = -12;
  refuses(frame);
  frame = good;
  frame.planar = true;
  frame.plane_stride = 15;
  refuses(frame);
  frame.plane_stride = 4;  // rows of three planes in turn
  frame.row_stride = 12;
  CheckFrame(frame, "guide");
  refuses(ConstFrame(&byte, SampleType::kFloat32, INT32_MAX, INT32_MAX, 4));
  EXPECT_THROW(FrameBuffer(SampleType::kUint8, 0, 1), Error);
  EXPECT_THROW(FrameBuffer(SampleType::kFloat32, INT32_MAX, INT32_MAX, INT32_MAX), Error);
}

TEST(GuideOf, DividesIntegersByTheLargestAndLeavesOutAlpha) {
  const std::uint8_t bgra[] = {51, 102, 255, 7, 0, 255, 51, 9};
  ConstFrame frame(bgra, SampleType::kUint8, 2, 1, 4);
  frame.order = ChannelOrder::kBgr;
  const Image guide = GuideOf(frame);
  ASSERT_EQ(guide.channels(), 3);
  const float expected[] = {1.0f, 0.2f, 0.4f, 1.0f, 0.2f, 0.0f};
  EXPECT_TRUE(std::equal(guide.data(), guide.data() + guide.size(), expected, expected + 6));

  const std::uint16_t grey_and_alpha[] = {65535, 3};
  const Image grey = GuideOf({grey_and_alpha, SampleType::kUint16, 1, 1, 2});
  ASSERT_EQ(grey.size(), 1U);
  EXPECT_EQ(grey(0, 0), 1.0f);
}

TEST(GuideOf, TakesFloatsInUnitRangeAsTheyAreWhereColourIsFinite) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  const float values[] = {-0.25f, kNan, 1.25f, kNan};
  const Image guide = GuideOf({values, SampleType::kFloat32, 2, 1, 2});
  ASSERT_EQ(guide.size(), 2U);
  EXPECT_EQ(guide(0, 0), -0.25f);
  EXPECT_EQ(guide(1, 0), 1.25f);
  EXPECT_THAT(
      [&] {
        GuideOf({values, SampleType::kFloat32, 4, 1});
      },
      testing::ThrowsMessage<Error>(testing::HasSubstr("guide is not finite at x = 1")));
}

TEST(GuideOf, RefusesMoreThanColourAndAlpha) {
  const std::uint8_t values[5] = {};
  EXPECT_THAT(
      [&] {
        GuideOf({values, SampleType::kUint8, 1, 1, 5});
      },
      testing::ThrowsMessage<Error>(testing::HasSubstr("guide has 5 channels")));
  EXPECT_THROW(GuideOf({nullptr, SampleType::kUint8, 1, 1}), ArgumentError);
}

TEST(FrameTest, AnImageIsAFrameWithoutACopy) {
  Image image(5, 4, 2);
  image(2, 1, 1) = 3.0f;
  const ConstFrame frame = FrameOf(image.view().Crop(1, 1, 3, 2));
  EXPECT_EQ(frame.data, &image(1, 1));
  EXPECT_EQ(ImageOf(frame)(1, 0, 1), 3.0f);
}

TEST(FrameTest, AMovedBufferIsEmpty) {
  FrameBuffer buffer(SampleType::kUint8, 2, 2);
  const FrameBuffer moved = std::move(buffer);
  EXPECT_TRUE(buffer.empty());  // NOLINT: that is the test
  EXPECT_FALSE(moved.empty());
}

}  // namespace
}  // namespace dkn
