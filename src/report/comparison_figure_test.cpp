#include "src/report/comparison_figure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "src/figures/figure.h"

namespace dkn::report {
namespace {

// A scene of two depths whose edge the input has at a quarter of the size.
struct Scene {
  Image guide{64, 48, 3};
  Image input{16, 12};
  Image truth{64, 48};

  Scene() {
    for (int y = 0; y < 48; ++y) {
      for (int x = 0; x < 64; ++x) {
        truth(x, y) = x < 30 ? 2.0f : 3.0f;
        input(x / 4, y / 4) = x / 4 < 8 ? 2.0f : 3.0f;
      }
    }
  }
};

// How many pixels of the figure have this colour.
int Count(const Image& figure, const Image& colour) {
  int count = 0;
  for (int y = 0; y < figure.height(); ++y) {
    for (int x = 0; x < figure.width(); ++x) {
      count += figure(x, y, 0) == colour(0, 0, 0) && figure(x, y, 1) == colour(0, 0, 1) &&
                       figure(x, y, 2) == colour(0, 0, 2)
                   ? 1
                   : 0;
    }
  }
  return count;
}

Image ColourOf(float value, float high, figures::Palette palette) {
  Image one(1, 1);
  one(0, 0) = value;
  return figures::ColorMap(one, 0.0f, high, palette);
}

TEST(ComparisonFigure, ErrorsAndTruthMakeASecondRow) {
  const Scene scene;
  const eval::Comparison comparison =
      eval::CompareWithBicubic(scene.input, scene.truth, scene.truth);
  const ValueRange range = eval::MeasuredRange(scene.truth);
  const Image one = ComparisonFigure(scene.guide, scene.input, scene.truth, range);
  const Image two =
      ComparisonFigure(scene.guide, scene.input, scene.truth, range, scene.truth, comparison);
  EXPECT_GT(one.width(), 3 * 240);
  EXPECT_EQ(two.channels(), 3);
  EXPECT_GT(two.height(), 3 * one.height() / 2);
}

// A result without errors is black, so a figure of it has more of that than one of a result that is
// wrong everywhere.
TEST(ComparisonFigure, ErrorsAreBrightFromTwiceBicubicsRmse) {
  const Scene scene;
  Image wrong = Image::Clone(scene.truth);
  std::for_each(wrong.data(), wrong.data() + wrong.size(), [](float& value) { value += 5.0f; });
  const Image black = ColourOf(0.0f, 1.0f, figures::Palette::kGlow);
  const Image bright = ColourOf(1.0f, 1.0f, figures::Palette::kGlow);
  const auto figure = [&](const Image& result) {
    return ComparisonFigure(scene.guide, scene.input, result, {2.0f, 3.0f}, scene.truth,
                            eval::CompareWithBicubic(scene.input, result, scene.truth));
  };
  constexpr int kPicture = 240 * 180;  // pixels of a picture of 64 x 48 in the figure
  const Image right = figure(scene.truth);
  const Image bad = figure(wrong);
  EXPECT_GE(Count(right, black) - Count(bad, black), kPicture / 2);
  EXPECT_GE(Count(bad, bright) - Count(right, bright), kPicture / 2);
}

}  // namespace
}  // namespace dkn::report
