#include "src/io/raw_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "src/core/random.h"
#include "src/core/test_files.h"
#include "src/io/raw_frames.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using Data = std::vector<std::uint8_t>;

template <typename T>
Data BytesOf(const std::vector<T>& values) {
  const auto* const first = reinterpret_cast<const std::uint8_t*>(values.data());
  return Data(first, first + values.size() * sizeof(T));
}

// Millimetres of a slope, with holes.
template <typename T>
std::vector<T> Slope(int width, int height) {
  std::vector<T> values;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      values.push_back(static_cast<T>((x + y) % 11 == 0 ? 0 : 900 + 7 * x + 3 * y));
    }
  }
  return values;
}

TEST(RawFormat, HasSizesAndPixelFormats) {
  const RawFormat usual = ParseRawFormat("640x480");
  EXPECT_EQ(usual.target.Text(), "640x480,gray16le");
  EXPECT_FALSE(usual.target.told);
  EXPECT_FALSE(usual.guide.has_value());
  const RawFormat both = ParseRawFormat("80x60,grayf32be:1280x720,bgra");
  EXPECT_EQ(both.target.FrameBytes(), 80u * 60 * 4);
  EXPECT_TRUE(both.target.pixel.big_endian);
  EXPECT_TRUE(both.target.told);
  ASSERT_TRUE(both.guide.has_value());
  EXPECT_EQ(both.guide->FrameBytes(), 1280u * 720 * 4);
  const ConstFrame guide = both.guide->FrameIn(Data(both.guide->FrameBytes()));
  EXPECT_EQ(guide.channels, 4);
  EXPECT_EQ(guide.order, ChannelOrder::kBgr);
  EXPECT_EQ(ParseRawFormat("8x6:9x7").guide->Text(), "9x7,rgb24");
}

// Chromas of odd sides are rounded up, and become R,G,B.
TEST(RawFormat, GuidesMayBeLumaAndChroma) {
  RawStream guide = *ParseRawFormat("8x6:3x3,nv12").guide;
  EXPECT_EQ(guide.FrameBytes(), 9u + 8);
  EXPECT_EQ(guide.ReadyBytes(), 27u);
  EXPECT_EQ(ParseRawFormat("8x6:3x3,yuyv422").guide->FrameBytes(), 24u);
  Data bytes(17, 128);
  Data memory;
  ToProcessor(guide, bytes, memory);
  EXPECT_EQ(bytes, Data(27, 130));  // (128 - 16) x 255 / 219
  EXPECT_THAT(ErrorText([] { ParseRawFormat("8x6,nv12"); }), HasSubstr("'nv12' is of guides"));
}

TEST(RawFormat, RefusesAllElse) {
  for (const char* text : {"", "x", "640", "640x480:", ":640x480", "640x480:9x7:9x7", "0x1",
                           ",gray", "640x480x2", "-1x5"}) {
    EXPECT_THAT(ErrorText([&] { ParseRawFormat(text); }), HasSubstr("no size of raw frames"))
        << text;
  }
  for (const char* text : {"640x480,", "640x480,y16", "640x480,gray,gray", "8x6:9x7,yuv444p"}) {
    EXPECT_THAT(ErrorText([&] { ParseRawFormat(text); }),
                HasSubstr("is no pixel format of raw frames; expected gray, "))
        << text;
  }
  EXPECT_THAT(ErrorText([&] { ParseRawFormat("8x6,depth16"); }), HasSubstr("--packed depth16"));
}

TEST(RawFormat, OfBigEndianSamplesBytesAreTurned) {
  Data bytes{1, 2, 3, 4, 5, 6, 7, 8};
  SwapBytes(ParseRawFormat("1x1,gray16le").target.pixel, bytes);
  EXPECT_EQ(bytes, (Data{1, 2, 3, 4, 5, 6, 7, 8}));
  SwapBytes(ParseRawFormat("1x1,gray16be").target.pixel, bytes);
  EXPECT_EQ(bytes, (Data{2, 1, 4, 3, 6, 5, 8, 7}));
  SwapBytes(ParseRawFormat("1x1,grayf32be").target.pixel, bytes);
  EXPECT_EQ(bytes, (Data{3, 4, 1, 2, 7, 8, 5, 6}));
}

