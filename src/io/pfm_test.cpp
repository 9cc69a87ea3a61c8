#include "src/io/pfm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Data = std::vector<std::uint8_t>;

Data Text(const std::string& header, const Data& pixels) {
  Data bytes(header.begin(), header.end());
  Append(bytes, pixels);
  return bytes;
}

Image Parse(const Data& bytes) {
  return ImageOf(ParsePfm(bytes, ReadOptions()));
}

std::string Refusal(const Data& bytes) {
  return ErrorText([&] { ParsePfm(bytes, ReadOptions()); });
}

const Data kOneLittle{0, 0, 0x80, 0x3F};  // 1.0f
const Data kTwoLittle{0, 0, 0, 0x40};     // 2.0f
const Data kOneBig{0x3F, 0x80, 0, 0};

TEST(Pfm, RowsComeFromTheBottomUp) {
  Data pixels = kOneLittle;
  Append(pixels, kTwoLittle);
  const Image image = Parse(Text("Pf\n1 2\n-1.0\n", pixels));
  EXPECT_EQ(image(0, 0), 2.0f);
  EXPECT_EQ(image(0, 1), 1.0f);
}

TEST(Pfm, TheSignOfTheScaleIsTheByteOrder) {
  EXPECT_EQ(Parse(Text("Pf\n1 1\n1\n", kOneBig))(0, 0), 1.0f);
  EXPECT_EQ(Parse(Text("Pf 1 1 -1\n", kOneLittle))(0, 0), 1.0f);
  // Its size is not applied.
  EXPECT_EQ(Parse(Text("Pf\n1 1\n-0.003922\n", kOneLittle))(0, 0), 1.0f);
}

TEST(Pfm, ColourIsInterleaved) {
  Data pixels = kOneLittle;
  Append(pixels, kTwoLittle);
  Append(pixels, kOneLittle);
  const Image image = Parse(Text("PF\n1 1\n-1\n", pixels));
  ASSERT_EQ(image.channels(), 3);
  EXPECT_EQ(image(0, 0, 0), 1.0f);
  EXPECT_EQ(image(0, 0, 1), 2.0f);
}

TEST(Pfm, WritesWhatItReads) {
  const Image image = Pattern(7, 5, 3, 1000);
  ExpectEqual(Parse(FormatPfm(image)), image);
  const Data bytes = FormatPfm(image);
  EXPECT_THAT(std::string(bytes.begin(), bytes.end()), StartsWith("PF\n7 5\n-1.0\n"));
}

TEST(Pfm, RefusesDamagedHeaders) {
  EXPECT_THAT(Refusal(Text("P6\n1 1\n-1\n", kOneLittle)), HasSubstr("not a PFM"));
  EXPECT_THAT(Refusal(Text("Pf\n1x 1\n-1\n", kOneLittle)), HasSubstr("width"));
  EXPECT_THAT(Refusal(Text("Pf\n1 -\n-1\n", kOneLittle)), HasSubstr("height"));
  EXPECT_THAT(Refusal(Text("Pf\n1 -1\n-1\n", kOneLittle)), HasSubstr("1 x -1"));
  EXPECT_THAT(Refusal(Text("Pf\n1 1\nnan\n", kOneLittle)), HasSubstr("scale"));
  EXPECT_THAT(Refusal(Text("Pf\n1 1\n0\n", kOneLittle)), HasSubstr("scale"));
  EXPECT_THAT(Refusal(Text("Pf\n99999999999999999999 1\n-1\n", kOneLittle)), HasSubstr("width"));
  EXPECT_THAT(Refusal(Text("Pf\n2147483647 2147483647\n-1\n", kOneLittle)), HasSubstr("limit"));
  EXPECT_THAT(Refusal(Text("Pf\n" + std::string(100, '1'), {})), HasSubstr("32 bytes"));
  EXPECT_THAT(Refusal(Text("Pf\n1 1", {})), HasSubstr("truncated"));
}

TEST(Pfm, TheFileSizeIsExact) {
  EXPECT_THAT(Refusal(Text("Pf\n1 2\n-1\n", kOneLittle)), HasSubstr("4 bytes of pixels"));
  Data more = kOneLittle;
  more.push_back(0);
  EXPECT_THAT(Refusal(Text("Pf\n1 1\n-1\n", more)), HasSubstr("5 bytes of pixels"));
  EXPECT_THAT(Refusal(Text("Pf\n1 1\n-1\n", {})), HasSubstr("0 bytes of pixels"));
}

TEST(Pfm, HoldsOneOrThreeChannels) {
  EXPECT_THROW(FormatPfm(Image(2, 2, 2)), Error);
  EXPECT_THROW(FormatPfm(Image()), Error);
}

}  // namespace
}  // namespace dkn
