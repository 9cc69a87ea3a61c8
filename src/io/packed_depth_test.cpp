#include "src/io/packed_depth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "dkn/io.h"
#include "src/io/image_codecs.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using Data = std::vector<std::uint8_t>;

int UnpackedValue(std::uint16_t stored, const std::string& packing) {
  const FrameBuffer depth = Unpack({&stored, SampleType::kUint16, 1, 1}, packing);
  EXPECT_EQ(depth.type(), SampleType::kUint16);
  return depth.As<std::uint16_t>()[0];
}

float UnpackedPixel(const Data& pixel, const std::string& packing,
                    ChannelOrder order = ChannelOrder::kRgb) {
  ConstFrame frame(pixel.data(), SampleType::kUint8, 1, 1, static_cast<int>(pixel.size()));
  frame.order = order;
  const FrameBuffer depth = Unpack(frame, packing);
  EXPECT_EQ(depth.type(), SampleType::kFloat32);
  return depth.As<float>()[0];
}

TEST(PackedDepth, BitsAreMovedDown) {
  EXPECT_EQ(UnpackedValue(0xFFFF, "bits:0-12"), 8191);
  EXPECT_EQ(UnpackedValue(0xFFFF, "bits:0-15"), 65535);
  EXPECT_EQ(UnpackedValue(1234 << 3 | 5, "bits:3-15"), 1234);
  EXPECT_EQ(UnpackedValue(0x0040, "bits:6-6"), 1);
}

// Of the three highest bits 0 is 100 %, 1 is 0 %, 2 is 1/7 and 7 is 6/7.
TEST(PackedDepth, Depth16HasItsConfidenceAboveTheMillimetres) {
  const auto stored = [](int confidence) {
    return static_cast<std::uint16_t>(confidence << 13 | 4321);
  };
  for (int code = 0; code < 8; ++code) {
    EXPECT_EQ(UnpackedValue(stored(code), "depth16"), code == 1 ? 0 : 4321) << code;
    EXPECT_EQ(UnpackedValue(stored(code), "depth16:0.5"), code == 0 || code > 4 ? 4321 : 0) << code;
    EXPECT_EQ(UnpackedValue(stored(code), "depth16:1"), code == 0 ? 4321 : 0) << code;
  }
}

TEST(PackedDepth, SunRgbdTurnsBits) {
  for (const int depth : {0, 1, 8191, 8192, 65535}) {
    const auto stored = static_cast<std::uint16_t>(depth << 3 | depth >> 13);
    EXPECT_EQ(UnpackedValue(stored, "sunrgbd"), depth);
  }
}

// From the formulas of those who write such files.
TEST(PackedDepth, SumsOfBytes) {
  EXPECT_EQ(UnpackedPixel({1, 2, 3}, "rgb24"), 1.0f + 2 * 256 + 3 * 65536);
  EXPECT_EQ(UnpackedPixel({1, 2, 3}, "bgr24"), 3.0f + 2 * 256 + 1 * 65536);
  EXPECT_EQ(UnpackedPixel({255, 255, 255}, "rgb24"), 16777215.0f);
  EXPECT_EQ(UnpackedPixel({255, 255, 255}, "carla"), 1000.0f);
  EXPECT_FLOAT_EQ(UnpackedPixel({10, 20, 3}, "carla"),
                  1000.0f * (10 + 20 * 256 + 3 * 65536) / 16777215.0f);
  EXPECT_FLOAT_EQ(UnpackedPixel({10, 20, 3}, "rgb24:5000"),
                  5000.0f * (10 + 20 * 256 + 3 * 65536) / 16777215.0f);
  EXPECT_FLOAT_EQ(UnpackedPixel({1, 134, 160}, "mapbox"), 0.0f);
  EXPECT_NEAR(UnpackedPixel({1, 145, 2}, "mapbox"), -10000 + 0.1 * (65536 + 145 * 256 + 2), 1e-3);
  EXPECT_EQ(UnpackedPixel({128, 0, 0}, "terrarium"), 0.0f);
  EXPECT_EQ(UnpackedPixel({131, 7, 64}, "terrarium"), 775.25f);
}

