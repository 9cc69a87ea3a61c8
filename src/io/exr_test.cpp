#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
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

class Exr : public FolderTest {
 protected:
  ImageFile Read(const Data& bytes) { return ReadImage(Put("a.exr", bytes)); }
  std::string Refusal(const Data& bytes) {
    return ErrorText([&] { Read(bytes); });
  }
};

Data Encode(const cv::Mat& mat, const std::vector<int>& parameters = {}) {
  Data bytes;
  cv::imencode(".exr", mat, bytes, parameters);
  return bytes;
}

// Position of `text` in the file.
std::size_t Find(const Data& bytes, const std::string& text) {
  const auto found = std::search(bytes.begin(), bytes.end(), text.begin(), text.end());
  EXPECT_NE(found, bytes.end());
  return static_cast<std::size_t>(found - bytes.begin());
}

TEST_F(Exr, HalfBecomesFloat) {
  const Image image = Pattern(5, 3, 3, 1000);  // whole numbers up to 2048 are exact in half
  const ImageFile file =
      Read(Encode(MatFromImage(image, CV_32F), {cv::IMWRITE_EXR_TYPE, cv::IMWRITE_EXR_TYPE_HALF}));
  EXPECT_EQ(file.type, SampleType::kFloat32);
  ExpectEqual(file.image, image);
}

TEST_F(Exr, AlphaIsDropped) {
  const Image image = Read(Encode(cv::Mat(2, 3, CV_32FC4, cv::Scalar(3, 2, 1, 0.5)))).image;
  ASSERT_EQ(image.channels(), 3);
  EXPECT_EQ(image(0, 0, 0), 1.0f);
  EXPECT_EQ(image(2, 1, 2), 3.0f);
}

TEST_F(Exr, EveryCompressionWhole) {
  const Image image = Pattern(21, 70, 1, 1000);
  for (int method = 0; method <= 9; ++method) {
    const Data good = Encode(MatFromImage(image, CV_32F), {cv::IMWRITE_EXR_COMPRESSION, method});
    ASSERT_EQ(Refusal(good), "") << method;
    EXPECT_THAT(Refusal(Data(good.begin(), good.end() - 1)), HasSubstr("truncated")) << method;
  }
}

TEST_F(Exr, RefusesOtherKinds) {
  const Data good = Encode(cv::Mat(2, 3, CV_32FC3, cv::Scalar::all(1)));
  Data other = good;
  other[5] |= 0x10;
  EXPECT_THAT(Refusal(other), HasSubstr("one part"));
  other = good;
  // The list of channels: its type, its size in 4 bytes, the first name.
  const std::size_t channels = Find(good, std::string("chlist\0", 7)) + 11;
  other[channels] = 'A';
  EXPECT_THAT(Refusal(other), HasSubstr("other channels"));
  other = Encode(cv::Mat(2, 3, CV_32FC1, cv::Scalar(1)));
  other[Find(other, std::string("chlist\0", 7)) + 11] = 'Z';  // OpenCV 4.6 would give zeros
  EXPECT_THAT(Refusal(other), HasSubstr("other channels"));
  other = good;
  other = good;
  other[channels + 2] = 0;  // uint32
  EXPECT_THAT(Refusal(other), HasSubstr("half or float"));
  other = good;
  other[Find(good, std::string("box2i\0", 6)) + 6 + 4 + 11] = 0x7F;  // last column
  EXPECT_THAT(Refusal(other), HasSubstr("limit"));
}

}  // namespace
}  // namespace dkn