TEST(RawFormat, SizesThatFitAreNamed) {
  const auto fitting = [](std::uint64_t bytes, const char* asked) {
    return FittingFormats(bytes, ParseRawFormat(asked).target);
  };
  EXPECT_THAT(fitting(80 * 60 * 4, "80x60"), HasSubstr("one frame of 80x60,grayf32le"));
  EXPECT_THAT(fitting(80 * 60, "80x60"), HasSubstr("one frame of 80x60,gray"));
  EXPECT_THAT(fitting(640 * 576 * 2, "640x480"), HasSubstr("one frame of 640x576,gray16le"));
  EXPECT_THAT(fitting(480 * 640 * 4, "320x200"), HasSubstr("one frame of 480x640,grayf32le"));
  EXPECT_THAT(fitting(3 * 70 * 50, "70x50"), HasSubstr("it would be 3 frames of 70x50,gray"));
  EXPECT_EQ(fitting(7, "80x60"), "");
  EXPECT_EQ(fitting(0, "80x60"), "");
}

TEST(RawFormat, FloatsAndOtherOrdersShow) {
  EXPECT_EQ(SeemedFormat(BytesOf(Slope<std::uint16_t>(80, 60))), std::nullopt);
  EXPECT_EQ(SeemedFormat(BytesOf(Slope<float>(80, 60))), "grayf32le");
  std::vector<float> metres = Slope<float>(80, 60);
  for (float& value : metres) {
    value = value == 0.0f ? std::numeric_limits<float>::quiet_NaN() : value / 1000.0f;
  }
  EXPECT_EQ(SeemedFormat(BytesOf(metres)), "grayf32le");
  Data turned = BytesOf(Slope<std::uint16_t>(80, 60));
  SwapBytes(ParseRawFormat("1x1,gray16be").target.pixel, turned);
  EXPECT_EQ(SeemedFormat(turned), "gray16be");
}

// Frames of 16 bits that are no such thing: constant, empty, noise, small values, multiples of 256.
TEST(RawFormat, NothingIsSeenWhereNothingTellsIt) {
  std::vector<std::uint16_t> small(4800), large(4800), noise(4800);
  Random random(3);
  for (std::size_t i = 0; i < noise.size(); ++i) {
    small[i] = static_cast<std::uint16_t>(i % 80);
    large[i] = static_cast<std::uint16_t>(256 * (i % 80));
    noise[i] = static_cast<std::uint16_t>(random.Index(65536));
  }
  for (const auto& values :
       {small, large, noise, std::vector<std::uint16_t>(4800, 0),
        std::vector<std::uint16_t>(4800, 1234), std::vector<std::uint16_t>{}}) {
    EXPECT_EQ(SeemedFormat(BytesOf(values)), std::nullopt);
  }
}

class RawFile : public FolderTest {
 protected:
  std::string Refusal(const Data& bytes, const std::string& raw, const std::string& packed = "") {
    Put("depth.raw", bytes);
    return ErrorText([&] {
      ReadRawFrame({"rgb.png", Path("depth.raw"), "out.png"}, ParseRawFormat(raw), packed, "");
    });
  }
};

TEST_F(RawFile, OfAnotherSizeIsRefusedBeforeItIsRead) {
  EXPECT_THAT(Refusal(Data(80 * 60 * 4), "80x50"),
              HasSubstr("has 19200 bytes, which are no whole frames of 80x50,gray16le, 8000 bytes "
                        "each; it would be "));
  EXPECT_THAT(
      Refusal(Data(80 * 60 * 4), "80x60"),
      HasSubstr("has several frames, of which one goes into out.png; expected one, or a raw "
                "output; it would be one frame of 80x60,grayf32le"));
}

TEST_F(RawFile, OfAnotherTypeIsRefusedUnlessItIsTold) {
  const Data floats = BytesOf(Slope<float>(80, 30));
  EXPECT_THAT(Refusal(floats, "80x60"), HasSubstr("80x60,grayf32le or 80x60,gray16le"));
  EXPECT_EQ(Refusal(floats, "80x60,gray16le"), "");
  EXPECT_EQ(Refusal(floats, "80x30,grayf32le"), "");
  EXPECT_EQ(Refusal(floats, "80x60", "depth16"), "");
  std::vector<std::uint16_t> phone = Slope<std::uint16_t>(80, 60);
  for (std::size_t i = 0; i < phone.size(); i += 3) {
    phone[i] |= 7 << 13;
  }
  EXPECT_THAT(Refusal(BytesOf(phone), "80x60"), HasSubstr("--packed depth16"));
  EXPECT_EQ(Refusal(BytesOf(phone), "80x60", "depth16"), "");
  EXPECT_EQ(Refusal(BytesOf(phone), "80x60,gray16le"), "");
}

}  // namespace
}  // namespace dkn
