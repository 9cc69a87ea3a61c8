#include "dkn/resample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "dkn/error.h"

namespace dkn {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr Resampler kAll[] = {Resampler::kNearest, Resampler::kBox, Resampler::kBilinear,
                              Resampler::kBicubic, Resampler::kLanczos};

Image FromValues(int width, int height, const std::vector<float>& values) {
  Image image(width, height);
  std::copy(values.begin(), values.end(), image.data());
  return image;
}

// 0, 1, 2, ... row by row.
Image Counting(int width, int height, int channels = 1) {
  Image image(width, height, channels);
  for (std::size_t i = 0; i < image.size(); ++i) {
    image.data()[i] = static_cast<float>(i);
  }
  return image;
}

std::vector<float> Values(const Image& image) {
  return std::vector<float>(image.data(), image.data() + image.size());
}

TEST(Resize, AgreesWithPillow) {
  std::ifstream file(DKN_SOURCE_DIR "/tests/golden/resample.json");
  ASSERT_TRUE(file) << "tests/golden/resample.json is missing";
  const nlohmann::json cases = nlohmann::json::parse(file);
  ASSERT_GE(cases.size(), 15u);
  for (const nlohmann::json& one : cases) {
    const Image source =
        FromValues(one["from"][0], one["from"][1], one["source"].get<std::vector<float>>());
    const auto [low, high] = std::minmax_element(source.data(), source.data() + source.size());
    const float range = std::max(*high - *low, 1.0f);
    for (const Resampler resampler : kAll) {
      const auto expected = one["results"][ToString(resampler)].get<std::vector<float>>();
      const Image result = Resize(source, one["to"][0], one["to"][1], resampler);
      ASSERT_EQ(result.size(), expected.size());
      float difference = 0.0f;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        difference = std::max(difference, std::abs(result.data()[i] - expected[i]));
      }
      const float tolerance = resampler == Resampler::kNearest ? 0.0f : 1e-5f * range;
      EXPECT_LE(difference, tolerance)
          << ToString(resampler) << " " << one["from"] << " to " << one["to"];
    }
  }
}

TEST(Resize, KeepsAConstant) {
  Image source(7, 11);
  std::fill_n(source.data(), source.size(), 3.25f);
  for (const Resampler resampler : kAll) {
    for (const int size : {1, 3, 7, 23, 56}) {
      const Image result = Resize(source, size, size, resampler);
      for (const float value : Values(result)) {
        ASSERT_NEAR(value, 3.25f, 2e-6f) << ToString(resampler) << " to " << size;
      }
    }
  }
}

TEST(Resize, KeepsTheImageAtItsOwnSize) {
  const Image source = Counting(5, 4, 2);
  for (const Resampler resampler : kAll) {
    EXPECT_EQ(Values(Resize(source, 5, 4, resampler)), Values(source)) << ToString(resampler);
  }
}

TEST(Resize, BoxByAWholeFactorIsTheMeanOfEachCell) {
  const Image result = Resize(Counting(4, 4), 2, 2, Resampler::kBox);
  EXPECT_THAT(Values(result), ElementsAre(2.5f, 4.5f, 10.5f, 12.5f));
}

TEST(Resize, TreatsEachChannelAndViewByItself) {
  // More rows than the horizontal pass takes at a time, and a remainder.
  const Image whole = Counting(23, 41, 3);
  const ConstView crop = whole.view().Crop(2, 3, 19, 37);
  for (const Resampler resampler : kAll) {
    const Image all = Resize(crop, 30, 20, resampler);
    ASSERT_EQ(all.channels(), 3);
    for (int c = 0; c < 3; ++c) {
      const Image alone = Resize(Image::Clone(crop.Channel(c)), 30, 20, resampler);
      EXPECT_EQ(Values(Image::Clone(all.view().Channel(c))), Values(alone)) << ToString(resampler);
    }
  }
}

TEST(Resize, IsTheSameTransposed) {
  const Image source = Counting(19, 37);
  Image transposed(37, 19);
  for (int y = 0; y < 37; ++y) {
    for (int x = 0; x < 19; ++x) {
      transposed(y, x) = source(x, y);
    }
  }
  for (const Resampler resampler : kAll) {
    const Image a = Resize(source, 50, 9, resampler);
    const Image b = Resize(transposed, 9, 50, resampler);
    for (int y = 0; y < 9; ++y) {
      for (int x = 0; x < 50; ++x) {
        ASSERT_NEAR(a(x, y), b(y, x), 1e-3f) << ToString(resampler);  // values up to 703
      }
    }
  }
}

TEST(Resize, DoesNotClip) {
  const Image result = Resize(FromValues(4, 1, {0, 0, 1, 1}), 32, 1, Resampler::kBicubic);
  EXPECT_LT(*std::min_element(result.data(), result.data() + 32), -0.01f);
  EXPECT_GT(*std::max_element(result.data(), result.data() + 32), 1.01f);
}

TEST(Resize, RefusesEmptySizes) {
  const Image source(3, 2);
  EXPECT_THAT([&] { Resize(source, 0, 5, Resampler::kBox); },
              ThrowsMessage<Error>(HasSubstr("3 x 2 x 1 to 0 x 5")));
  EXPECT_THROW(Resize(source, 5, -1, Resampler::kNearest), Error);
  EXPECT_THROW(Resize(Image(), 5, 5, Resampler::kBicubic), Error);
}

TEST(ResamplerNames, GoBothWays) {
  for (const Resampler resampler : kAll) {
    EXPECT_EQ(ParseResampler(ToString(resampler)), resampler);
  }
  EXPECT_EQ(ToString(Resampler::kLanczos), "lanczos");
  EXPECT_THAT([] { ParseResampler("cubic"); },
              ThrowsMessage<Error>(HasSubstr("unknown resampler 'cubic'")));
}

TEST(Subsample, TakesTheLastOrCentrePixelOfEachWholeCell) {
  const Image source = Counting(7, 4);  // the seventh column belongs to no cell of 2 or 3
  EXPECT_THAT(Values(SubsampleLastPixel(source, 2)), ElementsAre(8, 10, 12, 22, 24, 26));
  EXPECT_THAT(Values(SubsampleLastPixel(source, 3)), ElementsAre(16, 19));
  EXPECT_THAT(Values(SubsampleCenterPixel(source, 3)), ElementsAre(8, 11));
  EXPECT_THAT(Values(SubsampleCenterPixel(source, 4)), ElementsAre(8));
  EXPECT_EQ(Values(SubsampleCenterPixel(source, 1)), Values(source));
}

TEST(Subsample, TakesEveryChannel) {
  EXPECT_THAT(Values(SubsampleLastPixel(Counting(2, 2, 3), 2)), ElementsAre(3, 7, 11));
}

TEST(Subsample, RefusesAnImageWithoutAWholeCell) {
  EXPECT_THAT([] { SubsampleLastPixel(Image(7, 9), 8); },
              ThrowsMessage<Error>(HasSubstr("7 x 9 pixels by 8")));
  EXPECT_THROW(SubsampleCenterPixel(Image(7, 9), 0), Error);
  EXPECT_THROW(SubsampleCenterPixel(Image(), 1), Error);
}

}  // namespace
}  // namespace dkn
