#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tiffio.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/io/test_files.h"

// How programs lay a TIFF's values out, by libtiff.
namespace dkn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Layout {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int bits = 8;
  int samples = 1;
  int photometric = PHOTOMETRIC_MINISBLACK;
  int planar = PLANARCONFIG_CONTIG;
  int orientation = 0;                    // 0: not told
  std::vector<std::uint16_t> extra = {};  // kinds of extra samples
  bool tiled = false;
  int format = SAMPLEFORMAT_UINT;
};

class TiffLayout : public FolderTest {
 protected:
  // Rows of bytes, of all of a channel before the next where they are apart.
  std::string Write(const Layout& layout, const std::vector<std::vector<std::uint8_t>>& rows) {
    const std::string path = Path("a.tif");
    TIFFSetWarningHandler(nullptr);
    TIFF* const tiff = TIFFOpen(path.c_str(), "w");
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, layout.width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, layout.height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, layout.bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, layout.format);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, layout.samples);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, layout.photometric);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, layout.planar);
    if (layout.orientation != 0) {
      TIFFSetField(tiff, TIFFTAG_ORIENTATION, layout.orientation);
    }
    if (!layout.extra.empty()) {
      TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, static_cast<int>(layout.extra.size()),
                   layout.extra.data());
    }
    if (layout.photometric == PHOTOMETRIC_PALETTE) {
      std::vector<std::uint16_t> red(1u << layout.bits), green(red), blue(red);
      for (std::size_t i = 0; i < red.size(); ++i) {
        red[i] = static_cast<std::uint16_t>(i * 1000);
        blue[i] = static_cast<std::uint16_t>(65535 - i * 1000);
      }
      TIFFSetField(tiff, TIFFTAG_COLORMAP, red.data(), green.data(), blue.data());
    }
    if (layout.tiled) {
      WriteTiles(tiff, layout, rows);
    } else {
      TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 2u);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        std::vector<std::uint8_t> row = rows[i];
        EXPECT_EQ(TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(i) % layout.height,
                                    static_cast<std::uint16_t>(i / layout.height)),
                  1);
      }
    }
    TIFFClose(tiff);
    return path;
  }

  // One tile of 16 x 16 for each channel.
  static void WriteTiles(TIFF* tiff, const Layout& layout,
                         const std::vector<std::vector<std::uint8_t>>& rows) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 16u);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, 16u);
    for (std::uint32_t c = 0; c < rows.size() / layout.height; ++c) {
      std::vector<std::uint8_t> tile(256);
      for (std::uint32_t y = 0; y < layout.height; ++y) {
        const std::vector<std::uint8_t>& row = rows[c * layout.height + y];
        std::copy(row.begin(), row.end(), tile.begin() + 16 * y);
      }
      EXPECT_EQ(TIFFWriteEncodedTile(tiff, c, tile.data(), 256), 256);
    }
  }
};

std::vector<float> Values(const ImageFile& file) {
  return {file.image.data(), file.image.data() + file.image.size()};  // a channel after the other
}

TEST_F(TiffLayout, ChannelsApart) {
  const std::vector<std::vector<std::uint8_t>> rows{
      {1, 2}, {3, 4}, {5, 6}, {11, 12}, {13, 14}, {15, 16}, {21, 22}, {23, 24}, {25, 26}};
  for (const bool tiled : {false, true}) {
    Layout layout{2, 3, 8, 3, PHOTOMETRIC_RGB, PLANARCONFIG_SEPARATE};
    layout.tiled = tiled;
    const ImageFile file = ReadImage(Write(layout, rows));
    EXPECT_THAT(Values(file),
                ElementsAre(1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16, 21, 22, 23, 24, 25, 26));
    EXPECT_THAT(file.notes, IsEmpty());
  }
  // With alpha.
  Layout alpha{1, 1, 16, 4, PHOTOMETRIC_RGB, PLANARCONFIG_SEPARATE};
  alpha.extra = {EXTRASAMPLE_UNASSALPHA};
  EXPECT_THAT(Values(ReadImage(Write(alpha, {{1, 1}, {2, 0}, {3, 0}, {9, 9}}))),
              ElementsAre(257, 2, 3));
}

TEST_F(TiffLayout, OrientationIsAppliedAndTold) {
  // As it is seen: 1 2 3 above 4 5 6.
  const std::vector<std::vector<std::vector<std::uint8_t>>> stored{
      {{1, 2, 3}, {4, 5, 6}},   {{3, 2, 1}, {6, 5, 4}},   {{6, 5, 4}, {3, 2, 1}},
      {{4, 5, 6}, {1, 2, 3}},   {{1, 4}, {2, 5}, {3, 6}}, {{3, 6}, {2, 5}, {1, 4}},
      {{6, 3}, {5, 2}, {4, 1}}, {{4, 1}, {5, 2}, {6, 3}}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto& rows = stored[static_cast<std::size_t>(orientation) - 1];
    Layout layout{static_cast<std::uint32_t>(rows[0].size()),
                  static_cast<std::uint32_t>(rows.size())};
    layout.orientation = orientation;
    const ImageFile file = ReadImage(Write(layout, rows));
    EXPECT_EQ(file.image.width(), 3);
    EXPECT_THAT(Values(file), ElementsAre(1, 2, 3, 4, 5, 6)) << orientation;
    if (orientation == 1) {
      EXPECT_THAT(file.notes, IsEmpty());
    } else {
      EXPECT_THAT(file.notes, ElementsAre(HasSubstr("its orientation (tag 274), " +
                                                    std::to_string(orientation))));
    }
  }
}

