#include "src/figures/encode.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dkn/error.h"
#include "src/core/test_images.h"
#include "src/io/test_files.h"

namespace dkn::figures {
namespace {

class EncodeTest : public FolderTest {};

Image RoundedRandom(int channels, float high) {
  Image image = RandomImage(31, 17, channels, 0.0f, high, 5);
  for (std::size_t i = 0; i < image.size(); ++i) {
    image.data()[i] = std::round(image.data()[i]);
  }
  return image;
}

TEST_F(EncodeTest, PngKeepsEveryValue) {
  for (const int channels : {1, 3}) {
    const Image bytes = RoundedRandom(channels, 255.0f);
    const ImageFile file = ReadImage(Put("a.png", EncodePng(bytes, SampleType::kUint8)));
    EXPECT_EQ(file.type, SampleType::kUint8);
    ExpectNear(file.image, bytes, 0.0f);
    const Image words = RoundedRandom(channels, 65535.0f);
    const ImageFile deep = ReadImage(Put("b.png", EncodePng(words, SampleType::kUint16)));
    EXPECT_EQ(deep.type, SampleType::kUint16);
    ExpectNear(deep.image, words, 0.0f);
  }
}

TEST_F(EncodeTest, JpegIsNear) {
  Image smooth(64, 32, 3);
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 64; ++x) {
      smooth(x, y, 0) = static_cast<float>(2 * x);
      smooth(x, y, 1) = static_cast<float>(3 * y);
      smooth(x, y, 2) = 100.0f;
    }
  }
  ExpectNear(ReadImage(Put("a.jpg", EncodeJpeg(smooth, 95))).image, smooth, 6.0f);
}

TEST(Encode, RefusesBadInput) {
  EXPECT_THROW(EncodePng(Image(2, 2), SampleType::kFloat32), Error);
  EXPECT_THROW(EncodePng(Image(2, 2, 2), SampleType::kUint8), Error);
  EXPECT_THROW(EncodePng(Image(), SampleType::kUint8), Error);
  EXPECT_THROW(EncodePng(RandomImage(2, 2, 1, 256.0f, 300.0f, 1), SampleType::kUint8), Error);
  EXPECT_THROW(EncodeJpeg(Image(2, 2), 0), Error);
}

}  // namespace
}  // namespace dkn::figures
