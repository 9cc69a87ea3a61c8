#include "src/eval/protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dkn/error.h"
#include "src/core/test_images.h"

namespace dkn::eval {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Protocol, ParsesItsNames) {
  for (const Resampler resampler : {Resampler::kNearest, Resampler::kBox, Resampler::kBilinear,
                                    Resampler::kBicubic, Resampler::kLanczos}) {
    EXPECT_EQ(std::get<Resampler>(ParseDown(ToString(resampler))), resampler);
  }
  EXPECT_TRUE(std::holds_alternative<ProvidedInput>(ParseDown("provided")));
  EXPECT_EQ(std::get<Subsampling>(ParseDown("last_pixel")), Subsampling::kLastPixel);
  EXPECT_EQ(std::get<Subsampling>(ParseDown("center_pixel")), Subsampling::kCenterPixel);
  EXPECT_EQ(std::get<Resampler>(ParseDown("area")), Resampler::kBox);
  EXPECT_THAT([] { ParseDown("first_pixel"); },
              ThrowsMessage<Error>("unknown downsampling 'first_pixel', expected nearest, box, "
                                   "bilinear, bicubic, lanczos, area, last_pixel, center_pixel, "
                                   "provided, guide or scores"));
  EXPECT_EQ(ParseRange("input"), Range::kInput);
  EXPECT_EQ(ParseRange("truth"), Range::kTruth);
  EXPECT_THAT([] { ParseRange("max"); },
              ThrowsMessage<Error>(HasSubstr("'max', expected input or truth")));
}

TEST(Protocol, DescribesItself) {
  Protocol protocol;
  EXPECT_EQ(Describe(protocol),
            "8x, down by bicubic, up by bicubic, normalised by the input's range, border of 6 "
            "pixels left out");
  protocol.down = Subsampling::kLastPixel;
  protocol.normalization = Range::kTruth;
  EXPECT_THAT(Describe(protocol), HasSubstr("down by last_pixel"));
  EXPECT_THAT(Describe(protocol), HasSubstr("truth's range (an oracle)"));
  protocol.noise_variance = 0.005;
  EXPECT_THAT(Describe(protocol),
              HasSubstr("up by bicubic, with Gaussian noise of variance 0.005"));
  protocol.scale = 1;
  EXPECT_EQ(Describe(protocol),
            "at the guide's size, with Gaussian noise of variance 0.005 of values in [0, 1], "
            "normalised by the truth's range (an oracle), border of 6 pixels left out");
  protocol.noise_variance = 0.0;
  protocol.depth_noise = 651.0;
  EXPECT_THAT(Describe(protocol),
              HasSubstr("guide's size, with Gaussian noise of deviation 651 / value, normalised"));
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

TEST(Degrade, TakesTheProtocolsWayDown) {
  Image truth(8, 4);
  for (int i = 0; i < 32; ++i) {
    truth.data()[i] = static_cast<float>(i);
  }
  Protocol protocol;
  protocol.scale = 4;
  protocol.down = Resampler::kBox;
  const Image box = Degrade(truth, protocol, 0);
  ASSERT_EQ(box.width(), 2);
  ASSERT_EQ(box.height(), 1);
  EXPECT_FLOAT_EQ(box(0, 0), 13.5f);
  protocol.down = Subsampling::kLastPixel;
  EXPECT_EQ(Degrade(truth, protocol, 0)(0, 0), 27.0f);
  protocol.down = Subsampling::kCenterPixel;
  EXPECT_EQ(Degrade(truth, protocol, 0)(1, 0), 13.0f);
}

TEST(Degrade, AtScaleOneIsTheTruth) {
  const Image truth = RandomImage(12, 9, 1, 300.0f, 9000.0f, 1);
  Protocol protocol;
  protocol.scale = 1;
  for (const char* down : {"bicubic", "box", "lanczos", "last_pixel", "center_pixel"}) {
    protocol.down = ParseDown(down);
    const Image input = Degrade(truth, protocol, 0);
    ASSERT_TRUE(SameSize(input.view(), truth.view()));
    for (std::size_t i = 0; i < truth.size(); ++i) {
      ASSERT_FLOAT_EQ(input.data()[i], truth.data()[i]) << down;
    }
  }
}

TEST(Degrade, AddsNoiseInProportionToTheCleanInputsRange) {
  Image truth = RandomImage(400, 320, 1, 1000.0f, 1500.0f, 2);
  truth(0, 0) = 1000.0f;
  truth(1, 0) = 1500.0f;
  Protocol noisy;
  noisy.scale = 1;
  noisy.noise_variance = 0.005;
  Protocol clean = noisy;
  clean.noise_variance = 0.0;
  for (const int scale : {1, 2}) {
    noisy.scale = clean.scale = scale;
    noisy.down = clean.down = Subsampling::kCenterPixel;  // keeps the range
    const Image a = Degrade(truth, noisy, 7);
    const Image b = Degrade(truth, clean, 7);
    double mean = 0.0;
    double square = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double noise = (a.data()[i] - b.data()[i]) / 500.0;
      mean += noise / static_cast<double>(a.size());
      square += noise * noise / static_cast<double>(a.size());
    }
    // Five standard errors.
    const auto count = static_cast<double>(a.size());
    EXPECT_NEAR(mean, 0.0, 5.0 * std::sqrt(0.005 / count));
    EXPECT_NEAR(square / 0.005, 1.0, 5.0 * std::sqrt(2.0 / count));
  }
}

