#include "src/imaging/zeros.h"

#include <gtest/gtest.h>

#include <functional>

namespace dkn {
namespace {

constexpr auto kUint8 = SampleType::kUint8;
constexpr auto kUint16 = SampleType::kUint16;

// 40 x 30 pixels, of which every fourth is 0.
Image Map(const std::function<int(int)>& value, int channels = 1) {
  Image image(40, 30, channels);
  for (int i = 0; i < 1200 * channels; ++i) {
    image.data()[i] = i % 4 == 0 ? 0.0f : static_cast<float>(value(i));
  }
  return image;
}

TEST(ZeroIsHole, OfDepthAndDisparity) {
  EXPECT_TRUE(ZeroIsHole(Map([](int i) { return 1000 + i; }), kUint16));
  EXPECT_TRUE(ZeroIsHole(Map([](int i) { return 20 + 7 * i; }), kUint16));
  // A flat wall, also one with the code of a sensor; coarse steps.
  EXPECT_TRUE(ZeroIsHole(Map([](int) { return 2000; }), kUint16));
  EXPECT_TRUE(ZeroIsHole(Map([](int i) { return i % 7 == 1 ? 65535 : 2000 + i % 3; }), kUint16));
  EXPECT_TRUE(ZeroIsHole(Map([](int i) { return 500 + 300 * (i % 20); }), kUint16));
  // Disparities of bytes, in either type.
  EXPECT_TRUE(ZeroIsHole(Map([](int i) { return 30 + i % 90; }), kUint8));
  EXPECT_TRUE(ZeroIsHole(Map([](int i) { return 30 + i % 90; }), kUint16));
}

TEST(ZeroIsHole, NotOfMasksLabelsAndPictures) {
  for (const int white : {1, 255, 65535}) {
    EXPECT_FALSE(ZeroIsHole(Map([=](int) { return white; }), kUint16));
  }
  EXPECT_FALSE(ZeroIsHole(Map([](int) { return 255; }), kUint8));
  EXPECT_FALSE(ZeroIsHole(Map([](int i) { return i % 2 == 0 ? 32768 : 65535; }), kUint16));
  // A mask with borders of 16 and of all steps; a grey picture.
  EXPECT_FALSE(ZeroIsHole(Map([](int i) { return 15 * (1 + i % 17); }), kUint8));
  EXPECT_FALSE(ZeroIsHole(Map([](int i) { return 1 + i % 255; }), kUint8));
  EXPECT_FALSE(ZeroIsHole(Map([](int i) { return 5 + i % 200; }), kUint8));
  // Labels from 1 on; of classes and things in them (24001).
  EXPECT_FALSE(ZeroIsHole(Map([](int i) { return 1 + i % 40; }), kUint16));
  EXPECT_FALSE(ZeroIsHole(Map([](int i) { return i % 2 == 0 ? 7 : 24000 + i % 9; }), kUint16));
  EXPECT_FALSE(ZeroIsHole(Map([](int i) { return 1000 + i; }, 3), kUint16));
  EXPECT_FALSE(ZeroIsHole(Map([](int i) { return 30 + i % 90; }, 2), kUint8));
}

// A frame of few pixels has few values, whatever it is.
TEST(ZeroIsHole, OfFewPixelsIfTheyAreLargerThanBytes) {
  Image image(3, 2);
  image(0, 0) = 40.0f;
  image(1, 0) = 3000.0f;
  EXPECT_TRUE(ZeroIsHole(image, kUint16));
}

TEST(ZeroIsHole, ZerosAloneAreOfADepthCamera) {
  const Image image(8, 6);
  EXPECT_TRUE(ZeroIsHole(image, kUint16));
  EXPECT_FALSE(ZeroIsHole(image, kUint8));
}

TEST(CountZeros, CountsThemInAllChannels) {
  Image image(5, 4, 2);
  image(3, 2, 1) = 1.0f;
  EXPECT_EQ(CountZeros(image), 39);
}

}  // namespace
}  // namespace dkn
