// Against the outputs of the authors' published code (../shared/reference, not part of the
// repository). Arrays there are B,G,R guides and targets in [0, 1].
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "dkn/io.h"
#include "dkn/model.h"
#include "src/dkn/plain_kernel.h"
#include "src/io/npy_array.h"

namespace dkn {
namespace {

const std::string kReference = DKN_SOURCE_DIR "/../shared/reference/";

struct Case {
  NetworkKind kind;
  const char* weights;
  const char* arrays;
  int kernel_size;
  bool residual;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.arrays;
}

// Their grid: 14/15 * (7 + i + offset) - 7, columns first (docs/model_format.md).
Architecture AuthorsArchitecture(const Case& c) {
  Architecture architecture;
  architecture.kernel_size = c.kernel_size;
  architecture.residual = c.residual;
  architecture.kind = c.kind;
  architecture.guide = c.kind == NetworkKind::kFdkn ? GuideInput::kLuma : GuideInput::kRgb;
  architecture.channel_order = ChannelOrder::kBgr;
  architecture.window_rule = WindowRule::kZero;
  architecture.border_rule = BorderRule::kZero;
  architecture.grid_scale = 14.0f / 15.0f;
  architecture.grid_origin = -7.0f / 15.0f;
  architecture.tap_order = TapOrder::kColumnMajor;
  return architecture;
}

// A guide [3, H, W] in B,G,R.
Image ReadBgrGuide(const std::string& path) {
  const NpyArray array(path);
  const auto height = static_cast<int>(array.shape().at(1));
  const auto width = static_cast<int>(array.shape().at(2));
  Image guide(width, height, 3);
  const std::vector<double> values = array.Read(0, guide.size());
  const std::size_t plane = guide.size() / 3;
  for (std::size_t i = 0; i < guide.size(); ++i) {
    guide.data()[(2 - i / plane) * plane + i % plane] = static_cast<float>(values[i]);
  }
  return guide;
}

class ParityTest : public testing::TestWithParam<Case> {};

TEST_P(ParityTest, EqualsThePublishedCode) {
  const Case& c = GetParam();
  const std::string arrays = kReference + c.arrays;
  if (!std::filesystem::exists(kReference)) {
    GTEST_SKIP() << kReference << " is not there";
  }
  const auto model = Model::Load(kReference + c.weights, {AuthorsArchitecture(c)});
  const Image guide = ReadBgrGuide(arrays + "_guide.npy");
  const Image target = std::move(ReadImage(arrays + "_target.npy").image);
  const Image expected = std::move(ReadImage(arrays + "_output.npy").image);
  FilterOutput output;
  model->Apply({guide, target}, output);
  ASSERT_EQ(output.image.size(), expected.size());
  float largest = 0.0f;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(output.image.data()[i] - expected.data()[i]));
  }
  RecordProperty("largest_difference", std::to_string(largest));
  EXPECT_LE(largest, 1e-4f);
}

// The kernels of ComputeKernels, averaged plainly, give the same.
TEST_P(ParityTest, KernelsEqualThePublishedCode) {
  const Case& c = GetParam();
  const std::string arrays = kReference + c.arrays;
  if (!std::filesystem::exists(kReference)) {
    GTEST_SKIP() << kReference << " is not there";
  }
  const Architecture architecture = AuthorsArchitecture(c);
  const auto model = Model::Load(kReference + c.weights, {architecture});
  const Image target = std::move(ReadImage(arrays + "_target.npy").image);
  const Image expected = std::move(ReadImage(arrays + "_output.npy").image);
  const Image guide = ReadBgrGuide(arrays + "_guide.npy");
  const Kernels kernels = model->ComputeKernels({guide, target});
  const SamplingGrid<float> grid(architecture);
  float largest = 0.0f;
  for (int y = 0; y < target.height(); ++y) {
    for (int x = 0; x < target.width(); ++x) {
      float sum = architecture.residual ? target(x, y) : 0.0f;
      for (int tap = 0; tap < kernels.weights.channels(); ++tap) {
        sum += kernels.weights(x, y, tap) *
               SampleBilinear<float>(target.view(), x, y, kernels.positions(x, y, 2 * tap),
                                     kernels.positions(x, y, 2 * tap + 1), grid)
                   .value;
      }
      largest = std::max(largest, std::abs(sum - expected(x, y)));
    }
  }
  EXPECT_LE(largest, 1e-4f);
}

constexpr auto kDkn = NetworkKind::kDkn;
constexpr auto kFdkn = NetworkKind::kFdkn;

INSTANTIATE_TEST_SUITE_P(
    Cases, ParityTest,
    testing::Values(Case{kFdkn, "fdkn_x8_authors.safetensors", "fdkn_x8_authors_full", 3, true},
                    Case{kFdkn, "fdkn_x8_authors.safetensors", "fdkn_x8_authors_crop", 3, true},
                    Case{kFdkn, "fdkn_random_k5_nores.safetensors", "fdkn_random_k5_nores", 5,
                         false},
                    Case{kDkn, "dkn_random_k3_res.safetensors", "dkn_random_k3_res", 3, true},
                    Case{kDkn, "dkn_random_k3_nores.safetensors", "dkn_random_k3_nores", 3, false},
                    Case{kDkn, "dkn_random_k5_res.safetensors", "dkn_random_k5_res", 5, true}));

}  // namespace
}  // namespace dkn