TEST_F(TiffLayout, WhiteAs0IsTurnedAroundAndTold) {
  const Layout bytes{2, 1, 8, 1, PHOTOMETRIC_MINISWHITE};
  const ImageFile file = ReadImage(Write(bytes, {{0, 200}}));
  EXPECT_THAT(Values(file), ElementsAre(255, 55));
  EXPECT_THAT(file.notes, ElementsAre(HasSubstr("its white is stored as 0")));
  const Layout shorts{1, 1, 16, 1, PHOTOMETRIC_MINISWHITE};
  EXPECT_THAT(Values(ReadImage(Write(shorts, {{1, 2}}))), ElementsAre(65535 - 513));
  const Layout bits{3, 1, 1, 1, PHOTOMETRIC_MINISWHITE};
  EXPECT_THAT(Values(ReadImage(Write(bits, {{0x40}}))), ElementsAre(255, 0, 255));
}

TEST_F(TiffLayout, FewBitsAreStretchedOrTheirPalettes) {
  const ImageFile bits = ReadImage(Write({9, 3, 1}, {{0x81, 0x80}, {0, 0}, {0xFF, 0}}));
  EXPECT_EQ(bits.type, SampleType::kUint8);
  EXPECT_THAT(Values(bits), ElementsAre(255, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                        255, 255, 255, 255, 255, 255, 255, 255, 0));
  EXPECT_THAT(Values(ReadImage(Write({5, 1, 2}, {{0x1B, 0x80}}))),
              ElementsAre(0, 85, 170, 255, 170));
  EXPECT_THAT(Values(ReadImage(Write({3, 1, 4}, {{0x2F, 0x00}}))), ElementsAre(34, 255, 0));
  const ImageFile palette = ReadImage(Write({3, 1, 4, 1, PHOTOMETRIC_PALETTE}, {{0x2F, 0x00}}));
  ASSERT_EQ(palette.image.channels(), 3);
  EXPECT_THAT(Values(palette),
              ElementsAre(2000 >> 8, 15000 >> 8, 0, 0, 0, 0, 63535 >> 8, 50535 >> 8, 255));
}

TEST_F(TiffLayout, BandsAreChannels) {
  const std::vector<std::uint8_t> pixels{1, 2, 3, 4, 5, 11, 12, 13, 14, 15};
  Layout five{2, 1, 8, 5};
  five.extra = {0, 0, 0, 0};
  const ImageFile file = ReadImage(Write(five, {pixels}));
  ASSERT_EQ(file.image.channels(), 5);
  EXPECT_EQ(file.image(1, 0, 4), 15.0f);
  EXPECT_EQ(file.image(0, 0, 1), 2.0f);
  five.photometric = PHOTOMETRIC_RGB;
  five.extra = {0, 0};
  EXPECT_EQ(ReadImage(Write(five, {pixels})).image.channels(), 5);
  Layout apart{2, 1, 8, 5, PHOTOMETRIC_MINISBLACK, PLANARCONFIG_SEPARATE};
  apart.extra = {0, 0, 0, 0};
  const ImageFile planes = ReadImage(Write(apart, {{1, 11}, {2, 12}, {3, 13}, {4, 14}, {5, 15}}));
  ExpectEqual(planes.image, file.image);
  Layout flow{1, 1, 8, 2};
  flow.extra = {0};  // none that is alpha
  EXPECT_THAT(Values(ReadImage(Write(flow, {{7, 9}}))), ElementsAre(7, 9));
  Layout infrared{1, 1, 8, 4, PHOTOMETRIC_RGB};
  infrared.extra = {0};
  const ImageFile colours = ReadImage(Write(infrared, {{1, 2, 3, 4}}));
  EXPECT_THAT(Values(colours), ElementsAre(1, 2, 3));
  EXPECT_THAT(colours.notes, ElementsAre(HasSubstr("its fourth channel, beside R,G,B")));
}

TEST_F(TiffLayout, BandsAreWrittenAsTheyAreRead) {
  for (const int channels : {2, 4, 5}) {
    const Image image = Pattern(3, 4, channels, 255);
    for (const SampleType type : {SampleType::kUint8, SampleType::kUint16, SampleType::kFloat32}) {
      WriteImage(Path("bands.tif"), image, type);
      const ImageFile file = ReadImage(Path("bands.tif"));
      EXPECT_EQ(file.type, type);
      ExpectEqual(file.image, image);
    }
  }
}

TEST_F(TiffLayout, BandsThatWouldTakeTooMuchAreRefused) {
  Layout many{2, 1, 8, 40};
  many.extra.assign(39, 0);
  const std::string path = Write(many, {std::vector<std::uint8_t>(80)});
  ReadOptions options;
  options.max_pixels = 19;
  EXPECT_THAT(ErrorText([&] { ReadImage(path, options); }),
              HasSubstr("2 pixels of 40 channels, expected at most 76 values"));
  options.max_pixels = 20;
  EXPECT_EQ(ReadImage(path, options).image.channels(), 40);
}

}  // namespace
}  // namespace dkn
