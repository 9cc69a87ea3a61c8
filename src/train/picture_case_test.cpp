#include "src/train/picture_case.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dkn/error.h"
#include "src/train/training_case.h"

namespace dkn::train {
namespace {

// A picture of stripes and, as `rgb`, what a flash makes of it: brighter, without the stripes.
RgbdPair Stripes(int width, int height) {
  RgbdPair pair{width, height, {}, {}, {}};
  for (int c = 0; c < 3; ++c) {
    for (int i = 0; i < width * height; ++i) {
      const bool stripe = i % width / 16 % 2 == 1;
      pair.rgb.push_back(static_cast<std::uint8_t>(200 + 10 * c));
      pair.picture.push_back(static_cast<std::uint8_t>((stripe ? 150 : 100) + 10 * c));
    }
  }
  return pair;
}

PictureCase Case(const char* json) {
  return ParsePictureCase(ParseJson(json), "'picture'");
}

double Rms(const TrainingImage& image) {
  double sum = 0.0;
  for (std::size_t i = 0; i < image.input.size(); ++i) {
    sum += std::pow(image.input.data()[i] - image.truth.data()[i], 2);
  }
  return std::sqrt(sum / static_cast<double>(image.input.size()));
}

TEST(PictureCaseTest, WithoutAChangeOneChannelGetsNoiseAndNothingElse) {
  const RgbdPair pair = Stripes(96, 64);
  const PictureCase item = Case(R"({"from": "pictures", "electrons": 400, "read_noise": 2})");
  const TrainingImage image = MakePicture(pair, item, 1);
  EXPECT_EQ(image.guide, pair.rgb);
  const double first = 255.0 * image.truth(0, 0);
  EXPECT_TRUE(std::abs(first - 100.0) < 0.01 || std::abs(first - 110.0) < 0.01 ||
              std::abs(first - 120.0) < 0.01);
  EXPECT_NEAR(image.truth(16, 5) - image.truth(15, 5), 50.0 / 255.0, 1e-6);
  // The root's slope makes the counts' deviation sqrt(n) one half of 1 / sqrt(400), and a little
  // more for the read noise.
  EXPECT_NEAR(Rms(image), 0.026, 0.002);
  EXPECT_NEAR(image.facts.noise, 0.026, 0.005);
  EXPECT_EQ(image.range, 1.0f);
  EXPECT_TRUE(image.measured.empty());
}

TEST(PictureCaseTest, OfAPairWithDepthTheColourIsBothPictures) {
  const RgbdPair pair = Stripes(32, 32);
  const TrainingImage image = MakePicture(pair, Case("{}"), 1);
  EXPECT_EQ(image.guide, pair.rgb);
  EXPECT_GE(image.truth(0, 0), 0.784f);  // 200 and more
  RgbdPair of_depth = pair;
  of_depth.picture.clear();
  EXPECT_THROW(MakePicture(of_depth, Case(R"({"from": "pictures"})"), 1), Error);
}

TEST(PictureCaseTest, PicturesMayBeReduced) {
  const TrainingImage image =
      MakePicture(Stripes(64, 32), Case(R"({"from": "pictures", "reduced": 2})"), 1);
  EXPECT_EQ(image.width, 32);
  EXPECT_EQ(image.height, 16);
  EXPECT_EQ(image.guide.size(), 3u * 32 * 16);
  EXPECT_NEAR(image.truth(8, 0) - image.truth(7, 0), 50.0 / 255.0, 1e-5);
}

// What neighbours have in common, as a share of the noise's variance.
double Correlation(const TrainingImage& image) {
  double product = 0.0;
  double square = 0.0;
  const auto noise = [&](int x, int y) { return image.input(x, y) - image.truth(x, y); };
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x + 1 < image.width; ++x) {
      product += noise(x, y) * noise(x + 1, y);
      square += noise(x, y) * noise(x, y);
    }
  }
  return product / square;
}

TEST(PictureCaseTest, GrainSpreadsOverNeighbours) {
  const RgbdPair pair = Stripes(96, 96);
  EXPECT_NEAR(Correlation(MakePicture(pair, Case("{}"), 1)), 0.0, 0.05);
  EXPECT_GT(Correlation(MakePicture(pair, Case(R"({"grainy": 1, "grain": 3})"), 1)), 0.5);
}

TEST(PictureCaseTest, ChangesDifferFromSeedToSeedAndStayInRange) {
  const RgbdPair pair = Stripes(64, 64);
  const PictureCase item = Case(R"({"electrons": [15, 1000], "change": 1})");
  double darkest = 1.0;
  double least_noise = 1.0;
  double most_noise = 0.0;
  int guides = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const TrainingImage image = MakePicture(pair, item, seed);
    const auto [low, high] =
        std::minmax_element(image.truth.data(), image.truth.data() + image.truth.size());
    EXPECT_GE(*low, 0.0f);
    EXPECT_LE(*high, 1.0f);
    darkest = std::min(darkest, static_cast<double>(*high));
    least_noise = std::min(least_noise, Rms(image));
    most_noise = std::max(most_noise, Rms(image));
    guides += image.guide != pair.rgb ? 1 : 0;
    const TrainingImage again = MakePicture(pair, item, seed);
    EXPECT_EQ(image.guide, again.guide);
    EXPECT_TRUE(std::equal(image.input.data(), image.input.data() + image.input.size(),
                           again.input.data()));
  }
  EXPECT_EQ(guides, 40);
  EXPECT_LT(darkest, 0.5);
  EXPECT_LT(least_noise, 0.03);
  EXPECT_GT(most_noise, 0.08);
}

TEST(PictureCaseTest, AsATrainingCaseItKnowsWhatDoingNothingCosts) {
  const auto cases =
      ParseTrainingCases(ParseJson(R"([{"name": "a", "picture": {"electrons": 100}}])"), "'cases'");
  const RgbdPair pair = Stripes(64, 64);
  const TrainingImage image = MeasurePair(pair, pair, cases[0], {}, 3);
  EXPECT_NEAR(image.unfiltered.all.rms, Rms(image), 1e-6);
  EXPECT_GT(image.unfiltered.measured.l1, 0.01);
}

TEST(PictureCaseTest, ErrorsNameTheMember) {
  const auto refused = [](const char* json, const char* text) {
    EXPECT_THAT([&] { Case(json); }, testing::ThrowsMessage<Error>(testing::HasSubstr(text)))
        << json;
  };
  refused(R"({"from": "files"})", "'picture': 'from' is not pairs or pictures");
  refused(R"({"electrons": [10, 1]})", "'electrons'");
  refused(R"({"grain": 0.5})", "'grain'");
  refused(R"({"change": 2})", "'change'");
  refused(R"({"reduced": 0})", "'reduced'");
  refused(R"({"noise": 1})", "'noise'");
}

}  // namespace
}  // namespace dkn::train
