#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "dkn/io.h"
#include "dkn/opencv.h"
#include "src/io/image_codecs.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Data = std::vector<std::uint8_t>;

constexpr int kLossless = 101;  // of OpenCV's quality

Data Encode(ConstView image, int quality) {
  Data bytes;
  cv::imencode(".webp", MatFromImage(image, CV_8U), bytes, {cv::IMWRITE_WEBP_QUALITY, quality});
  return bytes;
}

std::string Refusal(const Data& bytes, const ReadOptions& options = {}) {
  return ErrorText([&] { DecodeWebp(bytes, options); });
}

// The file with one chunk more.
Data WithChunk(Data file, const std::string& name, const Data& content) {
  for (const char letter : name) {
    file.push_back(static_cast<std::uint8_t>(letter));
  }
  AppendInteger(file, content.size(), 4, false);
  Append(file, content);
  if (content.size() % 2 == 1) {
    file.push_back(0);
  }
  const std::size_t size = file.size() - 8;
  for (std::size_t i = 0; i < 4; ++i) {
    file[4 + i] = static_cast<std::uint8_t>(size >> (8 * i));
  }
  return file;
}

// A TIFF whose one entry is an orientation.
Data Exif(std::uint8_t orientation) {
  return {'I', 'I', 42, 0, 8, 0,           0, 0, 1, 0, 0x12, 1, 3,
          0,   1,   0,  0, 0, orientation, 0, 0, 0, 0, 0,    0, 0};
}

class Webp : public FolderTest {};

TEST_F(Webp, KeepsEveryValueOfALosslessFile) {
  for (const int width : {1, 2, 37}) {
    const Image image = Pattern(width, 23, 3, 255);
    const ImageFile file = ReadImage(Put("a.webp", Encode(image, kLossless)));
    EXPECT_EQ(file.type, SampleType::kUint8);
    ExpectEqual(file.image, image);
    EXPECT_TRUE(file.notes.empty());
  }
}

TEST_F(Webp, ReadsALossyFileAsGuide) {
  Image ramp(64, 48, 3);
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 64; ++x) {
      ramp(x, y, 0) = ramp(x, y, 1) = ramp(x, y, 2) = static_cast<float>(40 + 2 * x + y);
    }
  }
  const Image guide = ReadGuide(Put("a.webp", Encode(ramp, 90)));
  ASSERT_EQ(guide.channels(), 3);
  EXPECT_NEAR(guide(30, 20, 1), ramp(30, 20, 1) / 255.0f, 0.03f);
  EXPECT_NEAR(guide(60, 40, 0), ramp(60, 40, 0) / 255.0f, 0.03f);
}

TEST_F(Webp, AppliesTheOrientationOfExif) {
  const Image image = Pattern(5, 3, 3, 255);
  const Data plain = Encode(image, kLossless);
  Data marked{'E', 'x', 'i', 'f', 0, 0};
  Append(marked, Exif(6));
  for (const Data& exif : {Exif(6), marked}) {
    const ImageFile file =
        ReadImage(Put("a.webp", WithChunk(WithChunk(plain, "ICCP", {1, 2, 3}), "EXIF", exif)));
    EXPECT_THAT(file.notes, ElementsAre(HasSubstr("orientation, 6")));
    ASSERT_EQ(file.image.width(), 3);
    ASSERT_EQ(file.image.height(), 5);
    EXPECT_EQ(file.image(2, 0, 1), image(0, 0, 1));
    EXPECT_EQ(file.image(0, 4, 1), image(4, 2, 1));
  }
  EXPECT_TRUE(ReadImage(Put("a.webp", WithChunk(plain, "EXIF", {1}))).notes.empty());
}

TEST_F(Webp, RefusesDamageAndLimits) {
  const Image image = Pattern(20, 10, 3, 255);
  for (const int quality : {80, kLossless}) {
    const Data good = Encode(image, quality);
    for (std::size_t size = 0; size < good.size(); size += size < 40 ? 1 : 13) {
      EXPECT_NE(Refusal(Data(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))), "")
          << size;
    }
    ReadOptions small;
    small.max_pixels = 199;
    EXPECT_THAT(Refusal(good, small), HasSubstr("20 x 10 pixels, more than the limit of 199"));
  }
  Data animation{'R', 'I', 'F', 'F', 22, 0, 0, 0, 'W', 'E', 'B', 'P', 'V', 'P', '8', 'X'};
  Append(animation, {10, 0, 0, 0, 2, 0, 0, 0, 19, 0, 0, 9, 0, 0});
  EXPECT_THAT(Refusal(animation), HasSubstr("animation"));
}

}  // namespace
}  // namespace dkn
