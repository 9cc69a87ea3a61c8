#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/core/test_images.h"
#include "src/dkn/plain_kernel.h"
#include "src/dkn/random_weights.h"
#include "src/imaging/padding.h"

namespace dkn {
namespace {

Image Filter(const Model& model, ConstView guide, ConstView target) {
  FilterOutput output;
  model.Apply({guide, target}, output);
  return std::move(output.image);
}

// Eq. (3) or (7), from the kernels of an image. Networks see it padded to multiples of 4.
Image Average(const Kernels& kernels, ConstView target, const Architecture& architecture) {
  const Image padded = ReplicatePad(target, PaddedSize(target.width) - target.width,
                                    PaddedSize(target.height) - target.height);
  const SamplingGrid<float> grid(architecture);
  const TargetPyramid<float> pyramid(padded.view(), ConstView(), architecture.levels);
  Image out(target.width, target.height);
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      double sum = architecture.residual ? target(x, y) : 0.0f;
      for (int tap = 0; tap < kernels.weights.channels(); ++tap) {
        const float dx = kernels.positions(x, y, 2 * tap);
        const float dy = kernels.positions(x, y, 2 * tap + 1);
        const auto place = [&](int pixel, float from_pixel) {
          return (static_cast<float>(pixel) + from_pixel + 0.5f) /
                     static_cast<float>(1 << grid.Level(tap)) -
                 0.5f;
        };
        const float sample =
            grid.Level(tap) == 0
                ? SampleBilinear<float>(padded.view(), x, y, dx, dy, grid).value
                : SampleLevel(pyramid[grid.Level(tap)], place(x, dx), place(y, dy)).value -
                      (architecture.residual ? target(x, y) : 0.0f);
        sum += kernels.weights(x, y, tap) * sample;
      }
      out(x, y) = static_cast<float>(sum);
    }
  }
  return out;
}

class ModelKernelsTest : public testing::TestWithParam<const char*> {
 protected:
  ModelKernelsTest() : architecture_(ArchitectureFromJson(GetParam())) {
    WriteSafetensors(path_, RandomWeights(architecture_, 1));
  }
  ~ModelKernelsTest() override { std::filesystem::remove(path_); }

  const std::string path_ = PathOfTest();
  const Architecture architecture_;

 private:
  static std::string PathOfTest() {
    std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    std::replace(name.begin(), name.end(), '/', '_');  // before a parameter
    return testing::TempDir() + "model_kernels_test_" + name + ".safetensors";
  }
};

TEST_P(ModelKernelsTest, GiveWhatApplyGives) {
  const auto model = Model::Load(path_);
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 5}, {31, 22}, {36, 24}}) {
    const Image guide = RandomImage(width, height, 3, 2);
    const Image target = RandomImage(width, height, 1, 3);
    const Kernels kernels = model->ComputeKernels({guide, target});
    ASSERT_EQ(kernels.size, architecture_.kernel_size);
    ExpectNear(Average(kernels, target, architecture_), Filter(*model, guide, target), 1e-5f);
  }
}

