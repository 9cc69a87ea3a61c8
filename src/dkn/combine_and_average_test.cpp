#include "src/dkn/combine_and_average.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <random>
#include <vector>

#include "src/core/test_images.h"
#include "src/dkn/architecture.h"
#include "src/dkn/kernel_field.h"
#include "src/dkn/weighted_average.h"

namespace dkn {
namespace {

std::vector<float> RandomValues(std::size_t count, float deviation, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> values(0.0f, deviation);
  std::vector<float> result(count);
  for (float& value : result) {
    value = values(random);
  }
  return result;
}

std::size_t HeadSize(int width, int height, const Architecture& architecture) {
  return static_cast<std::size_t>(3) * architecture.kernel_size * architecture.kernel_size * width *
         height;
}

// Eq. (3) or (7) by the plain functions.
Image Reference(const std::vector<float>& guide, const std::vector<float>& head, ConstView target,
                const Architecture& architecture) {
  const KernelField field =
      CombineKernels(guide.data(), head.data(), target.width, target.height, architecture);
  Image out(target.width, target.height);
  WeightedAverage<float>(target, field.weights, field.offsets, SamplingGrid<float>(architecture),
                         out.view());
  for (int y = 0; architecture.residual && y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      out(x, y) += target(x, y);
    }
  }
  return out;
}

void ExpectNear(const Image& a, const Image& b, float tolerance) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_NEAR(a.data()[i], b.data()[i], tolerance) << "at " << i;
  }
}

struct Rules {
  WindowRule window;
  BorderRule border;
  bool residual;
};

// Each instruction set that this processor has; the best again in the end.
class CombineAndAverageTest : public testing::TestWithParam<Rules> {
 protected:
  template <typename Body>
  void OnEachTarget(const Body& body) {
    for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
      SCOPED_TRACE(hwy::TargetName(target));
      hwy::SetSupportedTargetsForTest(target);
      hwy::GetChosenTarget().Update(hwy::SupportedTargets());
      body();
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }

  Architecture Rule() const {
    Architecture architecture;
    architecture.window_rule = GetParam().window;
    architecture.border_rule = GetParam().border;
    architecture.residual = GetParam().residual;
    return architecture;
  }
};

TEST_P(CombineAndAverageTest, EqualsThePlainVersion) {
  for (const int kernel_size : {1, 3, 5}) {
    Architecture architecture = Rule();
    architecture.kernel_size = kernel_size;
    architecture.grid_scale = kernel_size == 5 ? 14.0f / 15.0f : 1.0f;
    architecture.tap_order = kernel_size == 5 ? TapOrder::kColumnMajor : TapOrder::kRowMajor;
    for (const auto& size_of_image : {std::pair{4, 4}, {8, 4}, {52, 40}}) {
      const int width = size_of_image.first;
      const int height = size_of_image.second;
      const Image target = RandomImage(width, height, 1, 1);
      const std::size_t size = HeadSize(width, height, architecture);
      const auto guide = RandomValues(size, 2.0f, 2);
      const auto head = RandomValues(size, 2.0f, 3);
      const Image expected = Reference(guide, head, target, architecture);
      OnEachTarget([&] {
        Image out(width, height);
        CombineAndAverage(guide.data(), head.data(), target, architecture, out);
        ExpectNear(out, expected, 2e-5f);
      });
    }
  }
}

TEST_P(CombineAndAverageTest, ExtremeHeadsStayFinite) {
  const Architecture architecture = Rule();
  const Image target = RandomImage(24, 24, 1, 4);
  const std::size_t size = HeadSize(24, 24, architecture);
  const auto guide = RandomValues(size, 1e18f, 5);
  const auto head = RandomValues(size, 1e18f, 6);
  OnEachTarget([&] {
    Image out(24, 24);
    CombineAndAverage(guide.data(), head.data(), target, architecture, out);
    for (std::size_t i = 0; i < out.size(); ++i) {
      ASSERT_TRUE(std::isfinite(out.data()[i]));
    }
  });
}

TEST_P(CombineAndAverageTest, ViewsMayBeParts) {
  const Architecture architecture = Rule();
  const Image large = RandomImage(60, 50, 1, 7);
  const ConstView target = large.view().Crop(5, 3, 24, 16);
  const auto guide = RandomValues(HeadSize(24, 16, architecture), 2.0f, 8);
  const auto head = RandomValues(HeadSize(24, 16, architecture), 2.0f, 9);
  const Image expected = Reference(guide, head, target, architecture);
  Image out(40, 40);
  CombineAndAverage(guide.data(), head.data(), target, architecture, out.view().Crop(1, 2, 24, 16));
  ExpectNear(Image::Clone(out.view().Crop(1, 2, 24, 16)), expected, 2e-5f);
  EXPECT_EQ(out(0, 5), 0.0f);
  EXPECT_EQ(out(25, 5), 0.0f);
}

INSTANTIATE_TEST_SUITE_P(Rules, CombineAndAverageTest,
                         testing::Values(Rules{WindowRule::kClamp, BorderRule::kReplicate, true},
                                         Rules{WindowRule::kClamp, BorderRule::kReplicate, false},
                                         Rules{WindowRule::kClamp, BorderRule::kZero, true},
                                         Rules{WindowRule::kZero, BorderRule::kZero, true},
                                         Rules{WindowRule::kZero, BorderRule::kReplicate, false}));

TEST(CombineAndAverageTest, ResidualOfAConstantIsNothing) {
  const Architecture architecture;
  Image target(40, 40);
  std::fill_n(target.data(), target.size(), 0.3f);
  const auto guide = RandomValues(HeadSize(40, 40, architecture), 2.0f, 10);
  const auto head = RandomValues(HeadSize(40, 40, architecture), 2.0f, 11);
  Image out(40, 40);
  CombineAndAverage(guide.data(), head.data(), target, architecture, out);
  ExpectNear(out, target, 1e-6f);
}

}  // namespace
}  // namespace dkn
