#include "src/dkn/calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dkn/error.h"
#include "src/core/test_images.h"
#include "src/dkn/model_tensors.h"
#include "src/dkn/random_weights.h"

namespace dkn {
namespace {

// Of the first layer's results.
float LargestFirstOutput(const TensorFile& file) {
  return file.tensors.at("DepthKernel.conv1.largest_output").values.at(0);
}

TEST(CalibrationTest, FindsTheLargestResultOfEachLayer) {
  for (const char* json :
       {R"({"kind": "fdkn"})", R"({"kind": "dkn"})", R"({"kind": "fdkn", "streams": "one"})",
        R"({"kind": "fdkn", "levels": 3, "target": "correlated_noise"})"}) {
    const Architecture architecture = ArchitectureFromJson(json);
    TensorFile file = RandomWeights(architecture, 1);
    const std::size_t tensors = file.tensors.size();
    const Calibration calibration(file);
    FilterOutput output;
    const Image target = RandomImage(64, 60, 1, 2);
    calibration.Apply({RandomImage(64, 60, 3, 3), target}, output);
    ExpectNear(output.image, target, 0.0f);
    calibration.Store(file);
    const std::size_t layers = architecture.kind == NetworkKind::kDkn ? 7 : 6;
    EXPECT_EQ(file.tensors.size(), tensors + layers * Streams(architecture).size());
    EXPECT_NO_THROW(RefuseUnknownTensors(file, architecture));
    const Stream stream = Streams(architecture).front();
    EXPECT_GT(StreamConvolutions(file, architecture, stream).front().largest_output, 0.0f);
  }
}

// More images can only raise a range; twice the first layer's weights double what it gives.
TEST(CalibrationTest, RangesFollowTheValues) {
  TensorFile file = RandomWeights({}, 1);
  FilterOutput output;
  const auto range = [&](int images) {
    const Calibration calibration(file);
    for (int i = 0; i < images; ++i) {
      const auto seed = static_cast<unsigned>(i);
      calibration.Apply({RandomImage(24, 20, 3, seed), RandomImage(24, 20, 1, seed + 9)}, output);
    }
    TensorFile calibrated = file;
    calibration.Store(calibrated);
    return LargestFirstOutput(calibrated);
  };
  const float one = range(1);
  EXPECT_GE(range(3), one);
  for (const char* name : {"DepthKernel.conv1_bn.weight", "DepthKernel.conv1_bn.bias"}) {
    for (float& value : file.tensors.at(name).values) {
      value *= 2.0f;
    }
  }
  EXPECT_NEAR(range(1), 2.0f * one, 1e-5f * one);
}

TEST(CalibrationTest, NeedsAnImage) {
  TensorFile file = RandomWeights({}, 1);
  const Calibration calibration(file);
  EXPECT_THAT([&] { calibration.Store(file); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("no image")));
}

}  // namespace
}  // namespace dkn
