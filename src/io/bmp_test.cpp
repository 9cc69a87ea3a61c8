#include "src/io/bmp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "dkn/io.h"
#include "dkn/opencv.h"
#include "src/io/image_files.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using Data = std::vector<std::uint8_t>;

struct Kind {
  std::int32_t width = 3;
  std::int32_t height = 2;
  int bits = 24;
  std::uint32_t compression = 0;
  std::uint32_t colours = 0;
};

// `after` stands between the header and the pixels: masks or a palette.
Data MakeBmp(const Kind& kind, const Data& after, const Data& pixels) {
  Data bytes{'B', 'M'};
  AppendInteger(bytes, 54 + after.size() + pixels.size(), 4, false);
  AppendInteger(bytes, 0, 4, false);
  AppendInteger(bytes, 54 + after.size(), 4, false);
  AppendInteger(bytes, 40, 4, false);
  AppendInteger(bytes, static_cast<std::uint32_t>(kind.width), 4, false);
  AppendInteger(bytes, static_cast<std::uint32_t>(kind.height), 4, false);
  AppendInteger(bytes, 1, 2, false);
  AppendInteger(bytes, static_cast<std::uint64_t>(kind.bits), 2, false);
  AppendInteger(bytes, kind.compression, 4, false);
  Append(bytes, Data(12));
  AppendInteger(bytes, kind.colours, 4, false);
  AppendInteger(bytes, 0, 4, false);
  Append(bytes, after);
  Append(bytes, pixels);
  return bytes;
}

Image Parse(const Data& bytes) {
  return ImageOf(ParseBmp(bytes, ReadOptions()));
}

std::string Refusal(const Data& bytes) {
  return ErrorText([&] { Parse(bytes); });
}

Data Greys() {
  Data palette;
  for (int i = 0; i < 256; ++i) {
    const auto grey = static_cast<std::uint8_t>(i);
    Append(palette, {grey, grey, grey, 0});
  }
  return palette;
}

class Bmp : public FolderTest {};

// Widths whose rows end at 0 to 3 bytes of padding.
TEST_F(Bmp, ReadsWhatOpenCvWrites) {
  for (int width = 1; width < 6; ++width) {
    for (const int channels : {1, 3}) {
      const Image image = Pattern(width, 3, channels, 255);
      Data bytes;
      cv::imencode(".bmp", MatFromImage(image, CV_8U), bytes);
      const ImageFile file = ReadImage(Put("a.bmp", bytes));
      EXPECT_EQ(file.type, SampleType::kUint8);
      ExpectEqual(file.image, image);
    }
  }
}

TEST_F(Bmp, RowsFromTheTop) {
  const Data pixels{3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0,  //
                    0, 0, 0, 0, 0, 0, 9, 8, 7, 0, 0, 0};
  const Image down = Parse(MakeBmp({3, -2, 24, 0, 0}, {}, pixels));
  EXPECT_EQ(down(0, 0, 0), 1.0f);
  EXPECT_EQ(down(2, 1, 0), 7.0f);
  const Image up = Parse(MakeBmp({3, 2, 24, 0, 0}, {}, pixels));
  EXPECT_EQ(up(0, 1, 2), 3.0f);
  EXPECT_EQ(up(2, 0, 2), 9.0f);
}

TEST_F(Bmp, FourBytes) {
  const Data pixels{3, 2, 1, 77, 6, 5, 4, 0};
  Data masks;
  for (const std::uint32_t mask : {0xFF0000u, 0xFF00u, 0xFFu}) {
    AppendInteger(masks, mask, 4, false);
  }
  for (const Image& image : {Parse(MakeBmp({2, 1, 32, 0, 0}, {}, pixels)),
                             Parse(MakeBmp({2, 1, 32, 3, 0}, masks, pixels))}) {
    ASSERT_EQ(image.channels(), 3);
    EXPECT_EQ(image(0, 0, 0), 1.0f);
    EXPECT_EQ(image(1, 0, 2), 6.0f);
  }
  std::swap(masks[0], masks[2]);
  EXPECT_THAT(Refusal(MakeBmp({2, 1, 32, 3, 0}, masks, pixels)), HasSubstr("other bits"));
}

