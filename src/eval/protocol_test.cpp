#include "src/eval/protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dkn/error.h"

namespace dkn {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Protocol, ParsesItsNames) {
  EXPECT_EQ(std::get<Resampler>(ParseDown("lanczos")), Resampler::kLanczos);
  EXPECT_EQ(std::get<Subsampling>(ParseDown("last_pixel")), Subsampling::kLastPixel);
  EXPECT_EQ(std::get<Subsampling>(ParseDown("center_pixel")), Subsampling::kCenterPixel);
  EXPECT_THROW(ParseDown("first_pixel"), Error);
  EXPECT_EQ(ParseNormalization("input"), Normalization::kInput);
  EXPECT_EQ(ParseNormalization("truth"), Normalization::kTruth);
  EXPECT_THAT([] { ParseNormalization("max"); },
              ThrowsMessage<Error>(HasSubstr("'max', expected input or truth")));
}

TEST(Protocol, DescribesItself) {
  Protocol protocol;
  EXPECT_EQ(Describe(protocol),
            "8x, down by bicubic, up by bicubic, normalised by the input's range, border of 6 "
            "pixels left out");
  protocol.down = Subsampling::kLastPixel;
  protocol.normalization = Normalization::kTruth;
  EXPECT_THAT(Describe(protocol), HasSubstr("down by last_pixel"));
  EXPECT_THAT(Describe(protocol), HasSubstr("truth's range (an oracle)"));
}

TEST(CropToScale, KeepsTheTopLeftMultiple) {
  const Image image(21, 18);
  const ConstView at8 = CropToScale(image, 8);
  EXPECT_EQ(at8.width, 16);
  EXPECT_EQ(at8.height, 16);
  EXPECT_EQ(at8.data, image.data());
  const ConstView at2 = CropToScale(image, 2);  // the networks take multiples of 4
  EXPECT_EQ(at2.width, 20);
  EXPECT_EQ(at2.height, 16);
  EXPECT_THAT([&] { CropToScale(image, 20); },
              ThrowsMessage<Error>(HasSubstr("21 x 18 is too small, expected at least 20")));
}

TEST(Downsample, TakesTheProtocolsWay) {
  Image truth(8, 4);
  for (int i = 0; i < 32; ++i) {
    truth.data()[i] = static_cast<float>(i);
  }
  Protocol protocol;
  protocol.scale = 4;
  protocol.down = Resampler::kBox;
  const Image box = Downsample(truth, protocol);
  ASSERT_EQ(box.width(), 2);
  ASSERT_EQ(box.height(), 1);
  EXPECT_FLOAT_EQ(box(0, 0), 13.5f);
  protocol.down = Subsampling::kLastPixel;
  EXPECT_EQ(Downsample(truth, protocol)(0, 0), 27.0f);
  protocol.down = Subsampling::kCenterPixel;
  EXPECT_EQ(Downsample(truth, protocol)(1, 0), 13.0f);
}

}  // namespace
}  // namespace dkn
