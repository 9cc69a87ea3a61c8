#include "src/figures/kernel_figure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/core/test_images.h"

namespace dkn::figures {
namespace {

constexpr WeightScale kSigned{0.5f, true};

Image Flat(int width, int height, float value) {
  Image image(width, height);
  std::fill_n(image.data(), image.size(), value);
  return image;
}

// The middle of the image pixel's cell.
std::array<float, 3> At(const Image& drawn, const Snippet& snippet, int x, int y) {
  const int column = (x - snippet.x + snippet.radius) * snippet.cell + snippet.cell / 2;
  const int row = (y - snippet.y + snippet.radius) * snippet.cell + snippet.cell / 2;
  return {drawn(column, row, 0), drawn(column, row, 1), drawn(column, row, 2)};
}

bool IsRed(const std::array<float, 3>& colour) {
  return colour[0] > colour[1] + 0.3f && colour[0] > colour[2] + 0.3f;
}
bool IsBlue(const std::array<float, 3>& colour) {
  return colour[2] > colour[0] + 0.2f && colour[2] > colour[1] + 0.2f;
}

TEST(SplatKernel, SharesWeightsAmongFourPixels) {
  const Image grid = SplatKernel({10, 20, {{10.25f, 20.5f, 2.0f}, {8.0f, 19.0f, -1.0f}}}, 2);
  ASSERT_EQ(grid.width(), 5);
  EXPECT_FLOAT_EQ(grid(2, 2), 2.0f * 0.75f * 0.5f);
  EXPECT_FLOAT_EQ(grid(3, 2), 2.0f * 0.25f * 0.5f);
  EXPECT_FLOAT_EQ(grid(2, 3), 2.0f * 0.75f * 0.5f);
  EXPECT_FLOAT_EQ(grid(3, 3), 2.0f * 0.25f * 0.5f);
  EXPECT_FLOAT_EQ(grid(0, 1), -1.0f);
  float sum = 0.0f;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    sum += grid.data()[i];
  }
  EXPECT_FLOAT_EQ(sum, 1.0f);
}

TEST(SplatKernel, LeavesOutWhatIsBeyond) {
  // Half of the first reaches the grid, nothing of the others.
  const Image grid =
      SplatKernel({0, 0, {{1.5f, 0.0f, 1.0f}, {3.0f, 0.0f, 1.0f}, {0.0f, -1e9f, 1.0f}}}, 1);
  float sum = 0.0f;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    sum += grid.data()[i];
  }
  EXPECT_FLOAT_EQ(sum, 0.5f);
  EXPECT_FLOAT_EQ(grid(2, 1), 0.5f);
}

TEST(ScaleOf, HoldsWeightsAndWhatTheyAddUpTo) {
  const WeightScale summed = ScaleOf({4, 4, {{4.0f, 4.0f, 0.5f}, {4.0f, 4.0f, 0.25f}}}, 3);
  EXPECT_FLOAT_EQ(summed.largest, 0.75f);
  EXPECT_FALSE(summed.with_sign);
  const WeightScale with_sign = ScaleOf({4, 4, {{4.5f, 4.5f, -0.5f}, {90.0f, 4.0f, 0.25f}}}, 3);
  EXPECT_FLOAT_EQ(with_sign.largest, 0.5f);
  EXPECT_TRUE(with_sign.with_sign);
}

TEST(DrawSnippet, MarkersLieAtTheirPixelsInTheirColours) {
  const Snippet snippet{30, 20, 5, 16};
  const PixelKernel kernel{30, 20, {{33.0f, 18.0f, 0.5f}, {26.0f, 24.0f, -0.5f}}};
  const Image drawn = DrawSnippet(Flat(64, 48, 0.5f), snippet, kernel, kSigned, 9);
  ASSERT_EQ(drawn.width(), 11 * 16);
  ASSERT_EQ(drawn.height(), 11 * 16);
  EXPECT_TRUE(IsRed(At(drawn, snippet, 33, 18)));
  EXPECT_TRUE(IsBlue(At(drawn, snippet, 26, 24)));
  EXPECT_TRUE(IsBlue(At(drawn, snippet, 30, 20)));  // the pixel's dot
  const std::array<float, 3> plain = At(drawn, snippet, 33, 24);
  EXPECT_NEAR(plain[0], 0.5f, 0.01f);
  EXPECT_EQ(plain[0], plain[2]);
}

