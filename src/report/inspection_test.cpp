#include "src/report/inspection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>

#include "dkn/error.h"
#include "dkn/upsample.h"
#include "src/core/test_images.h"
#include "src/dkn/random_weights.h"

namespace dkn::report {
namespace {

class InspectionTest : public testing::TestWithParam<const char*> {
 protected:
  ~InspectionTest() override { std::filesystem::remove(path_); }

  std::unique_ptr<Model> Make(const char* json) const {
    WriteSafetensors(path_, RandomWeights(ArchitectureFromJson(json), 1));
    return Model::Load(path_);
  }

 private:
  static std::string PathOfTest() {
    std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    std::replace(name.begin(), name.end(), '/', '_');  // before a parameter
    return testing::TempDir() + "inspection_test_" + name + ".safetensors";
  }
  const std::string path_ = PathOfTest();
};

// The terms add up to the result, at the border too, whatever the network does with its weights.
void ExpectTermsOfTheResult(const Image& target, const Model& model) {
  const Image guide = RandomImage(30, 23, 3, 2);
  const Inspection inspection(guide, target, model);
  ExpectNear(inspection.result(), Upsample(guide, target, model), 0.0f);
  for (int y = 0; y < 23; ++y) {
    for (int x = 0; x < 30; ++x) {
      const PixelReading reading = inspection.At(x, y);
      double sum = 0.0;
      for (const TapReading& tap : reading.taps) {
        EXPECT_NEAR(tap.contribution, tap.weight * (tap.value - reading.reference), 1e-9);
        sum += tap.contribution;
      }
      ASSERT_EQ(reading.sum, sum);
      ASSERT_EQ(reading.target, inspection.target()(x, y));
      ASSERT_EQ(reading.result, inspection.result()(x, y));
      ASSERT_NEAR(reading.target + reading.sum, reading.result, 0.1) << x << ", " << y;
    }
  }
}

TEST_P(InspectionTest, TermsAddUpToTheResult) {
  ExpectTermsOfTheResult(RandomImage(6, 5, 1, 1000.0f, 5000.0f, 3), *Make(GetParam()));
}

TEST_P(InspectionTest, HolesAreFilledAsInUpsampling) {
  Image target = RandomImage(15, 12, 1, 1000.0f, 5000.0f, 3);
  for (const auto& [x, y] : {std::pair{0, 0}, {1, 0}, {8, 6}, {9, 6}, {8, 7}, {14, 11}}) {
    target(x, y) = std::nanf("");
  }
  ExpectTermsOfTheResult(target, *Make(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(
    Networks, InspectionTest,
    testing::Values(R"({"n1": 32, "n2": 32})", R"({"n1": 32, "n2": 32, "residual": false})",
                    R"({"n1": 32, "n2": 32, "mean_subtraction": false})",
                    R"({"n1": 32, "n2": 32, "kernel_size": 5, "window_rule": "zero",
                        "border_rule": "zero", "grid_scale": 0.93333333,
                        "tap_order": "column_major"})",
                    R"({"n1": 32, "n2": 32, "levels": 3, "target": "measurement"})",
                    R"({"kind": "dkn", "dkn_features": "small", "n1": 32, "n2": 32})"));

// Without offsets the samples are the pixels around: what is read there is the image itself.
TEST_F(InspectionTest, SamplesAreReadWhereTheyLie) {
  const auto model = Make(R"({"offsets_from": "none", "window": 3, "n1": 32, "n2": 32})");
  const Image target = RandomImage(20, 16, 1, -3.0f, 7.0f, 4);
  const Inspection inspection(RandomImage(20, 16, 3, 5), target, *model);
  const PixelReading reading = inspection.At(11, 6);
  ASSERT_EQ(reading.taps.size(), 9u);
  for (int tap = 0; tap < 9; ++tap) {
    const int x = 11 + tap % 3 - 1;
    const int y = 6 + tap / 3 - 1;
    EXPECT_EQ(reading.taps[tap].x, static_cast<float>(x));
    EXPECT_EQ(reading.taps[tap].y, static_cast<float>(y));
    EXPECT_NEAR(reading.taps[tap].value, target(x, y), 1e-5);
    EXPECT_EQ(reading.taps[tap].weight, inspection.kernels().weights(11, 6, tap));
  }
  const figures::PixelKernel kernel = KernelOf(reading);
  EXPECT_EQ(kernel.x, 11);
  EXPECT_EQ(kernel.y, 6);
  ASSERT_EQ(kernel.samples.size(), 9u);
  EXPECT_EQ(kernel.samples[2].x, 12.0f);
  EXPECT_EQ(kernel.samples[2].y, 5.0f);
  EXPECT_EQ(kernel.samples[2].weight, reading.taps[2].weight);
}

TEST_F(InspectionTest, RefusesWhatHasNoKernel) {
  const auto model = Make(R"({"n1": 32, "n2": 32})");
  const Image guide = RandomImage(8, 6, 3, 6);
  EXPECT_THAT([&] { Inspection(guide, RandomImage(8, 6, 2, 7), *model); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("2 channels, expected 1")));
  EXPECT_THAT([&] { Inspection(guide, Image(8, 6), *model); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("0 everywhere")));
  EXPECT_THROW(Inspection(guide, RandomImage(9, 6, 1, 7), *model), Error);
  EXPECT_THROW(Inspection(guide, Image(), *model), Error);
  const Inspection inspection(guide, RandomImage(4, 3, 1, 8), *model);
  EXPECT_NO_THROW(inspection.At(7, 5));
  for (const auto& [x, y] : {std::pair{8, 5}, {7, 6}, {-1, 0}, {0, -1}}) {
    EXPECT_THROW(inspection.At(x, y), Error);
  }
}

TEST(ReadingText, ListsEachTapAndTheSums) {
  PixelReading reading{3, 4, 10.0, 10.0, {}, 2.5, 12.5};
  reading.taps.push_back({2.5f, 4.25f, 0, 0.75, 12.0, 1.5});
  reading.taps.push_back({3.0f, 5.0f, 1, -0.75000001, 8.75, 1.0});
  const std::string text = ReadingText(reading);
  EXPECT_THAT(text, testing::StartsWith("pixel 3,4: target 10\n"));
  EXPECT_THAT(text,
              testing::HasSubstr("| 0   | 2.50 | 4.25 | +0.7500 | 12     | +1.5         |\n"));
  EXPECT_THAT(text,
              testing::HasSubstr("| sum |      |      | +0.0000 |        | +2.5         |\n"));
  EXPECT_THAT(text, testing::EndsWith("is 12.5; dkn upsample gives 12.5\n"));
}

}  // namespace
}  // namespace dkn::report