// What the header promises of weights and positions.
TEST_P(ModelKernelsTest, KeepTheirLimits) {
  const Image guide = RandomImage(20, 17, 3, 4);
  const Image target = RandomImage(20, 17, 1, 5);
  const Kernels kernels = Model::Load(path_)->ComputeKernels({guide, target});
  const SamplingGrid<float> grid(architecture_);
  const bool zero_mean = architecture_.residual && architecture_.mean_subtraction;
  const float limit = static_cast<float>(architecture_.window - 1) / 2.0f +
                      (architecture_.window_rule == WindowRule::kZero ? 1.0f : 1e-4f);
  for (int y = 0; y < 17; ++y) {
    for (int x = 0; x < 20; ++x) {
      double sum = 0.0;
      for (int tap = 0; tap < kernels.weights.channels(); ++tap) {
        const int level = grid.Level(tap);
        const float level_limit = level == 0 ? limit : std::ldexp(limit + 0.5f, level);
        EXPECT_LE(std::abs(kernels.positions(x, y, 2 * tap)), level_limit);
        EXPECT_LE(std::abs(kernels.positions(x, y, 2 * tap + 1)), level_limit);
        if (level == 0 || !architecture_.residual) {
          sum += kernels.weights(x, y, tap);
        } else {  // a product of sigmoids
          EXPECT_GE(kernels.weights(x, y, tap), 0.0f);
          EXPECT_LE(kernels.weights(x, y, tap), 1.0f);
        }
      }
      if (zero_mean || !architecture_.residual) {
        EXPECT_NEAR(sum, zero_mean ? 0.0 : 1.0, 1e-4);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Networks, ModelKernelsTest,
    testing::Values(
        R"({})", R"({"kernel_size": 5, "residual": false})",
        R"({"guide": "luma", "streams": "one"})", R"({"guide": "none", "mean_subtraction": false})",
        R"({"offsets_from": "none", "window": 3})",
        R"({"levels": 4, "coarse_kernel_size": 2, "target": "measurement"})",
        R"({"levels": 2, "target": "noisy_measurement"})",
        // The rules of the authors' weights (src/dkn/plain_kernel.h).
        R"({"kernel_size": 5, "guide": "luma", "channel_order": "bgr", "window_rule": "zero",
            "border_rule": "zero", "grid_scale": 0.93333333, "grid_origin": -0.46666667,
            "tap_order": "column_major"})",
        R"({"kind": "dkn", "n1": 32, "n2": 32})",
        R"({"kind": "dkn", "kernel_size": 5, "residual": false, "n1": 32, "n2": 32})",
        R"({"kind": "dkn", "n1": 32, "n2": 32, "channel_order": "bgr", "window_rule": "zero", "border_rule": "zero",
            "grid_scale": 0.93333333, "grid_origin": -0.46666667, "tap_order": "column_major"})",
        R"({"kind": "dkn", "dkn_features": "small", "n1": 32, "n2": 32})"));

class ModelKernelsOfOneTest : public ModelKernelsTest {};

TEST_P(ModelKernelsOfOneTest, TilesAreNotSeen) {
  const Image guide = RandomImage(330, 253, 3, 6);
  const Image target = RandomImage(330, 253, 1, 7);
  // Not enough for the whole.
  const auto whole = Model::Load(path_);
  const FrameSize size{330, 253, 3, 1};
  const std::size_t bytes = (whole->LeastBytes(size) + whole->ApplyBytes(size)) / 2;
  const auto tiled = Model::Load(path_, {.max_memory_mb = static_cast<int>(bytes / 1'000'000) + 1});
  const Image expected = Filter(*whole, guide, target);
  ExpectNear(Average(tiled->ComputeKernels({guide, target}), target, architecture_), expected,
             5e-5f);
}

// Strips of FDKN's heads, of which the last one of a row reaches back.
TEST_P(ModelKernelsOfOneTest, WideImagesTakeSeveralStrips) {
  const Image guide = RandomImage(677, 5, 3, 10);
  const Image target = RandomImage(677, 5, 1, 11);
  const auto model = Model::Load(path_);
  ExpectNear(Average(model->ComputeKernels({guide, target}), target, architecture_),
             Filter(*model, guide, target), 1e-5f);
}

TEST_P(ModelKernelsOfOneTest, RefuseWhatHasNone) {
  const auto model = Model::Load(path_);
  const Image guide = RandomImage(8, 8, 3, 8);
  const Image two_channels = RandomImage(8, 8, 2, 9);
  const Image other_size = RandomImage(7, 8, 1, 9);
  EXPECT_THAT(
      [&] {
        model->ComputeKernels({guide, two_channels});
      },
      testing::ThrowsMessage<Error>(testing::HasSubstr("one channel, the target has 2")));
  EXPECT_THROW(model->ComputeKernels({guide, other_size}), Error);
  EXPECT_THROW(model->ComputeKernels({guide, ConstView()}), Error);
}

INSTANTIATE_TEST_SUITE_P(Networks, ModelKernelsOfOneTest,
                         testing::Values(R"({"n1": 32, "n2": 32})",
                                         R"({"kind": "dkn", "dkn_features": "small", "n1": 32,
                                             "n2": 32})"));

}  // namespace
}  // namespace dkn
