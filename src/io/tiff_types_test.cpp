#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tiffio.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/io/test_files.h"

// Kinds of values that programs of maps, microscopes and cameras write, by libtiff.
namespace dkn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TiffTypes : public FolderTest {
 protected:
  // One row of values of type T, one channel; "w" or "w8" (BigTIFF), "b" for big-endian.
  template <typename T>
  std::string Write(const std::vector<T>& values, int format, const std::string& mode = "w",
                    const std::string& nodata = "", int samples = 1) const {
    const std::string path = Path("a.tif");
    TIFFSetWarningHandler(nullptr);
    TIFF* const tiff = TIFFOpen(path.c_str(), mode.c_str());
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH,
                 static_cast<std::uint32_t>(values.size()) / static_cast<std::uint32_t>(samples));
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 1u);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, static_cast<int>(8 * sizeof(T)));
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, format);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, samples);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 1u);
    if (!nodata.empty()) {
      const TIFFFieldInfo field{42113,        -1, -1, TIFF_ASCII,
                                FIELD_CUSTOM, 1,  0,  const_cast<char*>("nodata")};
      TIFFMergeFieldInfo(tiff, &field, 1);
      TIFFSetField(tiff, 42113, nodata.c_str());
    }
    std::vector<T> row = values;
    EXPECT_EQ(TIFFWriteScanline(tiff, row.data(), 0u), 1);
    TIFFClose(tiff);
    return path;
  }
};

std::vector<float> Row(const ImageFile& file) {
  return {file.image.Row(0, 0), file.image.Row(0, 0) + file.image.width()};
}

TEST_F(TiffTypes, Integers) {
  for (const std::string mode : {"wl", "wb", "w8l", "w8b"}) {
    SCOPED_TRACE(mode);
    const ImageFile fits = ReadImage(Write<std::int16_t>({0, 7, 32767}, SAMPLEFORMAT_INT, mode));
    EXPECT_EQ(fits.type, SampleType::kUint16);
    EXPECT_THAT(Row(fits), ElementsAre(0.0f, 7.0f, 32767.0f));
    EXPECT_THAT(fits.notes, IsEmpty());
    const ImageFile below = ReadImage(Write<std::int16_t>({-5, 7}, SAMPLEFORMAT_INT, mode));
    EXPECT_EQ(below.type, SampleType::kFloat32);
    EXPECT_THAT(Row(below), ElementsAre(-5.0f, 7.0f));
    EXPECT_THAT(below.notes, ElementsAre(HasSubstr("int16")));
    EXPECT_THAT(Row(ReadImage(Write<std::int32_t>({-1, 70000}, SAMPLEFORMAT_INT, mode))),
                ElementsAre(-1.0f, 70000.0f));
    EXPECT_THAT(Row(ReadImage(Write<std::uint32_t>({0, 65535}, SAMPLEFORMAT_UINT, mode))),
                ElementsAre(0.0f, 65535.0f));
  }
}

TEST_F(TiffTypes, Floats) {
  for (const std::string mode : {"wl", "wb", "w8l"}) {
    SCOPED_TRACE(mode);
    const ImageFile half =
        ReadImage(Write<std::uint16_t>({0x3C00, 0xC000}, SAMPLEFORMAT_IEEEFP, mode));
    EXPECT_EQ(half.type, SampleType::kFloat16);
    EXPECT_THAT(Row(half), ElementsAre(1.0f, -2.0f));
    const ImageFile wide = ReadImage(Write<double>({0.1, -2.0}, SAMPLEFORMAT_IEEEFP, mode));
    EXPECT_EQ(wide.type, SampleType::kFloat32);
    EXPECT_THAT(Row(wide), ElementsAre(0.1f, -2.0f));
    EXPECT_THAT(wide.notes, ElementsAre(HasSubstr("rounded")));
    EXPECT_THAT(Row(ReadImage(Write<float>({0.1f}, SAMPLEFORMAT_IEEEFP, mode))), ElementsAre(0.1f));
  }
}

