#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "dkn/io.h"
#include "dkn/opencv.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using Data = std::vector<std::uint8_t>;

class Jpeg : public FolderTest {
 protected:
  ImageFile Read(const Data& bytes) { return ReadImage(Put("a.jpg", bytes)); }
  std::string Refusal(const Data& bytes) {
    return ErrorText([&] { Read(bytes); });
  }
};

// A smooth ramp, which JPEG keeps to a few steps.
Image Ramp(int width, int height, int channels) {
  Image image(width, height, channels);
  for (int c = 0; c < channels; ++c) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        image(x, y, c) = static_cast<float>(20 + 2 * x + y + 30 * c);
      }
    }
  }
  return image;
}

Data Encode(ConstView image, const std::vector<int>& parameters = {}) {
  Data bytes;
  cv::imencode(".jpg", MatFromImage(image, CV_8U), bytes, parameters);
  return bytes;
}

TEST_F(Jpeg, KeepsChannelsAndValues) {
  for (const int channels : {1, 3}) {
    const Image ramp = Ramp(37, 23, channels);
    const ImageFile file = Read(Encode(ramp));
    EXPECT_EQ(file.type, SampleType::kUint8);
    ASSERT_EQ(file.image.channels(), channels);
    for (int c = 0; c < channels; ++c) {
      EXPECT_NEAR(file.image(18, 11, c), ramp(18, 11, c), 6.0f);
      EXPECT_NEAR(file.image(0, 22, c), ramp(0, 22, c), 6.0f);
    }
  }
}

TEST_F(Jpeg, RefusesEveryTruncation) {
  const Image image = Pattern(24, 16, 3, 255);
  for (const std::vector<int>& parameters :
       {std::vector<int>{}, std::vector<int>{cv::IMWRITE_JPEG_PROGRESSIVE, 1},
        std::vector<int>{cv::IMWRITE_JPEG_RST_INTERVAL, 1}}) {
    const Data good = Encode(image, parameters);
    ASSERT_EQ(Refusal(good), "");
    for (std::size_t size = 1; size < good.size(); ++size) {
      const auto end = good.begin() + static_cast<std::ptrdiff_t>(size);
      EXPECT_NE(Refusal(Data(good.begin(), end)), "") << size;
    }
  }
}

// libjpeg fills the picture up with grey, and warns.
TEST_F(Jpeg, OpenCvTakesATruncatedFile) {
  Data bytes = Encode(Pattern(24, 16, 3, 255));
  bytes.resize(bytes.size() - 200);
  EXPECT_FALSE(cv::imdecode(bytes, cv::IMREAD_UNCHANGED).empty());
  EXPECT_THAT(Refusal(bytes), HasSubstr("remature end"));
}

// The coded data end early, and the end of the image follows as it should.
TEST_F(Jpeg, RefusesMissingPixels) {
  Data bytes = Encode(Pattern(24, 16, 3, 255));
  bytes.erase(bytes.end() - 200, bytes.end() - 2);
  EXPECT_THAT(Refusal(bytes), HasSubstr("remature end"));
}

TEST_F(Jpeg, BytesBetweenSegmentsDoNotMatter) {
  Data bytes = Encode(Ramp(16, 16, 1));
  bytes.insert(bytes.begin() + 20, {1, 2, 3});  // behind the JFIF segment
  EXPECT_EQ(Refusal(bytes), "");
}

