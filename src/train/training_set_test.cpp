#include "src/train/training_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "dkn/error.h"

namespace dkn::train {
namespace {

RgbdPair RampPair(int width, int height) {
  RgbdPair pair{width, height, {}, {}};
  for (int i = 0; i < 3 * width * height; ++i) {
    pair.rgb.push_back(static_cast<std::uint8_t>(i % 251));
  }
  for (int i = 0; i < width * height; ++i) {
    pair.depth.push_back(static_cast<std::uint16_t>(1000 + i % width));
  }
  return pair;
}

TEST(TrainingSetTest, ImagesAreCroppedToTheScaleAndNormalisedByTheInput) {
  const RgbdPair pair = RampPair(37, 19);
  const TrainingImage image = MakeTrainingImage(pair, {8, Resampler::kBox}, 1);
  EXPECT_EQ(image.width, 32);
  EXPECT_EQ(image.height, 16);
  // Boxes of 8 over a ramp of slope 1: means 1003.5, 1011.5, 1019.5, 1027.5.
  EXPECT_FLOAT_EQ(image.range, 24.0f);
  EXPECT_NEAR(image.truth(0, 0), (1000 - 1003.5) / 24, 1e-5);
  EXPECT_NEAR(image.truth(31, 15), (1031 - 1003.5) / 24, 1e-5);
  EXPECT_NEAR(image.input(16, 8), image.truth(16, 8), 0.01);
  ASSERT_EQ(image.guide.size(), 3u * 32 * 16);
  EXPECT_EQ(image.guide[2 * 32 * 16 + 5 * 32 + 7], pair.rgb[2 * 37 * 19 + 5 * 37 + 7]);
}

// Noise of the given variance on depth in [0, 1], and a range that holds it.
TEST(TrainingSetTest, NoiseIsAddedToTheInputAlone) {
  const RgbdPair pair = RampPair(256, 128);
  const Degradation degradation{1, Resampler::kBicubic, 0.005};
  const TrainingImage image = MakeTrainingImage(pair, degradation, 1);
  EXPECT_EQ(image.width, 256);
  double square = 0.0;
  float low = 1.0f;
  float high = 0.0f;
  for (std::size_t i = 0; i < image.input.size(); ++i) {
    const double error = image.range * (image.input.data()[i] - image.truth.data()[i]) / 255.0;
    square += error * error / static_cast<double>(image.input.size());
    low = std::min(low, image.input.data()[i]);
    high = std::max(high, image.input.data()[i]);
  }
  EXPECT_NEAR(square, 0.005, 0.0002);
  EXPECT_EQ(low, 0.0f);
  EXPECT_EQ(high, 1.0f);
  EXPECT_NE(MakeTrainingImage(pair, degradation, 2).input(3, 3), image.input(3, 3));
}

TEST(TrainingSetTest, ConstantOrSmallDepthIsRefused) {
  RgbdPair pair = RampPair(16, 16);
  std::fill(pair.depth.begin(), pair.depth.end(), std::uint16_t{7});
  EXPECT_THROW(MakeTrainingImage(pair, {8, Resampler::kBicubic}, 1), Error);
  EXPECT_THROW(MakeTrainingImage(RampPair(7, 16), {8, Resampler::kBicubic}, 1), Error);
}

TEST(TrainingSetTest, EveryEpochSeesEachImageOnce) {
  CropSampler sampler({{40, 32}, {64, 64}, {32, 48}}, 32, 8, {true, true}, 5);
  std::set<std::pair<int, int>> places;
  std::set<std::tuple<bool, bool, bool>> changes;
  for (int epoch = 0; epoch < 40; ++epoch) {
    std::set<int> seen;
    for (int i = 0; i < 3; ++i) {
      const Crop crop = sampler.At(3 * epoch + i);
      seen.insert(crop.image);
      changes.insert({crop.flip_x, crop.flip_y, crop.invert});
      if (crop.image == 1) {
        places.insert({crop.x, crop.y});
        EXPECT_EQ(crop.x % 8, 0);
        EXPECT_LE(crop.x, 32);
      }
    }
    EXPECT_EQ(seen.size(), 3u);
  }
  EXPECT_EQ(changes.size(), 8u);
  EXPECT_GT(places.size(), 15u);  // of 25
}

TEST(TrainingSetTest, CropsDependOnSeedAndNumberAlone) {
  CropSampler forth({{64, 64}, {64, 64}}, 32, 4, {true, true}, 5);
  CropSampler back({{64, 64}, {64, 64}}, 32, 4, {true, true}, 5);
  CropSampler other({{64, 64}, {64, 64}}, 32, 4, {true, true}, 6);
  const auto same = [](const Crop& a, const Crop& b) {
    return a.image == b.image && a.x == b.x && a.y == b.y && a.flip_x == b.flip_x &&
           a.flip_y == b.flip_y && a.invert == b.invert;
  };
  std::vector<Crop> crops;
  int equal = 0;
  for (int i = 0; i < 20; ++i) {
    crops.push_back(forth.At(i));
    equal += same(crops.back(), other.At(i)) ? 1 : 0;
  }
  for (int i = 19; i >= 0; --i) {
    EXPECT_TRUE(same(back.At(i), crops[i]));
  }
  EXPECT_LT(equal, 5);
}

TEST(TrainingSetTest, ImagesSmallerThanTheCropAreRefused) {
  EXPECT_THROW(CropSampler({{64, 31}}, 32, 8, {}, 1), Error);
  EXPECT_THROW(CropSampler({}, 32, 8, {}, 1), Error);
}

}  // namespace
}  // namespace dkn::train
