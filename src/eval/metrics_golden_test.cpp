// Holds the metrics against tests/golden/metrics.json, whose numbers are scikit-image's and
// SciPy's; tests/golden/make_metrics_golden.py says how they were made.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>

#include "src/eval/depth_edges.h"
#include "src/eval/metrics.h"

namespace dkn::eval {
namespace {

nlohmann::json Cases(const char* group) {
  std::ifstream file(DKN_SOURCE_DIR "/tests/golden/metrics.json");
  const nlohmann::json all = nlohmann::json::parse(file, nullptr, false);
  EXPECT_TRUE(all.is_object()) << "tests/golden/metrics.json is missing";
  return all.is_object() ? all.value(group, nlohmann::json::array()) : nlohmann::json::array();
}

// Member `name` of a case; null is an unknown value.
Image ReadValues(const nlohmann::json& one, const char* name) {
  Image image(one["width"], one["height"], one["channels"]);
  const nlohmann::json& values = one[name];
  EXPECT_EQ(values.size(), image.size());
  const float divisor = one["divisor"];
  std::transform(values.begin(), values.end(), image.data(), [&](const nlohmann::json& value) {
    return value.is_null() ? std::numeric_limits<float>::quiet_NaN() : value.get<float>() / divisor;
  });
  return image;
}

double MeasureCase(const nlohmann::json& one, MetricKind kind) {
  const Image result = ReadValues(one, "result");
  const Image truth = ReadValues(one, "truth");
  return Measure({kind}, {.result = result, .truth = truth, .peak = one.value("peak", 0.0)});
}

TEST(MetricsGolden, SsimAndPsnrAgreeWithScikitImage) {
  const nlohmann::json cases = Cases("similarity");
  EXPECT_GE(cases.size(), 6u);
  for (const nlohmann::json& one : cases) {
    EXPECT_NEAR(MeasureCase(one, MetricKind::kSsim), one["ssim"], 1e-9);
    EXPECT_NEAR(MeasureCase(one, MetricKind::kPsnr), one["psnr"], 1e-9);
  }
}

TEST(MetricsGolden, WeightedFAgreesWithTheFormulasInSciPy) {
  const nlohmann::json cases = Cases("foreground");
  EXPECT_GE(cases.size(), 6u);
  for (const nlohmann::json& one : cases) {
    EXPECT_NEAR(MeasureCase(one, MetricKind::kWeightedF), one["weighted_f"], 1e-9);
  }
}

TEST(MetricsGolden, RmseByDepthEdgesAndMaeAgreeWithSciPy) {
  const nlohmann::json cases = Cases("edges");
  EXPECT_GE(cases.size(), 2u);
  for (const nlohmann::json& one : cases) {
    const std::vector<std::uint8_t> near = NearDepthEdges(ReadValues(one, "truth"));
    EXPECT_EQ(std::accumulate(near.begin(), near.end(), 0), one["near"]);
    EXPECT_NEAR(MeasureCase(one, MetricKind::kRmseEdges), one["rmse_edges"], 1e-9);
    EXPECT_NEAR(MeasureCase(one, MetricKind::kRmseFlat), one["rmse_flat"], 1e-9);
    EXPECT_NEAR(MeasureCase(one, MetricKind::kMae), one["mae"], 1e-9);
  }
}

}  // namespace
}  // namespace dkn::eval
