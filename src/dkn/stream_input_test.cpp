#include "src/dkn/stream_input.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace dkn {
namespace {

Architecture Sees(TargetInput target) {
  Architecture architecture;
  architecture.target = target;
  return architecture;
}

Image Noise(int width, int height, float deviation) {
  std::mt19937 random(1);
  std::normal_distribution<float> noise(0.5f, deviation);
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image(x, y) = noise(random);
    }
  }
  return image;
}

TEST(StreamInputTest, NoiseIsThatOfTheSamplesThatWereMeasured) {
  const Architecture architecture = Sees(TargetInput::kNoisyMeasurement);
  const Image guide(64, 32, 3);
  const Image target(64, 32);
  Image samples = Noise(32, 16, 0.01f);
  FilterInput input{guide, target, {}, {samples}};
  input.samples.step_x = 2.0f;
  input.samples.step_y = 2.0f;
  const SampleFacts facts = FactsOf(input, 0, architecture);
  EXPECT_EQ(facts.log_ratio, 1.0f);
  EXPECT_NEAR(facts.noise, 0.01f, 0.001f);

  Image measured(32, 16);
  for (int x = 0; x < 32; ++x) {
    for (int y = 0; y < 16; ++y) {
      measured(x, y) = x < 16 ? 1.0f : 0.0f;
      samples(x, y) = x < 16 ? samples(x, y) : 100.0f * samples(x, y);
    }
  }
  input.samples.measured = measured;
  EXPECT_NEAR(FactsOf(input, 0, architecture).noise, 0.01f, 0.001f);
  EXPECT_EQ(FactsOf(input, 0, Sees(TargetInput::kMeasurement)).noise, 0.0f);
}

TEST(StreamInputTest, WithoutSamplesTheTargetIsItsOwn) {
  const Image guide(32, 32, 3);
  const Image target = Noise(32, 32, 0.02f);
  const SampleFacts facts = FactsOf({guide, target}, 0, Sees(TargetInput::kNoisyMeasurement));
  EXPECT_EQ(facts.log_ratio, 0.0f);
  EXPECT_NEAR(facts.noise, 0.02f, 0.002f);
}

// The values of include/dkn/architecture.h.
TEST(StreamInputTest, FactsAreChannelsBesideTheValues) {
  const Image target = Noise(8, 4, 0.1f);
  const SampleFacts facts{3.0f, 0.5f};
  Image storage;
  EXPECT_EQ(SeenTarget(target, {}, facts, Sees(TargetInput::kValues), storage).data, target.data());
  for (const TargetInput input : {TargetInput::kMeasurement, TargetInput::kNoisyMeasurement}) {
    const ConstView seen = SeenTarget(target, {}, facts, Sees(input), storage);
    ASSERT_EQ(seen.channels, input == TargetInput::kMeasurement ? 3 : 4);
    for (int x = 0; x < 8; ++x) {
      EXPECT_EQ(seen(x, 3, 0), target(x, 3));
      EXPECT_EQ(seen(x, 3, 1), 1.0f);
      EXPECT_EQ(seen(x, 3, 2), 0.75f);
      if (seen.channels > 3) {
        EXPECT_NEAR(seen(x, 3, 3), std::log2(2049.0f) / 8.0f, 1e-6f);
      }
    }
  }
  EXPECT_EQ(SeenNoise({}), 0.0f);
}

}  // namespace
}  // namespace dkn