TEST(Degrade, AddsTheNoiseOfDepthByTheTruthsValues) {
  Image truth(200, 200);
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 200; ++x) {
      truth(x, y) = x < 100 ? 70.0f : 140.0f;
    }
  }
  Protocol protocol;
  protocol.scale = 2;
  protocol.down = Subsampling::kCenterPixel;
  protocol.depth_noise = 651.0;
  const Image input = Degrade(truth, protocol, 3);
  double square[2] = {};
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 100; ++x) {
      const double noise = input(x, y) - (x < 50 ? 70.0 : 140.0);
      square[x / 50] += noise * noise / 5000.0;
    }
  }
  const double error = 5.0 * std::sqrt(2.0 / 5000.0);  // five standard errors
  EXPECT_NEAR(square[0] / (651.0 / 70.0 * 651.0 / 70.0), 1.0, error);
  EXPECT_NEAR(square[1] / (651.0 / 140.0 * 651.0 / 140.0), 1.0, error);
}

TEST(Degrade, TheTwoNoisesAreIndependent) {
  Image truth(300, 300);
  std::fill_n(truth.data(), truth.size(), 1.0f);
  truth(0, 0) = 2.0f;  // so that there is a range
  Protocol one;
  one.scale = 1;
  one.noise_variance = 0.0001;
  Protocol two = one;
  two.depth_noise = 0.01;
  const Image a = Degrade(truth, one, 7);
  const Image b = Degrade(truth, two, 7);
  double product = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    product += (a.data()[i] - truth.data()[i]) * (b.data()[i] - a.data()[i]) / 1e-4 /
               static_cast<double>(a.size());
  }
  EXPECT_NEAR(product, 0.0, 5.0 / std::sqrt(static_cast<double>(a.size())));
}

TEST(Degrade, AddsTheNoiseOfACamera) {
  Protocol protocol;
  protocol.scale = 1;
  protocol.electrons = 100.0;
  Image truth(40, 30, 3);
  std::fill(truth.data(), truth.data() + truth.size(), 0.5f);
  const Image noisy = Degrade(truth, protocol, 3);
  double squares = 0.0;
  for (std::size_t i = 0; i < noisy.size(); ++i) {
    squares += (noisy.data()[i] - 0.5) * (noisy.data()[i] - 0.5);
  }
  // 25 electrons, deviation 5: of light 0.05, of its root 0.05.
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(noisy.size())), 0.05, 0.003);
  EXPECT_THAT(Describe(protocol), HasSubstr("100 electrons"));
  protocol.down = ParseDown("guide");
  EXPECT_THROW(Degrade(truth, protocol, 3), Error);
  EXPECT_THAT(Describe(protocol), HasSubstr("filtered by itself"));
}

TEST(Degrade, TheSeedTellsTheNoise) {
  const Image truth = RandomImage(8, 8, 1, 3);
  Protocol protocol;
  protocol.scale = 1;
  protocol.noise_variance = 0.01;
  const Image input = Degrade(truth, protocol, 1);
  EXPECT_EQ(Degrade(truth, protocol, 1)(5, 4), input(5, 4));
  EXPECT_NE(Degrade(truth, protocol, 2)(5, 4), input(5, 4));
}

TEST(ParseHoleUse, NamesAndDescribes) {
  Protocol protocol;
  EXPECT_EQ(Describe(protocol).find("missing"), std::string::npos);
  protocol.holes = 0.3;
  protocol.hole_use = ParseHoleUse("filled");
  EXPECT_EQ(protocol.hole_use, HoleUse::kFilled);
  EXPECT_NE(Describe(protocol).find("30 % of the samples missing (filled)"), std::string::npos);
  EXPECT_THAT(Describe(protocol), HasSubstr("(filled), and pixels on them left out"));
  protocol.count_holes = true;
  EXPECT_THAT(Describe(protocol), HasSubstr("(filled), and pixels on them count too"));
  protocol.fidelity = 5;
  EXPECT_NE(Describe(protocol).find("5 iterations of back-projection"), std::string::npos);
  EXPECT_THROW(ParseHoleUse("open"), Error);
}

}  // namespace
}  // namespace dkn::eval
