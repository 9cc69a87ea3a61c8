#include "src/dkn/target_pyramid.h"

#include <gtest/gtest.h>

#include <vector>

#include "src/dkn/plain_kernel.h"
#include "src/dkn/test_plane.h"

namespace dkn {
namespace {

// Cases small enough to compute by hand, in both scalar types.
template <typename T>
class TargetPyramidTest : public testing::Test {
 protected:
  using Plane = TestPlane<T>;
};

using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(TargetPyramidTest, Scalars);

TYPED_TEST(TargetPyramidTest, CoarserLevelsAreMeansOfWhatIsMeasured) {
  // Level 1 of 8 x 2 pixels: the means of four; the last column of 7 x 2 is repeated.
  typename TestFixture::Plane target(7, 2,
                                     {1, 3, 10, 20, 6, 6, 9,  //
                                      2, 6, 30, 40, 6, 6, 11});
  const TargetPyramid<TypeParam> pyramid(target.view, BasicView<const TypeParam>(), 3);
  ASSERT_EQ(pyramid[1].width, 4);
  ASSERT_EQ(pyramid[1].height, 1);
  EXPECT_EQ(pyramid[1](0, 0), 3);
  EXPECT_EQ(pyramid[1](1, 0), 25);
  EXPECT_EQ(pyramid[1](3, 0), 10);
  EXPECT_EQ(pyramid[2](1, 0), 8);  // 6 and 10, in both of two rows
  // Of 10, 20, 30 and 40 the first is measured, of 6 none: 10 at 1, and the others at 1/256.
  typename TestFixture::Plane mask(7, 2,
                                   {1, 1, 1, 0, 0, 0, 1,  //
                                    1, 1, 0, 0, 0, 0, 1});
  const TargetPyramid<TypeParam> masked(target.view, mask.view, 2);
  EXPECT_NEAR(masked[1](1, 0), (10 + 90 / 256.0) / (1 + 3 / 256.0), 1e-5);
  EXPECT_NEAR(masked[1](2, 0), 6, 1e-6);
  EXPECT_NEAR(masked.Shares(1)(1, 0), (1 + 3 / 256.0) / 4, 1e-7);
  EXPECT_EQ(masked.Shares(1)(2, 0), TypeParam(kFilledWeight));
}

TYPED_TEST(TargetPyramidTest, TapsOfCoarserLevelsDrawThePixelToTheirSample) {
  Architecture architecture;
  architecture.residual = false;
  architecture.levels = 2;
  typename TestFixture::Plane row(8, 1, {10, 12, 20, 22, 30, 32, 40, 42});  // level 1: 11, 21, ...
  const TargetPyramid<TypeParam> pyramid(row.view, BasicView<const TypeParam>(), 2);
  const auto filter = [&](int x, TypeParam weight, TypeParam offset) {
    std::vector<TypeParam> weights(10, 0);
    std::vector<TypeParam> offsets(20, 0);
    weights[9] = weight;
    offsets[18] = offset;
    typename TestFixture::Plane w(1, 1, weights), o(1, 1, offsets), out(1, 1, {0});
    FilterPlainly<TypeParam>(pyramid, w.view, o.view, architecture, out.view, {x, 0, 100});
    return out.values[0];
  };
  // Pixel 2 lies at 0.75 of level 1: a quarter of 11, three quarters of 21.
  EXPECT_EQ(filter(2, 1, 0), TypeParam(18.5));
  EXPECT_EQ(filter(2, 1, TypeParam(1.25)), 31);  // at 2
  EXPECT_EQ(filter(2, 1, 100), 41);              // beyond the border
  architecture.residual = true;
  EXPECT_EQ(filter(2, 0, 0), 20);
  EXPECT_EQ(filter(2, 1, 0), TypeParam(18.5));
  EXPECT_EQ(filter(2, TypeParam(0.5), 0), TypeParam(19.25));
}

}  // namespace
}  // namespace dkn