// A position between pixels is drawn between them: the disc is symmetric about it.
TEST(DrawSnippet, PositionsBetweenPixelsAreKept) {
  const Snippet snippet{10, 10, 3, 16};
  const PixelKernel kernel{10, 10, {{11.5f, 8.0f, 0.5f}}};
  const Image drawn = DrawSnippet(Flat(20, 20, 0.5f), snippet, kernel, kSigned, 7);
  double sum = 0.0;
  double columns = 0.0;
  double rows = 0.0;
  for (int y = 0; y < drawn.height(); ++y) {
    for (int x = 0; x < drawn.width(); ++x) {
      if (drawn(x, y, 0) > drawn(x, y, 2) + 0.3f) {
        sum += 1.0;
        columns += x;
        rows += y;
      }
    }
  }
  ASSERT_GT(sum, 20.0);
  EXPECT_NEAR(columns / sum, (11.5 - 7 + 0.5) * 16 - 0.5, 0.3);
  EXPECT_NEAR(rows / sum, (8.0 - 7 + 0.5) * 16 - 0.5, 0.3);
}

TEST(DrawSnippet, LargerWeightsHaveLargerMarkers) {
  const Snippet snippet{10, 10, 4, 20};
  const auto dark = [&](float weight) {
    const Image drawn = DrawSnippet(Flat(20, 20, 0.5f), snippet, {10, 10, {{12.0f, 12.0f, weight}}},
                                    {0.5f, true}, 7);
    int count = 0;
    for (int y = 0; y < drawn.height(); ++y) {
      for (int x = 0; x < drawn.width(); ++x) {
        count += drawn(x, y, 0) != drawn(x, y, 1) && drawn(x, y, 0) > drawn(x, y, 2) ? 1 : 0;
      }
    }
    return count;
  };
  EXPECT_GT(dark(0.5f), 2 * dark(0.1f));
}

TEST(DrawSnippet, PixelsBeyondTheBorderAreGrey) {
  const Snippet snippet{0, 0, 3, 9};
  const Image picture = RandomImage(2, 1, 3, 1);
  const PixelKernel kernel{0, 0, {{-2.0f, -2.0f, 0.5f}}};
  const Image drawn = DrawSnippet(picture, snippet, kernel, kSigned, 3);
  for (const auto& [x, y] : {std::pair{-3, 0}, {3, 3}, {0, 2}, {2, 0}}) {
    const std::array<float, 3> colour = At(drawn, snippet, x, y);
    EXPECT_NEAR(colour[0], 200 / 255.0f, 1e-3f) << x << ", " << y;
    EXPECT_EQ(colour[0], colour[1]);
  }
  EXPECT_NEAR(At(drawn, snippet, 1, 0)[1], picture(1, 0, 1), 0.003f);
  EXPECT_TRUE(IsRed(At(drawn, snippet, -2, -2)));  // samples may lie there
}

TEST(DrawSnippet, SamplesFarAwayAreNotSeen) {
  const Snippet snippet{4, 4, 3, 9};
  const Image picture = Flat(8, 8, 0.5f);
  const PixelKernel far{
      4, 4, {{1e30f, 4.0f, 0.5f}, {4.0f, -1e9f, 0.5f}, {std::nanf(""), 4.0f, 0.5f}}};
  ExpectNear(DrawSnippet(picture, snippet, far, kSigned, 5),
             DrawSnippet(picture, snippet, {4, 4, {}}, kSigned, 5), 0.0f);
  ExpectNear(DrawHeatMap(snippet, far, kSigned, 5), DrawHeatMap(snippet, {4, 4, {}}, kSigned, 5),
             0.0f);
}

