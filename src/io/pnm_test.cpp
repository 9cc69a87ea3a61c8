#include "src/io/pnm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/io/image_files.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using Data = std::vector<std::uint8_t>;

Data Bytes(const std::string& header, const Data& values = {}) {
  Data bytes(header.begin(), header.end());
  Append(bytes, values);
  return bytes;
}

ImageFile Parse(const Data& bytes, bool guide = false) {
  ReadOptions options;
  options.guide = guide;
  return ImageFileOf(ParsePnm(bytes, options));
}

std::string Refusal(const Data& bytes) {
  return ErrorText([&] { Parse(bytes); });
}

TEST(Pnm, GreyOfEachKind) {
  for (const Data& bytes :
       {Bytes("P2\n# by a program\n3 2\n255\n1 2 3\n4 5 255\n"), Bytes("P2 3 2 255 1 2 3 4 5 255"),
        Bytes("P5\n3 2\n255\n", {1, 2, 3, 4, 5, 255}),
        Bytes("P5 3 # rows\n2\t255\n", {1, 2, 3, 4, 5, 255})}) {
    const ImageFile file = Parse(bytes);
    EXPECT_EQ(file.type, SampleType::kUint8);
    ASSERT_EQ(file.image.width(), 3);
    ASSERT_EQ(file.image.height(), 2);
    ASSERT_EQ(file.image.channels(), 1);
    EXPECT_EQ(file.image(1, 0), 2.0f);
    EXPECT_EQ(file.image(2, 1), 255.0f);
  }
}

TEST(Pnm, SixteenBitsAreBigEndian) {
  for (const Data& bytes :
       {Bytes("P5\n2 1\n65535\n", {1, 2, 0xFF, 0xFF}), Bytes("P2\n2 1\n65535\n258 65535")}) {
    const ImageFile file = Parse(bytes);
    EXPECT_EQ(file.type, SampleType::kUint16);
    EXPECT_EQ(file.image(0, 0), 258.0f);
    EXPECT_EQ(file.image(1, 0), 65535.0f);
  }
}

TEST(Pnm, Colour) {
  for (const Data& bytes :
       {Bytes("P6 2 1 255\n", {1, 2, 3, 4, 5, 6}), Bytes("P3 2 1 255\n1 2 3 4 5 6"),
        Bytes("P6 2 1 999\n", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6})}) {
    const Image image = Parse(bytes).image;
    ASSERT_EQ(image.channels(), 3);
    EXPECT_EQ(image(0, 0, 2), 3.0f);
    EXPECT_EQ(image(1, 0, 0), 4.0f);
  }
}

// 1 is black, and rows of bits begin with a byte.
TEST(Pnm, Bitmaps) {
  for (const Data& bytes :
       {Bytes("P1\n# mask\n9 2\n1 0 0 0 0 0 0 1 0\n0 0 0 0 0 0 0 0 1\n"),
        Bytes("P1 9 2 100000010000000001"), Bytes("P4\n9 2\n", {0x81, 0x7F, 0x00, 0x80})}) {
    for (const bool guide : {false, true}) {
      const ImageFile file = Parse(bytes, guide);
      EXPECT_EQ(file.type, SampleType::kUint8);
      ASSERT_EQ(file.image.width(), 9);
      ASSERT_EQ(file.image.height(), 2);
      ASSERT_EQ(file.image.channels(), 1);
      for (int x = 0; x < 9; ++x) {
        EXPECT_EQ(file.image(x, 0), x == 0 || x == 7 ? 0.0f : 255.0f) << x;
        EXPECT_EQ(file.image(x, 1), x == 8 ? 0.0f : 255.0f) << x;
      }
    }
  }
}

// Pixels of a value, or of a line's end, that begin or end a file of bytes.
TEST(Pnm, BytesMayBeBlanks) {
  const Image image = Parse(Bytes("P5 2 1 255\n", {'\n', ' '})).image;
  EXPECT_EQ(image(0, 0), 10.0f);
  EXPECT_EQ(image(1, 0), 32.0f);
}

TEST(Pnm, OnlyGuidesAreStretched) {
  const Data ten_bits = Bytes("P2 3 1 1023 0 512 1023");
  EXPECT_EQ(Parse(ten_bits).image(2, 0), 1023.0f);
  const ImageFile guide = Parse(ten_bits, true);
  EXPECT_EQ(guide.type, SampleType::kUint16);
  EXPECT_EQ(guide.image(0, 0), 0.0f);
  EXPECT_EQ(guide.image(1, 0), 32800.0f);  // 512 / 1023 of 65535
  EXPECT_EQ(guide.image(2, 0), 65535.0f);
  EXPECT_EQ(Parse(Bytes("P2 1 1 1 1"), true).image(0, 0), 255.0f);
  EXPECT_EQ(Parse(Bytes("P5 1 1 255\n", {7}), true).image(0, 0), 7.0f);
}

TEST(Pnm, RefusesDamage) {
  for (const char* text : {"P2",
                           "P2 ",
                           "P2 x",
                           "P2 3 2 255 1 2 3 4 5",
                           "P2 3 2 255 1 2 3 4 5 6 7",
                           "P2 1 1 0 0",
                           "P2 1 1 65536 0",
                           "P2 1 1 9 10",
                           "P2 1 1 9 -1",
                           "P2 1 1 9 1.5",
                           "P2 0 1 9 1",
                           "P5 1 1 255",
                           "P5 1 1 255\n",
                           "P5 1 1 255\nab",
                           "P5 1 1 300\na",
                           "P5 1 1 9\nx",
                           "P6 1 1 255\nab",
                           "P5 1 1 255x0",
                           "P2 1 1 9 99999999999999999999",
                           "P5 1 1 255 # no end",
                           "P4 9 1\nx",
                           "P4 8 1\nxy",
                           "P4 8 1",
                           "P1 3 1 0 1",
                           "P1 2 1 0 2",
                           "P1 2 1 01 1",
                           "P1 2 1 "}) {
    EXPECT_NE(Refusal(Bytes(text)), "") << text;
  }
  EXPECT_THAT(Refusal(Bytes("P2 1 1 9 10")), HasSubstr("a value of 10, more than its greatest, 9"));
  EXPECT_THAT(Refusal(Bytes("P5 65536 65536 255\nx")), HasSubstr("limit"));
  EXPECT_THAT(Refusal(Bytes("P4 16384 16384\nx")), HasSubstr("truncated"));
  EXPECT_THAT(Refusal(Bytes("P5 16384 16384 255\nx")), HasSubstr("truncated"));
  ReadOptions wide;
  wide.max_pixels = INT64_MAX;
  EXPECT_THROW(ParsePnm(Bytes("P6 999999999 999999999 65535\nx"), wide), Error);
}

}  // namespace
}  // namespace dkn
