#include "src/train/training_case.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "dkn/error.h"

namespace dkn::train {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// Depth from 2 m on, 1 mm more with each column, and a step of 1 m below the middle.
RgbdPair StepPair(int width, int height) {
  RgbdPair pair{width, height, {}, {}};
  for (int i = 0; i < 3 * width * height; ++i) {
    pair.rgb.push_back(static_cast<std::uint8_t>(i / width % height < height / 2 ? 60 : 180));
  }
  for (int i = 0; i < width * height; ++i) {
    pair.depth.push_back(
        static_cast<std::uint16_t>(2000 + i % width + (i / width < height / 2 ? 0 : 1000)));
  }
  return pair;
}

TrainingCase Case(const char* json) {
  return ParseTrainingCases(ParseJson(std::string("[") + json + "]"), "'cases'").front();
}

TrainingImage Measure(const RgbdPair& pair, const char* json, std::uint64_t seed = 1) {
  return MeasurePair(pair, pair, Case(json), {0.001, 500.0}, seed);
}

double MeasuredShare(const TrainingImage& image) {
  double sum = 0.0;
  for (std::size_t i = 0; i < image.measured.size(); ++i) {
    sum += image.measured.data()[i];
  }
  return sum / static_cast<double>(image.measured.size());
}

TEST(TrainingCaseTest, AnExactCaseIsTheTruth) {
  const TrainingImage image = Measure(StepPair(48, 32), R"({"name": "exact"})");
  EXPECT_EQ(image.facts.log_ratio, 0.0f);
  EXPECT_TRUE(image.measured.empty());
  EXPECT_NEAR(image.range, 1047.0f, 0.01f);
  EXPECT_LT(image.unfiltered.all.l1, 1e-6);
  EXPECT_NEAR(image.truth(0, 0), 0.0f, 1e-5f);
  EXPECT_NEAR(image.truth(47, 31), 1.0f, 1e-5f);
}

TEST(TrainingCaseTest, RatiosNoiseAndHolesAreThoseAskedFor) {
  const RgbdPair pair = StepPair(192, 192);
  EXPECT_NEAR(Measure(pair, R"({"name": "a", "ratio": 8})").facts.log_ratio, 3.0f, 1e-6f);
  const TrainingImage noisy = Measure(pair, R"({"name": "b", "relative_noise": 0.02})");
  EXPECT_NEAR(noisy.unfiltered.all.rms, 0.02, 0.0005);
  // At 2 to 3.2 m the sensor's deviation is 9.9 to 23 mm.
  const TrainingImage sensor = Measure(pair, R"({"name": "c", "sensor_noise": 1})");
  EXPECT_GT(sensor.unfiltered.all.rms * sensor.range, 10.0);
  EXPECT_LT(sensor.unfiltered.all.rms * sensor.range, 22.0);
  EXPECT_NEAR(MeasuredShare(Measure(pair, R"({"name": "d", "holes": 0.25})")), 0.75, 0.001);
  EXPECT_NEAR(MeasuredShare(Measure(pair, R"({"name": "e", "kept": 0.05})")), 0.05, 0.01);
}

TEST(TrainingCaseTest, ALossOfItsOwn) {
  EXPECT_FALSE(Case(R"({"name": "a"})").loss.has_value());
  EXPECT_EQ(Case(R"({"name": "a", "loss": "l1"})").loss, LossKind::kL1);
  EXPECT_EQ(Case(R"({"name": "a", "loss": "l2"})").loss, LossKind::kL2);
  EXPECT_THAT([] { Case(R"({"name": "a", "loss": "l1_perceptual"})"); },
              ThrowsMessage<Error>(HasSubstr("'cases'[0]: 'loss' is not l1 or l2")));
}

TEST(TrainingCaseTest, SensorsMeasureWhatIsShrunk) {
  const RgbdPair pair = StepPair(192, 160);
  const TrainingImage light =
      Measure(pair, R"({"name": "a", "ratio": 2, "sensors": ["structured_light"]})");
  EXPECT_NEAR(light.facts.log_ratio, 1.0f, 1e-6f);
  EXPECT_LT(MeasuredShare(light), 1.0);  // shadows and losses at the edge
  EXPECT_GT(MeasuredShare(light), 0.5);
  const TrainingImage lidar = Measure(pair, R"({"name": "b", "sensors": ["spinning_lidar"]})");
  EXPECT_LT(MeasuredShare(lidar), 0.3);
  EXPECT_LT(lidar.unfiltered.all.l1, 0.2);
}

TEST(TrainingCaseTest, AGuideMayLieBesideWhatItShows) {
  const RgbdPair pair = StepPair(64, 48);
  const TrainingImage beside = Measure(pair, R"({"name": "a", "guide_shift": 2})");
  EXPECT_NE(beside.guide, pair.rgb);
  EXPECT_EQ(Measure(pair, R"({"name": "a"})").guide, pair.rgb);
  EXPECT_LT(beside.unfiltered.all.l1, 1e-6);  // the depth stays where it is
}

TEST(TrainingCaseTest, TheCostOfHolesIsKeptApart) {
  const TrainingImage image =
      Measure(StepPair(192, 192), R"({"name": "a", "relative_noise": 0.02, "holes": 0.2})");
  EXPECT_NEAR(image.unfiltered.measured.rms, 0.02, 0.001);
  const double share = MeasuredShare(image);
  EXPECT_NEAR(image.unfiltered.all.l1,
              share * image.unfiltered.measured.l1 + (1.0 - share) * image.unfiltered.filled.l1,
              1e-9);
}

TEST(TrainingCaseTest, DisparityHasNearAndFarExchanged) {
  const TrainingImage image = Measure(StepPair(48, 32), R"({"name": "a", "disparity": 1})");
  EXPECT_NEAR(image.truth(0, 0), 1.0f, 1e-5f);
  EXPECT_NEAR(image.truth(47, 31), 0.0f, 1e-5f);
}

TEST(TrainingCaseTest, TheSeedDecides) {
  const RgbdPair pair = StepPair(64, 64);
  const char* const json = R"({"name": "a", "ratio": [1, 8], "relative_noise": [0.001, 0.1],
                               "holes": [0, 0.5], "stretch": 0.5, "outliers": [0, 0.1]})";
  const TrainingImage one = Measure(pair, json, 1);
  const TrainingImage again = Measure(pair, json, 1);
  const TrainingImage other = Measure(pair, json, 2);
  EXPECT_TRUE(
      std::equal(one.input.data(), one.input.data() + one.input.size(), again.input.data()));
  EXPECT_FALSE(
      std::equal(one.input.data(), one.input.data() + one.input.size(), other.input.data()));
  EXPECT_NE(one.facts.log_ratio, other.facts.log_ratio);
}