// Each scan may cost the time of a whole picture.
TEST_F(Jpeg, RefusesEndlessScans) {
  const Data good = Encode(Ramp(16, 16, 1), {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
  const Data marker{0xFF, 0xDA};
  const auto last = std::find_end(good.begin(), good.end(), marker.begin(), marker.end());
  const Data scan(last, good.end() - 2);
  Data bytes = good;
  for (int i = 0; i < 400; ++i) {
    bytes.insert(bytes.end() - 2, scan.begin(), scan.end());
  }
  EXPECT_EQ(Refusal(bytes), "");
  for (int i = 0; i < 100; ++i) {
    bytes.insert(bytes.end() - 2, scan.begin(), scan.end());
  }
  EXPECT_THAT(Refusal(bytes), HasSubstr("more than 500 scans"));
}

TEST_F(Jpeg, BytesAfterTheEndDoNotMatter) {
  Data bytes = Encode(Ramp(9, 7, 1));
  Append(bytes, {1, 2, 3});
  EXPECT_EQ(Refusal(bytes), "");
}

// A thumbnail is a JPEG inside a segment: its end is not the picture's.
TEST_F(Jpeg, AThumbnailsEndIsNotTheEnd) {
  Data good = Encode(Ramp(16, 16, 1));
  const Data thumbnail{0xFF, 0xE1, 0, 8, 0xFF, 0xD8, 0xFF, 0xD9, 0, 0};
  good.insert(good.begin() + 2, thumbnail.begin(), thumbnail.end());
  EXPECT_EQ(Refusal(good), "");
  good.resize(good.size() - 2);
  EXPECT_THAT(Refusal(good), HasSubstr("remature end"));
}

// `bytes` with a segment of EXIF that tells this orientation.
Data WithOrientation(Data bytes, std::uint16_t orientation, bool big_endian) {
  Data exif{0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0};
  Append(exif, big_endian ? Data{'M', 'M'} : Data{'I', 'I'});
  AppendInteger(exif, 42, 2, big_endian);
  AppendInteger(exif, 8, 4, big_endian);
  AppendInteger(exif, 1, 2, big_endian);
  AppendInteger(exif, 274, 2, big_endian);
  AppendInteger(exif, 3, 2, big_endian);
  AppendInteger(exif, 1, 4, big_endian);
  AppendInteger(exif, orientation, 2, big_endian);
  Append(exif, Data(6));
  bytes.insert(bytes.begin() + 2, exif.begin(), exif.end());
  return bytes;
}

// As OpenCV does.
TEST_F(Jpeg, ExifOrientationIsAppliedAndTold) {
  for (const int channels : {1, 3}) {
    const Data plain = Encode(Ramp(21, 13, channels));
    for (const bool big_endian : {false, true}) {
      for (std::uint16_t orientation = 1; orientation <= 8; ++orientation) {
        SCOPED_TRACE(orientation);
        const Data bytes = WithOrientation(plain, orientation, big_endian);
        const ImageFile file = Read(bytes);
        ExpectEqual(file.image,
                    ImageFromMat(cv::imdecode(
                        bytes, channels == 1 ? cv::IMREAD_GRAYSCALE : cv::IMREAD_COLOR)));
        EXPECT_EQ(file.notes.size(), orientation == 1 ? 0u : 1u);
      }
    }
  }
  const Image guide = ReadGuide(Put("a.jpg", WithOrientation(Encode(Ramp(21, 13, 3)), 6, true)));
  EXPECT_EQ(guide.width(), 13);
}

// The picture is whole without them.
TEST_F(Jpeg, DamagedExifTellsNothing) {
  const Data plain = Encode(Ramp(21, 13, 1));
  const Image image = Read(plain).image;
  for (const std::uint16_t wrong : {0, 9, 65535}) {
    ExpectEqual(Read(WithOrientation(plain, wrong, true)).image, image);
  }
  for (std::size_t size = 2; size < 26; ++size) {  // of 32 bytes the tag's value is the 26th
    Data bytes = WithOrientation(plain, 6, true);
    bytes[5] = static_cast<std::uint8_t>(2 + size);
    bytes.erase(bytes.begin() + 6 + static_cast<std::ptrdiff_t>(size), bytes.begin() + 38);
    ExpectEqual(Read(bytes).image, image);
  }
  Data far = WithOrientation(plain, 6, true);
  far[16] = 0xFF;  // where the tags begin
  ExpectEqual(Read(far).image, image);
}

TEST_F(Jpeg, RefusesOtherKinds) {
  const Data good = Encode(Ramp(16, 16, 3));
  std::size_t frame = 2;
  while (good[frame + 1] != 0xC0) {
    frame += 2 + good[frame + 2] * 256u + good[frame + 3];
  }
  Data other = good;
  other[frame + 4] = 12;
  EXPECT_THAT(Refusal(other), HasSubstr("precision 12"));
  // A fourth component, as in files of CMYK, and the length of the header that goes with it.
  other = good;
  other[frame + 3] += 3;
  other[frame + 9] = 4;
  const std::uint8_t fourth[] = {4, 0x11, 0};
  other.insert(other.begin() + frame + 19, std::begin(fourth), std::end(fourth));
  EXPECT_THAT(Refusal(other), HasSubstr("4 components, inks of print"));
  other = good;
  other[frame + 5] = other[frame + 6] = 0;
  EXPECT_THAT(Refusal(other), HasSubstr("Empty"));
  EXPECT_THAT(Refusal({0xFF, 0xD8, 0xFF, 0xD9}), HasSubstr("no image"));
}

}  // namespace
}  // namespace dkn
