#include "dkn/opencv.h"

#include <gtest/gtest.h>

#include <opencv2/core.hpp>

#include "src/io/test_files.h"

namespace dkn {
namespace {

TEST(OpenCv, ColourChangesOrder) {
  cv::Mat mat(2, 3, CV_8UC3, cv::Scalar(3, 2, 1));
  mat.at<cv::Vec3b>(1, 2) = cv::Vec3b(30, 20, 10);
  const Image image = ImageFromMat(mat);
  EXPECT_EQ(image.width(), 3);
  EXPECT_EQ(image.height(), 2);
  EXPECT_EQ(image(0, 0, 0), 1.0f);
  EXPECT_EQ(image(0, 0, 2), 3.0f);
  EXPECT_EQ(image(2, 1, 0), 10.0f);
}

TEST(OpenCv, AlphaIsDropped) {
  const Image image = ImageFromMat(cv::Mat(1, 1, CV_16UC4, cv::Scalar(3, 2, 1, 9)));
  ASSERT_EQ(image.channels(), 3);
  EXPECT_EQ(image(0, 0, 0), 1.0f);
}

TEST(OpenCv, RoundTripOfEveryDepth) {
  for (const int depth : {CV_8U, CV_16U, CV_32F}) {
    for (const int channels : {1, 3}) {
      const Image image = Pattern(13, 7, channels, depth == CV_8U ? 255 : 65535);
      const cv::Mat mat = MatFromImage(image, depth);
      EXPECT_EQ(mat.type(), CV_MAKETYPE(depth, channels));
      ExpectEqual(ImageFromMat(mat), image);
      // A region of a larger matrix has gaps between its rows.
      ExpectEqual(ImageFromMat(mat(cv::Rect(3, 2, 5, 4))), image.view().Crop(3, 2, 5, 4));
      ExpectEqual(ImageFromMat(MatFromImage(image.view().Crop(3, 2, 5, 4), depth)),
                  image.view().Crop(3, 2, 5, 4));
    }
  }
}

// Its memory, its gaps between rows and its order of channels.
TEST(OpenCv, AMatIsAFrame) {
  for (const int depth : {CV_8U, CV_16U, CV_16F, CV_32F}) {
    for (const int channels : {1, 3}) {
      const Image image = Pattern(13, 7, channels, 255);
      cv::Mat mat(7, 13, CV_MAKETYPE(depth, channels));
      ToFrame(image, FrameOf(mat));
      if (depth != CV_16F) {
        ExpectEqual(ImageFromMat(mat), image);
      }
      const cv::Mat& read_only = mat;
      ExpectEqual(ImageOf(FrameOf(read_only)), image);
      EXPECT_EQ(FrameOf(read_only).data, mat.data);
      const cv::Mat part = mat(cv::Rect(3, 2, 5, 4));
      ExpectEqual(ImageOf(FrameOf(part)), image.view().Crop(3, 2, 5, 4));
    }
  }
  EXPECT_EQ(FrameOf(cv::Mat(2, 2, CV_8UC4)).channels, 4);
  const cv::Mat doubles(2, 2, CV_64FC1);
  EXPECT_THROW(FrameOf(doubles), Error);
  const cv::Mat deep({2, 2, 2}, CV_8UC1);
  EXPECT_THROW(FrameOf(deep), Error);
}

TEST(OpenCv, RefusesOtherTypes) {
  EXPECT_THROW(ImageFromMat(cv::Mat(2, 2, CV_64FC1)), Error);
  EXPECT_THROW(ImageFromMat(cv::Mat(2, 2, CV_16SC1)), Error);
  EXPECT_THROW(ImageFromMat(cv::Mat(2, 2, CV_8UC2)), Error);
  EXPECT_THROW(ImageFromMat(cv::Mat({2, 2, 2}, CV_8UC1)), Error);
  EXPECT_THROW(MatFromImage(Image(2, 2, 2), CV_8U), Error);
  EXPECT_THROW(MatFromImage(Image(), CV_8U), Error);
  EXPECT_THROW(MatFromImage(Image(2, 2), CV_64F), Error);
}

TEST(OpenCv, IntegersMustFit) {
  Image image(2, 1);
  image(1, 0) = 255.5f;  // to even: 256
  EXPECT_THROW(MatFromImage(image, CV_8U), Error);
  EXPECT_EQ(MatFromImage(image, CV_16U).at<std::uint16_t>(0, 1), 256);
}

}  // namespace
}  // namespace dkn