TEST_F(TiffTypes, GreyWithAlpha) {
  const ImageFile file =
      ReadImage(Write<std::uint16_t>({500, 65535, 600, 0}, SAMPLEFORMAT_UINT, "w", "", 2));
  EXPECT_THAT(Row(file), ElementsAre(500.0f, 600.0f));
}

// 0 is what integers' holes are, NaN what those of floats are.
TEST_F(TiffTypes, NoDataOfGdalAreHoles) {
  const ImageFile depth =
      ReadImage(Write<std::int16_t>({-9999, 7}, SAMPLEFORMAT_INT, "w", "-9999"));
  EXPECT_EQ(depth.type, SampleType::kUint16);
  EXPECT_THAT(Row(depth), ElementsAre(0.0f, 7.0f));
  EXPECT_THAT(depth.notes, ElementsAre(HasSubstr("-9999")));
  EXPECT_THAT(Row(ReadImage(Write<std::uint16_t>({65535, 7}, SAMPLEFORMAT_UINT, "w", "65535"))),
              ElementsAre(0.0f, 7.0f));
  for (const std::string text : {"-9999", "-9999.0", " -9999 ", "-9.999e3"}) {
    const ImageFile file =
        ReadImage(Write<float>({-9999.0f, 2.0f}, SAMPLEFORMAT_IEEEFP, "w8", text));
    EXPECT_TRUE(std::isnan(file.image(0, 0))) << text;
    EXPECT_EQ(file.image(1, 0), 2.0f);
  }
  const float least = std::numeric_limits<float>::lowest();
  for (const std::string text : {"-3.40282346638529e+38", "-3.4028234663852886e+38",
                                 "-3.4028235e+38", "-3.40282e+38", "-3.40282306074e+038"}) {
    EXPECT_TRUE(
        std::isnan(ReadImage(Write<float>({least}, SAMPLEFORMAT_IEEEFP, "w", text)).image(0, 0)))
        << text;
  }
  const double wide = -1.797693134862315e308;
  EXPECT_TRUE(std::isnan(
      ReadImage(Write<double>({wide, 1}, SAMPLEFORMAT_IEEEFP, "w", "-1.797693134862315e+308"))
          .image(0, 0)));
  // -9999 as a half is -10000.
  const ImageFile half =
      ReadImage(Write<std::uint16_t>({0xF0E2, 0x3C00}, SAMPLEFORMAT_IEEEFP, "w", "-9999"));
  EXPECT_TRUE(std::isnan(half.image(0, 0)));
  EXPECT_EQ(half.image(1, 0), 1.0f);
  for (const std::string text : {"nan", "inf", "none", "-", "1e999"}) {
    const ImageFile file = ReadImage(Write<float>({0.0f}, SAMPLEFORMAT_IEEEFP, "w", text));
    EXPECT_EQ(file.image(0, 0), 0.0f) << text;
    EXPECT_THAT(file.notes, IsEmpty());
  }
}

TEST_F(TiffTypes, RefusesTruncatedFiles) {
  for (const std::string mode : {"w", "w8"}) {
    const std::vector<std::int32_t> values(50, 9);
    const std::vector<std::uint8_t> good = Get(Write(values, SAMPLEFORMAT_INT, mode, "7"));
    for (std::size_t size = 4; size < good.size(); ++size) {
      const std::vector<std::uint8_t> cut(good.begin(),
                                          good.begin() + static_cast<std::ptrdiff_t>(size));
      const std::string path = Put("cut.tif", cut);
      try {  // where the next page would be said need not be there
        const std::vector<float> row = Row(ReadImage(path));
        ASSERT_GE(size + 8, good.size()) << mode;
        ASSERT_EQ(row, std::vector<float>(50, 9.0f)) << mode << " " << size;
      } catch (const Error&) {
      }
    }
  }
}

}  // namespace
}  // namespace dkn
