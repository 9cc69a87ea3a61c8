#include "src/eval/reliability.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <limits>
#include <vector>

#include "dkn/error.h"
#include "dkn/io.h"
#include "dkn/registry.h"
#include "dkn/upsample.h"
#include "src/core/test_images.h"
#include "src/data/dataset.h"
#include "src/eval/evaluate.h"

namespace dkn::eval {
namespace {

namespace fs = std::filesystem;

TEST(Reliability, SortsByConfidenceAndLeavesOutWhatIsNotKnown) {
  Image error(5, 1);
  Image confidence(5, 1);
  const float errors[] = {3.0f, -4.0f, std::nanf(""), 1.0f, -1.0f};
  const float confidences[] = {0.1f, 0.2f, 0.0f, 0.9f, 0.7f};
  std::copy_n(errors, 5, error.data());
  std::copy_n(confidences, 5, confidence.data());
  const auto bins = Reliability(error, confidence, 2);
  ASSERT_EQ(bins.size(), 2u);
  EXPECT_EQ(bins[0].pixels, 2u);
  EXPECT_NEAR(bins[0].confidence, 0.15f, 1e-6f);
  EXPECT_NEAR(bins[0].rmse, std::sqrt(12.5), 1e-6);
  EXPECT_NEAR(bins[1].confidence, 0.8f, 1e-6f);
  EXPECT_NEAR(bins[1].rmse, 1.0, 1e-6);
  EXPECT_NE(ReliabilityTable(bins).find("0.150"), std::string::npos);
  EXPECT_THROW(Reliability(error, Image(4, 1), 2), Error);
  EXPECT_THROW(Reliability(error, confidence, 5), Error);
}

// Histogram of errors, in the order of confidences 1 / n, 2 / n, ...
ConfidenceHistogram HistogramOf(const std::vector<float>& errors) {
  Image error(static_cast<int>(errors.size()), 1);
  Image confidence(error.width(), 1);
  for (int x = 0; x < error.width(); ++x) {
    error(x, 0) = errors[static_cast<std::size_t>(x)];
    confidence(x, 0) = static_cast<float>(x + 1) / static_cast<float>(error.width());
  }
  ConfidenceHistogram histogram;
  AddErrors(error, Image(error.width(), 1), confidence, 0, histogram);
  return histogram;
}

TEST(Reliability, OfAHistogramIsThatOfThePixels) {
  const Image confidence = RandomImage(200, 300, 1, 0.0f, 1.0f, 1);
  Image error = RandomImage(200, 300, 1, -1.0f, 1.0f, 2);
  for (std::size_t i = 0; i < error.size(); ++i) {
    error.data()[i] *= 1.0f - confidence.data()[i];
  }
  ConfidenceHistogram histogram;
  AddErrors(error, Image(200, 300), confidence, 0, histogram);
  for (const int parts : {1, 7, 10}) {
    const auto exact = Reliability(error, confidence, parts);
    const auto bins = Reliability(histogram, parts);
    ASSERT_EQ(bins.size(), exact.size());
    for (std::size_t i = 0; i < bins.size(); ++i) {
      EXPECT_NEAR(bins[i].confidence, exact[i].confidence, 2e-4);
      EXPECT_NEAR(bins[i].rmse, exact[i].rmse, 0.003 * exact[i].rmse);
      EXPECT_EQ(bins[i].pixels, exact[i].pixels);
    }
  }
}

TEST(Reliability, TakesPixelsOfLikeConfidenceAsEqual) {
  const ConfidenceHistogram histogram{{{300, {4, 36.0}}, {900, {2, 2.0}}}, {}};
  const auto bins = Reliability(histogram, 3);
  EXPECT_EQ(bins[0].rmse, 3.0);
  EXPECT_EQ(bins[1].rmse, 3.0);
  EXPECT_EQ(bins[2].rmse, 1.0);
  EXPECT_FLOAT_EQ(bins[1].confidence, 0.3005f);
  const auto mixed = Reliability(histogram, 2);
  EXPECT_DOUBLE_EQ(mixed[1].rmse, std::sqrt((9.0 + 2.0) / 3.0));
  EXPECT_THROW(Reliability(histogram, 7), Error);
  EXPECT_THROW(Reliability(ConfidenceHistogram()), Error);
}

TEST(Sparsify, DropsTheLeastConfidentFirst) {
  const Sparsification best = Sparsify(HistogramOf({8.0f, -4.0f, 2.0f, -1.0f}));
  ASSERT_EQ(best.rmse.size(), 100u);
  EXPECT_DOUBLE_EQ(best.rmse[0], std::sqrt(85.0 / 4));
  EXPECT_DOUBLE_EQ(best.rmse[25], std::sqrt(21.0 / 3));
  EXPECT_DOUBLE_EQ(best.rmse[50], std::sqrt(5.0 / 2));
  EXPECT_DOUBLE_EQ(best.rmse[75], 1.0);
  EXPECT_DOUBLE_EQ(best.rmse[99], 1.0);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_DOUBLE_EQ(best.rmse[i], best.oracle[i]);
  }
  EXPECT_NEAR(best.ause, 0.0, 1e-12);
  EXPECT_GT(best.random_ause, 0.5);
  const Sparsification worst = Sparsify(HistogramOf({-1.0f, 2.0f, -4.0f, 8.0f}));
  EXPECT_EQ(worst.oracle, best.oracle);
  EXPECT_DOUBLE_EQ(worst.rmse[75], 8.0);
  EXPECT_GT(worst.ause, worst.random_ause);
}

TEST(Sparsify, OfAConfidenceThatTellsNothingIsThatAtRandom) {
  ConfidenceHistogram histogram = HistogramOf({8.0f, 4.0f, 2.0f, 1.0f});
  histogram.by_confidence = {{700, {4, 85.0}}};
  const Sparsification curve = Sparsify(histogram);
  EXPECT_DOUBLE_EQ(curve.rmse[99], curve.rmse[0]);
  EXPECT_NEAR(curve.ause, curve.random_ause, 1e-12);
}

TEST(Sparsify, OfNoErrorsIsZeroAndOfNoPixelsRefused) {
  const Sparsification exact = Sparsify(HistogramOf({0.0f, 0.0f}));
  EXPECT_EQ(exact.rmse, std::vector<double>(100, 0.0));
  EXPECT_EQ(exact.ause, 0.0);
  EXPECT_THROW(Sparsify({}), Error);
}

// What the networks' confidence promises, on images that no one tuned it by.
void ExpectErrorsGrowAsConfidenceFalls(const std::vector<ReliabilityBin>& bins) {
  EXPECT_GT(bins.front().rmse, 5.0 * bins.back().rmse);
  for (std::size_t i = 2; i < bins.size(); ++i) {
    EXPECT_LT(bins[i].rmse, 1.1 * bins[i - 2].rmse) << ReliabilityTable(bins);
  }
}

TEST(Reliability, OfTheRenderedRoom) {
  const fs::path examples = fs::path(DKN_SOURCE_DIR) / "examples";
  const auto read = [&](const char* name) { return ReadImage((examples / name).string()).image; };
  const Image guide = ReadGuide((examples / "room_rgb.png").string());
  const Image truth = read("room_truth.png");
  const Upsampled result =
      UpsampleFrame(guide, read("room_depth.png"), *CreateFilter("fdkn_x8"), {.confidence = true});
  Image error = Image::Clone(truth);
  for (std::size_t i = 0; i < error.size(); ++i) {
    error.data()[i] = result.image.data()[i] - truth.data()[i];
  }
  const auto bins = Reliability(error, result.confidence);
  std::cout << ReliabilityTable(bins);
  ExpectErrorsGrowAsConfidenceFalls(bins);
}

TEST(Reliability, OfNyuVal) {
  const fs::path data = fs::path(DKN_SOURCE_DIR) / "../shared/data/nyu_val";
  if (!fs::exists(data)) {
    GTEST_SKIP() << data << " is absent";
  }
  constexpr int kImages = 10;
  const auto set = OpenDataset({.path = data.string(), .unit_per_step = 0.2});
  const auto filter = CreateFilter("fdkn_x8");
  Image errors;
  Image confidences;
  for (int i = 0; i < kImages; ++i) {
    const Trial trial = MakeTrial(set->Read(static_cast<std::size_t>(i)), Protocol(), 0);
    const Upsampled result = UpsampleFrame(trial.guide, trial.input, *filter, {.confidence = true});
    const ConstView truth = trial.truth;
    if (i == 0) {
      errors = Image(truth.width, truth.height * kImages);
      confidences = Image(truth.width, truth.height * kImages);
    }
    for (int y = 0; y < truth.height; ++y) {
      for (int x = 0; x < truth.width; ++x) {
        errors(x, i * truth.height + y) = result.image(x, y) - truth(x, y);
        confidences(x, i * truth.height + y) = result.confidence(x, y);
      }
    }
  }
  const auto bins = Reliability(errors, confidences);
  std::cout << ReliabilityTable(bins);
  ExpectErrorsGrowAsConfidenceFalls(bins);
}

}  // namespace
}  // namespace dkn::eval
