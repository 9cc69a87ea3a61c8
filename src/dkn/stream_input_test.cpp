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

// Each value of the noise is shared by 4 x 4 pixels: neighbours tell a part of it.
TEST(StreamInputTest, CorrelatedNoiseIsSeenFromFarther) {
  const Image guide(128, 128, 3);
  const Image coarse = Noise(32, 32, 0.02f);
  Image target(128, 128);
  for (int y = 0; y < 128; ++y) {
    for (int x = 0; x < 128; ++x) {
      target(x, y) = coarse(x / 4, y / 4);
    }
  }
  const Architecture architecture = Sees(TargetInput::kCorrelatedNoise);
  const SampleFacts facts = FactsOf({guide, target}, 0, architecture);
  EXPECT_LT(facts.noise, 0.012f);
  EXPECT_NEAR(facts.correlated_noise, 0.02f, 0.003f);
  EXPECT_EQ(FactsOf({guide, target}, 0, Sees(TargetInput::kNoisyMeasurement)).correlated_noise,
            0.0f);
  // Samples as far apart as that are compared with their neighbours, which share nothing.
  FilterInput input{guide, target, {}, {coarse}};
  input.samples.step_x = input.samples.step_y = 8.0f;
  EXPECT_EQ(FactsOf(input, 0, architecture).noise,
            FactsOf(input, 0, architecture).correlated_noise);
  input.samples.step_x = 100.0f;
  EXPECT_GT(FactsOf(input, 0, architecture).correlated_noise, 0.0f);
}

// The values of include/dkn/architecture.h.
TEST(StreamInputTest, FactsAreChannelsBesideTheValues) {
  const Image target = Noise(8, 4, 0.1f);
  const SampleFacts facts{3.0f, 0.5f, 0.25f};
  Image storage;
  EXPECT_EQ(SeenTarget(target, {}, facts, Sees(TargetInput::kValues), storage).data, target.data());
  const TargetInput inputs[] = {TargetInput::kMeasurement, TargetInput::kNoisyMeasurement,
                                TargetInput::kCorrelatedNoise};
  for (int i = 0; i < 3; ++i) {
    const ConstView seen = SeenTarget(target, {}, facts, Sees(inputs[i]), storage);
    ASSERT_EQ(seen.channels, 3 + i);
    for (int x = 0; x < 8; ++x) {
      EXPECT_EQ(seen(x, 3, 0), target(x, 3));
      EXPECT_EQ(seen(x, 3, 1), 1.0f);
      EXPECT_EQ(seen(x, 3, 2), 0.75f);
      if (seen.channels > 3) {
        EXPECT_NEAR(seen(x, 3, 3), std::log2(2049.0f) / 8.0f, 1e-6f);
      }
      if (seen.channels > 4) {
        EXPECT_NEAR(seen(x, 3, 4), std::log2(1025.0f) / 8.0f, 1e-6f);
      }
    }
  }
  EXPECT_EQ(SeenFacts({}), (std::array<float, 3>{}));
}

}  // namespace
}  // namespace dkn