TEST(TrainingCaseTest, CasesAreChosenByTheirShares) {
  const auto cases = ParseTrainingCases(
      ParseJson(R"([{"name": "a", "share": 3}, {"name": "b", "share": 1}])"), "'cases'");
  std::map<std::string, int> counts;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    ++counts[ChooseCase(cases, seed).name];
  }
  EXPECT_NEAR(counts["a"], 3000, 120);
  EXPECT_EQ(counts["a"] + counts["b"], 4000);
}

TEST(TrainingCaseTest, ErrorsNameTheMember) {
  const auto refused = [](const char* json, const char* text) {
    EXPECT_THAT([&] { Case(json); }, ThrowsMessage<Error>(HasSubstr(text))) << json;
  };
  refused(R"({"name": "a", "ratio": 0.5})", "'cases'[0]: 'ratio' is not a number or [LOW, HIGH]");
  refused(R"({"name": "a", "holes": [0.5, 0.2]})", "'holes'");
  refused(R"({"name": "a", "resamplers": ["cubic"]})", "cubic");
  refused(R"({"name": "a", "noise": 1})", "'noise'");
  refused(R"({"share": 1})", "'name'");
  EXPECT_THAT([] { ParseTrainingCases(ParseJson("[]"), "'cases'"); },
              ThrowsMessage<Error>(HasSubstr("'cases' is not a list of cases")));
}

}  // namespace
}  // namespace dkn::train
