#include "src/dkn/plain_kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "src/core/test_images.h"
#include "src/dkn/architecture.h"
#include "src/dkn/test_plane.h"

namespace dkn {
namespace {

// Cases small enough to compute by hand, in both scalar types.
template <typename T>
class PlainKernelByHandTest : public testing::Test {
 protected:
  using Plane = TestPlane<T>;

  // The 3 x 3 pixels 1 to 9, of which the middle one is filtered: one pixel at (1, 1).
  T FilterMiddle(const std::vector<T>& weights, const std::vector<T>& offsets,
                 const Architecture& architecture) const {
    Plane target(3, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9});
    return FilterOne(target, 1, 1, weights, offsets, architecture);
  }
  // One pixel of the target by its own kernel.
  T FilterOne(Plane& target, int x, int y, const std::vector<T>& weights,
              const std::vector<T>& offsets, const Architecture& architecture) const {
    Plane w(1, 1, weights);
    Plane o(1, 1, offsets);
    Plane out(1, 1, {0});
    FilterPlainly<T>(target.view, w.view, o.view, architecture, out.view, {x, y, 100});
    return out.values[0];
  }
  static std::vector<T> OneHot(int tap) {
    std::vector<T> weights(9, 0);
    weights[tap] = 1;
    return weights;
  }
  static std::vector<T> Offset(int tap, T x, T y) {
    std::vector<T> offsets(18, 0);
    offsets[2 * tap] = x;
    offsets[2 * tap + 1] = y;
    return offsets;
  }
  static Architecture WithoutResidual() {
    Architecture architecture;
    architecture.residual = false;
    return architecture;
  }
  const std::vector<T> still_ = std::vector<T>(18, 0);  // no offsets
};

using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(PlainKernelByHandTest, Scalars);

TYPED_TEST(PlainKernelByHandTest, AOneHotKernelReadsItsTap) {
  const Architecture plain = this->WithoutResidual();
  for (int tap = 0; tap < 9; ++tap) {  // tap 4 is the pixel itself: the identity
    EXPECT_EQ(this->FilterMiddle(this->OneHot(tap), this->still_, plain), tap + 1);
  }
}

TYPED_TEST(PlainKernelByHandTest, TwoTapsAreAveragedAndTheResidualIsAdded) {
  std::vector<TypeParam> weights(9, 0);
  weights[3] = 0.25;  // of 4, to the left
  weights[8] = 0.5;   // of 9, to the right and below
  // 0.25 * 4 + 0.5 * 9 = 5.5; with the residual 5 more.
  EXPECT_EQ(this->FilterMiddle(weights, this->still_, this->WithoutResidual()), TypeParam(5.5));
  EXPECT_EQ(this->FilterMiddle(weights, this->still_, {}), TypeParam(10.5));
}

TYPED_TEST(PlainKernelByHandTest, PositionsBetweenPixelsBlendFour) {
  // From the middle 0.25 to the right and 0.5 down, between 5, 6, 8 and 9:
  // 0.75 * 0.5 * 5 + 0.25 * 0.5 * 6 + 0.75 * 0.5 * 8 + 0.25 * 0.5 * 9
  //   = 1.875 + 0.75 + 3 + 1.125 = 6.75.
  EXPECT_EQ(this->FilterMiddle(this->OneHot(4), this->Offset(4, TypeParam(0.25), TypeParam(0.5)),
                               this->WithoutResidual()),
            TypeParam(6.75));
  // Of a corner: 1, 2, 3 and 5, at the same place: 0.375 + 0.25 + 1.125 + 0.625 = 2.375. Along x
  // it grows by 0.5 * (2 - 1) + 0.5 * (5 - 3) = 1.5, along y by 0.75 * (3 - 1) + 0.25 * (5 - 2)
  // = 2.25.
  typename TestFixture::Plane corner(2, 2, {1, 2, 3, 5});
  const SamplingGrid<TypeParam> grid{Architecture()};
  const auto sample =
      SampleBilinear<TypeParam>(corner.view, 0, 0, TypeParam(0.25), TypeParam(0.5), grid);
  EXPECT_EQ(sample.value, TypeParam(2.375));
  EXPECT_EQ(sample.dx, TypeParam(1.5));
  EXPECT_EQ(sample.dy, TypeParam(2.25));
}

TYPED_TEST(PlainKernelByHandTest, WindowsClampOrReadZero) {
  Architecture architecture = this->WithoutResidual();
  architecture.window = 5;  // two pixels to each side; offsets of k = 3 are limited to +-1
  typename TestFixture::Plane row(9, 1, {10, 11, 12, 13, 14, 15, 16, 17, 18});
  const auto filter = [&](TypeParam offset) {
    return this->FilterOne(row, 4, 0, this->OneHot(5), this->Offset(5, offset, 0), architecture);
  };
  EXPECT_EQ(filter(TypeParam(0.5)), TypeParam(15.5));  // from 15, one to the right of 14
  EXPECT_EQ(filter(TypeParam(3)), 16);                 // as far as the window
  architecture.window_rule = WindowRule::kZero;
  EXPECT_EQ(filter(TypeParam(0.5)), TypeParam(15.5));
  EXPECT_EQ(filter(TypeParam(1.25)), 12);  // three quarters of 16, a quarter of nothing
  EXPECT_EQ(filter(TypeParam(3)), 0);
}

TYPED_TEST(PlainKernelByHandTest, BordersRepeatOrReadZero) {
  Architecture architecture = this->WithoutResidual();
  typename TestFixture::Plane row(3, 1, {8, 20, 30});
  const auto filter = [&](TypeParam offset) {  // by the tap left of the first pixel
    return this->FilterOne(row, 0, 0, this->OneHot(3), this->Offset(3, offset, 0), architecture);
  };
  EXPECT_EQ(filter(0), 8);
  EXPECT_EQ(filter(TypeParam(-4.5)), 8);
  EXPECT_EQ(filter(TypeParam(1.25)), 11);  // at 0.25: 0.75 * 8 + 0.25 * 20
  architecture.border_rule = BorderRule::kZero;
  EXPECT_EQ(filter(0), 0);
  EXPECT_EQ(filter(TypeParam(0.75)), 6);  // at -0.25: a quarter of nothing, 0.75 * 8
  EXPECT_EQ(filter(TypeParam(1.25)), 11);
}

TYPED_TEST(PlainKernelByHandTest, ActivationsAreThoseOfTheirNames) {
  std::vector<TypeParam> values(9, 0);
  values[0] = std::log(TypeParam(3));
  values[1] = -1000;
  Architecture architecture;
  Activate(architecture, values.data());
  EXPECT_NEAR(values[0], 0.75, 1e-6);  // 1 / (1 + 1/3)
  EXPECT_NEAR(values[1], 0.0, 1e-6);
  EXPECT_EQ(values[2], TypeParam(0.5));
  std::fill(values.begin(), values.end(), TypeParam(5));
  values[8] += std::log(TypeParam(8));
  architecture.weight_activation = WeightActivation::kSoftmax;
  Activate(architecture, values.data());  // 1, eight times, and 8: of 16
  EXPECT_NEAR(values[0], 1.0 / 16, 1e-6);
  EXPECT_NEAR(values[8], 0.5, 1e-6);
  const std::vector<TypeParam> logits = {3, -2, 0, 1, 2, 4, 5, 6, 7};
  values = logits;
  architecture.weight_activation = WeightActivation::kLinear;
  Activate(architecture, values.data());
  EXPECT_EQ(values, logits);
}

TYPED_TEST(PlainKernelByHandTest, WeightsLoseTheirMeanOrAreDividedByTheirSum) {
  const std::vector<TypeParam> weights = {1, 2, 3, 2, 2, 2, 2, 2, 2};  // sum 18, mean 2
  Architecture architecture;
  const auto normalized = [&] {
    std::vector<TypeParam> values = weights;
    Normalize(architecture, values.data());
    return values;
  };
  EXPECT_EQ(normalized(), (std::vector<TypeParam>{-1, 0, 1, 0, 0, 0, 0, 0, 0}));
  architecture.mean_subtraction = false;
  EXPECT_EQ(normalized(), weights);  // the residual does not divide them
  architecture.residual = false;
  const std::vector<TypeParam> shares = normalized();
  EXPECT_NEAR(shares[0], 1.0 / 18, 1e-7);
  EXPECT_NEAR(shares[2], 1.0 / 6, 1e-7);
}

// Weights and offsets are products over the streams that give some.
TEST(CombineHeadsTest, MultipliesTheStreams) {
  Architecture architecture = ArchitectureFromJson(R"({"mean_subtraction": false})");
  std::vector<float> guide(27, 0.0f);
  std::vector<float> target(27, 0.0f);
  guide[4] = std::log(3.0f);  // the middle tap: 0.75
  guide[9 + 8] = 2.0f;        // its offsets
  guide[9 + 9] = 0.5f;
  target[9 + 8] = -1.5f;
  target[9 + 9] = 4.0f;
  const auto combine = [&](const Heads& heads) {
    return CombineHeads(heads, HeadLayout::kPixels, 1, 1, architecture);
  };
  const Heads both = {HeadsOf(architecture, Stream::kGuide, guide.data()),
                      HeadsOf(architecture, Stream::kTarget, target.data())};
  const WeightsAndOffsets combined = combine(both);
  EXPECT_EQ(combined.weights(0, 0, 0), 0.25f);          // 0.5 * 0.5
  EXPECT_NEAR(combined.weights(0, 0, 4), 0.375, 1e-6);  // 0.75 * 0.5
  EXPECT_EQ(combined.offsets(0, 0, 8), -3.0f);
  EXPECT_EQ(combined.offsets(0, 0, 9), 2.0f);
  const WeightsAndOffsets alone = combine({both[0]});
  EXPECT_EQ(alone.weights(0, 0, 0), 0.5f);
  EXPECT_EQ(alone.offsets(0, 0, 8), 2.0f);
  architecture =
      ArchitectureFromJson(R"({"offsets_from": "none", "window": 3, "mean_subtraction": false})");
  const WeightsAndOffsets none = combine({HeadsOf(architecture, Stream::kGuide, guide.data()),
                                          HeadsOf(architecture, Stream::kTarget, target.data())});
  EXPECT_EQ(none.offsets(0, 0, 8), 0.0f);
  EXPECT_NEAR(none.weights(0, 0, 4), 0.375, 1e-6);
}

// FDKN's heads lie in blocks of 4 x 4 pixels: channel * 16 + row * 4 + column.
TEST(CombineHeadsTest, FindsPixelsInBlocks) {
  const Architecture architecture = ArchitectureFromJson(
      R"({"kernel_size": 1, "window": 1, "offsets_from": "none", "weight_activation": "linear",
          "mean_subtraction": false, "streams": "one"})");
  std::vector<float> values(2 * 16);
  std::iota(values.begin(), values.end(), 0.0f);
  const Heads heads = {HeadsOf(architecture, Stream::kJoint, values.data())};
  const Image weights = CombineHeads(heads, HeadLayout::kBlocks, 8, 4, architecture).weights;
  EXPECT_EQ(weights(3, 0), 3.0f);
  EXPECT_EQ(weights(1, 2), 9.0f);
  EXPECT_EQ(weights(4, 0), 16.0f);
  EXPECT_EQ(weights(7, 3), 31.0f);
}