TEST_F(Bmp, Palettes) {
  EXPECT_EQ(Parse(MakeBmp({2, 1, 8, 0, 0}, Greys(), {5, 200, 0, 0})).channels(), 1);
  const Data two{1, 2, 3, 0, 4, 5, 6, 0};
  const Image image = Parse(MakeBmp({2, 1, 8, 0, 2}, two, {1, 0, 0, 0}));
  ASSERT_EQ(image.channels(), 3);
  EXPECT_EQ(image(0, 0, 0), 6.0f);
  EXPECT_EQ(image(1, 0, 2), 1.0f);
  EXPECT_THAT(Refusal(MakeBmp({2, 1, 8, 0, 2}, two, {2, 0, 0, 0})), HasSubstr("colour 2 of 2"));
}

// The first pixel of a byte stands in its high bits; rows end at four bytes.
TEST_F(Bmp, FewBits) {
  const Data black_and_white{0, 0, 0, 0, 255, 255, 255, 0};
  const Data rows{0x80, 0x80, 0, 0, 0x01, 0, 0, 0};  // the lower one first
  const Image bits = Parse(MakeBmp({9, 2, 1, 0, 2}, black_and_white, rows));
  ASSERT_EQ(bits.channels(), 1);
  for (int x = 0; x < 9; ++x) {
    EXPECT_EQ(bits(x, 0), x == 7 ? 255.0f : 0.0f) << x;
    EXPECT_EQ(bits(x, 1), x == 0 || x == 8 ? 255.0f : 0.0f) << x;
  }
  const Data colours{0, 0, 255, 0, 255, 0, 0, 0};  // red, blue
  const Image two = Parse(MakeBmp({2, 1, 1, 0, 0}, colours, {0x40, 0, 0, 0}));
  ASSERT_EQ(two.channels(), 3);
  EXPECT_EQ(two(0, 0, 0), 255.0f);
  EXPECT_EQ(two(1, 0, 2), 255.0f);
  Data sixteen;
  for (int i = 0; i < 16; ++i) {
    const auto grey = static_cast<std::uint8_t>(17 * i);
    Append(sixteen, {grey, grey, grey, 0});
  }
  const Image nibbles = Parse(MakeBmp({3, 1, 4, 0, 0}, sixteen, {0x3F, 0x70, 0, 0}));
  ASSERT_EQ(nibbles.channels(), 1);
  EXPECT_EQ(nibbles(0, 0), 51.0f);
  EXPECT_EQ(nibbles(1, 0), 255.0f);
  EXPECT_EQ(nibbles(2, 0), 119.0f);
}

TEST_F(Bmp, RefusesOtherKindsAndDamage) {
  const Data row(12);
  EXPECT_THAT(Refusal(MakeBmp({3, 1, 16, 0, 0}, {}, row)), HasSubstr("16 bits"));
  EXPECT_THAT(Refusal(MakeBmp({3, 1, 8, 1, 0}, Greys(), row)), HasSubstr("compression 1"));
  EXPECT_THAT(Refusal(MakeBmp({0, 1, 24, 0, 0}, {}, row)), HasSubstr("0 x 1"));
  EXPECT_THAT(Refusal(MakeBmp({-3, 1, 24, 0, 0}, {}, row)), HasSubstr("-3 x 1"));
  EXPECT_THAT(Refusal(MakeBmp({1 << 17, 1 << 17, 24, 0, 0}, {}, row)), HasSubstr("limit"));
  EXPECT_THAT(Refusal(MakeBmp({1 << 13, 1 << 13, 24, 0, 0}, {}, row)), HasSubstr("truncated"));
  EXPECT_THAT(Refusal(MakeBmp({3, INT32_MIN, 24, 0, 0}, {}, row)), HasSubstr("2147483648"));
  ReadOptions wide;
  wide.max_pixels = INT64_MAX;
  EXPECT_THROW(ParseBmp(MakeBmp({INT32_MAX, INT32_MAX, 32, 0, 0}, {}, row), wide), Error);
  const Data good = MakeBmp({3, 1, 24, 0, 0}, {}, row);
  for (std::size_t size = 2; size < good.size(); ++size) {
    EXPECT_NE(Refusal(Data(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))), "");
  }
  Data old = good;
  old[14] = 12;
  EXPECT_THAT(Refusal(old), HasSubstr("header has 12 bytes"));
}

}  // namespace
}  // namespace dkn