TEST(DrawSnippet, RefusesBadSizes) {
  const Image picture = Flat(8, 8, 0.5f);
  EXPECT_THROW(DrawSnippet(picture, {0, 0, -1, 8}, {}, kSigned, 7), Error);
  EXPECT_THROW(DrawSnippet(picture, {0, 0, 3, 0}, {}, kSigned, 7), Error);
  EXPECT_THROW(DrawSnippet(picture, {0, 0, 10000, 10000}, {}, kSigned, 7), Error);
  EXPECT_THROW(DrawSnippet(Image(8, 8, 2), {0, 0, 3, 8}, {}, kSigned, 7), Error);
}

TEST(DrawHeatMap, ColoursPixelsByTheirWeights) {
  const Snippet snippet{30, 20, 5, 17};
  const PixelKernel kernel{30, 20, {{33.0f, 18.0f, 0.5f}, {26.0f, 23.5f, -1.0f}}};
  const Image drawn = DrawHeatMap(snippet, kernel, kSigned, 9);
  // Beside the cross in the middle.
  const auto beside = [&](int x, int y) {
    const int column = (x - 30 + 5) * 17 + 3;
    const int row = (y - 20 + 5) * 17 + 8;
    return std::array<float, 3>{drawn(column, row, 0), drawn(column, row, 1),
                                drawn(column, row, 2)};
  };
  EXPECT_TRUE(IsRed(beside(33, 18)));
  EXPECT_TRUE(IsBlue(beside(26, 23)));
  EXPECT_TRUE(IsBlue(beside(26, 24)));
  EXPECT_GT(beside(30, 22)[1], 0.95f);  // white: no weight
  const Image positive = DrawHeatMap(snippet, kernel, {0.5f, false}, 9);
  EXPECT_LT(positive((30 - 25) * 17 + 3, (22 - 15) * 17 + 8, 0), 0.1f);  // black: no weight
}

KernelFigureOptions Options() {
  return {.target_title = "T", .result_title = "R", .kernel_title = "K"};
}

TEST(KernelFigure, HasARowForEachKernel) {
  const Image guide = RandomImage(64, 48, 3, 2);
  const Image target = RandomImage(64, 48, 1, 1000.0f, 5000.0f, 3);
  const PixelKernel kernel{30, 20, {{33.0f, 18.0f, 0.5f}}};
  const Image one = KernelFigure(guide, target, target, {kernel}, Options());
  const Image two = KernelFigure(guide, target, target, {kernel, {63, 47, {}}}, Options());
  EXPECT_EQ(one.channels(), 3);
  EXPECT_GT(one.width(), 3 * 400);
  EXPECT_GT(two.height(), one.height() + 400);
}

TEST(KernelFigure, TakesAnySize) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 300}, {700, 2}}) {
    const Image guide = RandomImage(width, height, 1, 4);
    const Image target = Flat(width, height, 7.0f);
    const PixelKernel kernel{width - 1, height - 1, {{-3.0f, 500.0f, 0.0f}}};
    const Image figure = KernelFigure(guide, target, target, {kernel}, Options());
    EXPECT_GT(figure.width(), 3 * 400);
    EXPECT_LT(figure.height(), 1200);
  }
}

TEST(KernelFigure, RefusesWhatDoesNotFit) {
  const Image guide = RandomImage(16, 12, 3, 5);
  const Image target = RandomImage(16, 12, 1, 6);
  const PixelKernel kernel{3, 4, {{3.0f, 4.0f, 1.0f}}};
  const auto draw = [&](ConstView t, const std::vector<PixelKernel>& kernels, int radius) {
    KernelFigureOptions options;
    options.radius = radius;
    return KernelFigure(guide, t, target, kernels, options);
  };
  EXPECT_NO_THROW(draw(target, {kernel}, 3));
  EXPECT_THROW(draw(RandomImage(15, 12, 1, 7), {kernel}, 3), Error);
  EXPECT_THROW(draw(guide, {kernel}, 3), Error);
  EXPECT_THROW(draw(target, {}, 3), Error);
  EXPECT_THROW(draw(target, {kernel}, 0), Error);
  EXPECT_THROW(draw(target, {kernel}, 101), Error);
  EXPECT_THAT(
      [&] {
        draw(target, {{16, 4, {}}}, 3);
      },
      testing::ThrowsMessage<Error>(testing::HasSubstr("x = 16, y = 4 is outside")));
}

}  // namespace
}  // namespace dkn::figures