Image Average(const Image& target, const Image& weights, const Image& offsets,
              const Architecture& architecture) {
  Image out(target.width(), target.height());
  WeightedAverage<float>(target, weights, offsets, SamplingGrid<float>(architecture), out.view());
  return out;
}

TEST(PlainKernelTest, OneHotKernelWithoutOffsetIsTheIdentity) {
  const Architecture architecture;
  const Image target = RandomImage(13, 9, 1, 0, 1, 1);
  Image weights(13, 9, 9);
  std::fill_n(weights.Row(0, 4), 13 * 9, 1.0f);  // the centre of the 3 x 3
  const Image out = Average(target, weights, Image(13, 9, 18), architecture);
  for (std::size_t i = 0; i < target.size(); ++i) {
    ASSERT_EQ(out.data()[i], target.data()[i]);
  }
}

TEST(PlainKernelTest, TapsLieRowByRowAndOffsetsMoveThem) {
  Architecture architecture;
  const Image target = RandomImage(21, 21, 1, 0, 1, 2);
  Image weights(21, 21, 9);
  Image offsets(21, 21, 18);
  weights(10, 10, 5) = 1.0f;  // row 1, column 2: one to the right
  offsets(10, 10, 2 * 5) = 2.0f;
  offsets(10, 10, 2 * 5 + 1) = -3.0f;
  EXPECT_FLOAT_EQ(Average(target, weights, offsets, architecture)(10, 10), target(13, 7));
  // The transposed order puts the same tap one below.
  architecture.tap_order = TapOrder::kColumnMajor;
  EXPECT_FLOAT_EQ(Average(target, weights, offsets, architecture)(10, 10), target(12, 8));
}