TEST(PackedDepth, OrderAndAlphaOfMemory) {
  EXPECT_EQ(UnpackedPixel({3, 2, 1, 255}, "rgb24", ChannelOrder::kBgr),
            UnpackedPixel({1, 2, 3}, "rgb24"));
  const auto bits = std::bit_cast<std::uint32_t>(12.375f);
  Data bgra;
  AppendInteger(bgra, bits, 4, false);
  EXPECT_EQ(UnpackedPixel(bgra, "tartanair", ChannelOrder::kBgr), 12.375f);
  std::swap(bgra[0], bgra[2]);
  EXPECT_EQ(UnpackedPixel(bgra, "tartanair"), 12.375f);
}

TEST(PackedDepth, RefusesOtherNamesAndFrames) {
  for (const char* text :
       {"", "rgb", "bits", "bits:", "bits:3", "bits:5-3", "bits:-1-3", "bits:0-16", "bits:0-3x",
        "depth16:2", "depth16:-1", "depth16:nan", "depth16:", "carla:1000", "rgb24:0", "rgb24:inf",
        "rgb24:x", "sunrgbd:3"}) {
    EXPECT_THAT(ErrorText([&] { ParsePacking(text); }), HasSubstr("is no way to pack depth"))
        << text;
  }
  const FrameBuffer grey(SampleType::kUint8, 2, 2, 1);
  EXPECT_THAT(ErrorText([&] { Unpack(grey, "carla"); }),
              HasSubstr("has 1 channel of uint8; --packed carla unpacks 3 of uint8"));
  const FrameBuffer colour(SampleType::kUint8, 2, 2, 3);
  EXPECT_THAT(ErrorText([&] { Unpack(colour, "depth16"); }),
              HasSubstr("has 3 channels of uint8; --packed depth16 unpacks 1 of uint16"));
  EXPECT_THAT(ErrorText([&] { Unpack(colour, "tartanair"); }), HasSubstr("unpacks 4 of uint8"));
}

class PackedFile : public FolderTest {};

TEST_F(PackedFile, IsUnpackedAndAGuideIsNot) {
  const Image picture = Pattern(7, 5, 3, 255);
  WriteImage(Path("a.png"), picture, SampleType::kUint8);
  ReadOptions options;
  options.packed = "rgb24";
  const ImageFile file = ReadImage(Path("a.png"), options);
  EXPECT_EQ(file.type, SampleType::kFloat32);
  ASSERT_EQ(file.image.channels(), 1);
  EXPECT_EQ(file.image(4, 3), picture(4, 3, 0) + 256 * picture(4, 3, 1) + 65536 * picture(4, 3, 2));
  EXPECT_EQ(ReadGuide(Path("a.png"), options).channels(), 3);
}

TEST_F(PackedFile, OfPngHasItsAlpha) {
  Data bytes;
  for (const float depth : {0.5f, 1234.75f}) {
    Data bgra;
    AppendInteger(bgra, std::bit_cast<std::uint32_t>(depth), 4, false);
    std::swap(bgra[0], bgra[2]);
    Append(bytes, bgra);
  }
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = 2;
  png.height = 1;
  png.format = PNG_FORMAT_RGBA;
  ASSERT_NE(png_image_write_to_file(&png, Path("a.png").c_str(), 0, bytes.data(), 0, nullptr), 0);
  ReadOptions options;
  options.packed = "tartanair";
  const Image depth = ReadImage(Path("a.png"), options).image;
  EXPECT_EQ(depth(0, 0), 0.5f);
  EXPECT_EQ(depth(1, 0), 1234.75f);
}

}  // namespace
}  // namespace dkn