TEST(PlainKernelTest, PositionsBetweenPixelsAreBilinear) {
  const Architecture architecture;
  Image target(16, 16);
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) {
      target(x, y) = 2.0f * x - 3.0f * y + 0.5f * x * y;  // bilinear functions are reproduced
    }
  }
  Image weights(16, 16, 9);
  Image offsets(16, 16, 18);
  weights(8, 7, 4) = 1.0f;
  offsets(8, 7, 8) = 0.3f;
  offsets(8, 7, 9) = -1.6f;
  const float x = 8.3f;
  const float y = 5.4f;
  EXPECT_NEAR(Average(target, weights, offsets, architecture)(8, 7),
              2.0f * x - 3.0f * y + 0.5f * x * y, 1e-4);
}

TEST(PlainKernelTest, ConstantStaysConstantWithReplicatedBorder) {
  const Architecture architecture;
  Image target(12, 10);
  std::fill_n(target.data(), target.size(), 0.7f);
  Image weights(12, 10, 9);
  std::fill_n(weights.data(), weights.size(), 1.0f / 9.0f);
  const Image offsets = RandomImage(12, 10, 18, -20, 20, 3);
  const Image out = Average(target, weights, offsets, architecture);
  for (std::size_t i = 0; i < out.size(); ++i) {
    ASSERT_NEAR(out.data()[i], 0.7f, 1e-6);
  }
}

TEST(PlainKernelTest, ZeroBorderReadsZeroOutside) {
  Architecture architecture;
  architecture.border_rule = BorderRule::kZero;
  Image target(8, 8);
  std::fill_n(target.data(), target.size(), 1.0f);
  Image weights(8, 8, 9);
  Image offsets(8, 8, 18);
  weights(0, 4, 3) = 1.0f;  // column 0: at x = -1
  weights(0, 5, 3) = 1.0f;  // at x = -0.25 once moved
  offsets(0, 5, 6) = 0.75f;
  const Image out = Average(target, weights, offsets, architecture);
  EXPECT_EQ(out(0, 4), 0.0f);
  EXPECT_FLOAT_EQ(out(0, 5), 0.75f);
}

TEST(PlainKernelTest, WindowRulesLimitWhatIsRead) {
  Architecture architecture;
  architecture.window = 5;  // radius 2; k = 3 leaves offsets of +-1
  Image target(32, 32);
  for (int x = 0; x < 32; ++x) {
    for (int y = 0; y < 32; ++y) {
      target(x, y) = static_cast<float>(x);
    }
  }
  Image weights(32, 32, 9);
  Image offsets(32, 32, 18);
  for (int y = 0; y < 32; ++y) {
    weights(16, y, 5) = 1.0f;  // one to the right
  }
  offsets(16, 10, 10) = 9.0f;
  offsets(16, 11, 10) = 1.5f;
  EXPECT_FLOAT_EQ(Average(target, weights, offsets, architecture)(16, 10), 18.0f);
  EXPECT_FLOAT_EQ(Average(target, weights, offsets, architecture)(16, 11), 18.0f);
  architecture.window_rule = WindowRule::kZero;
  const Image out = Average(target, weights, offsets, architecture);
  EXPECT_FLOAT_EQ(out(16, 10), 0.0f);
  EXPECT_FLOAT_EQ(out(16, 11), 9.0f);  // half of the window's last pixel, half of nothing
}

TEST(PlainKernelTest, AnyOffsetIsSafe) {
  const float inf = std::numeric_limits<float>::infinity();
  for (const WindowRule window : {WindowRule::kZero, WindowRule::kClamp}) {
    for (const BorderRule border : {BorderRule::kZero, BorderRule::kReplicate}) {
      Architecture architecture;
      architecture.window_rule = window;
      architecture.border_rule = border;
      const Image target = RandomImage(1, 1, 1, 0, 1, 4);
      Image weights(1, 1, 9);
      std::fill_n(weights.data(), 9, 0.125f);
      for (const float offset : {1e30f, -1e30f, inf, -inf, std::nanf("")}) {
        Image offsets(1, 1, 18);
        std::fill_n(offsets.data(), 18, offset);
        EXPECT_TRUE(std::isfinite(Average(target, weights, offsets, architecture)(0, 0)));
      }
    }
  }
}

}  // namespace
}  // namespace dkn
