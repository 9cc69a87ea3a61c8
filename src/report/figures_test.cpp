#include "src/report/figures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "dkn/error.h"
#include "src/core/test_files.h"
#include "src/report/test_shown_image.h"

namespace dkn::report {
namespace {

// Pixels of this colour.
int Count(const Image& figure, float red, float green, float blue) {
  int count = 0;
  for (int y = 0; y < figure.height(); ++y) {
    for (int x = 0; x < figure.width(); ++x) {
      count += std::abs(figure(x, y, 0) - red) + std::abs(figure(x, y, 1) - green) +
                           std::abs(figure(x, y, 2) - blue) <
                       0.01f
                   ? 1
                   : 0;
    }
  }
  return count;
}

int CountGrey(const Image& figure) {
  const float grey = 128 / 255.0f;
  return Count(figure, grey, grey, grey);
}

TEST(ChooseCrop, ShowsWhereTheMethodsDiffer) {
  const figures::PixelBox crop = ChooseCrop(SmallShownImage());
  EXPECT_EQ(crop.width, 19);
  EXPECT_EQ(crop.height, 12);
  // The square of 12 x 12 pixels at (64, 24) is inside, but for a step.
  EXPECT_LE(crop.x, 64);
  EXPECT_GE(crop.x + crop.width, 76);
  EXPECT_NEAR(crop.y, 24, 1);
}

TEST(ChooseCrop, WorksWithoutDifferences) {
  ShownImage image = SmallShownImage();
  image.results.erase(image.results.begin());  // "bad" alone
  EXPECT_NEAR(ChooseCrop(image).y, 24, 1);
  std::fill_n(image.truth.data(), image.truth.size(), std::nanf(""));
  EXPECT_EQ(ChooseCrop(image), (figures::PixelBox{38, 26, 19, 12}));  // the middle
}

TEST(MethodMontage, HasTheWidthAskedForAtMost) {
  const ShownImage image = SmallShownImage();
  const Image wide = MethodMontage(image);
  EXPECT_EQ(wide.channels(), 3);
  EXPECT_GE(wide.width(), 5 * 240);
  MontageOptions options;
  options.max_width = 700;
  EXPECT_LE(MethodMontage(image, options).width(), 700);
}

TEST(MethodMontage, UnknownTruthIsGrey) {
  ShownImage image = SmallShownImage();
  MontageOptions options;
  options.crop = figures::PixelBox{0, 0, 20, 20};
  const int before = CountGrey(MethodMontage(image, options));
  for (int x = 80; x < 96; ++x) {
    image.truth(x, 60) = std::nanf("");
  }
  // 16 pixels in the truth and in each error map, 2.5 x 2.5 in the figure.
  EXPECT_NEAR(CountGrey(MethodMontage(image, options)) - before, 3 * 16 * 6.25, 60);
}

TEST(MethodMontage, TheErrorsShareOneScale) {
  ShownImage image = SmallShownImage();
  MontageOptions options;
  options.crop = figures::PixelBox{0, 0, 20, 20};
  // The brightest colour is the square of "bad" and no other pixel but the bar's end.
  const Image brightest = figures::ColorMap(Image(1, 1), -1.0f, 0.0f, figures::Palette::kGlow);
  const Image figure = MethodMontage(image, options);
  EXPECT_NEAR(Count(figure, brightest(0, 0, 0), brightest(0, 0, 1), brightest(0, 0, 2)), 144 * 6.25,
              100);
}

// Pictures of three channels are drawn as they are, and what they are apart by in one scale.
TEST(MethodMontage, ShowsPicturesInTheirColours) {
  ShownImage image = SmallShownImage();
  const auto in_color = [](Image& values) {
    Image color(values.width(), values.height(), 3);
    for (int y = 0; y < values.height(); ++y) {
      for (int x = 0; x < values.width(); ++x) {
        color(x, y, 0) = values(x, y) / 255.0f;
        color(x, y, 1) = 0.4f;
        color(x, y, 2) = 0.1f;
      }
    }
    values = std::move(color);
  };
  in_color(image.input);
  in_color(image.truth);
  for (ShownResult& result : image.results) {
    in_color(result.result);
  }
  MontageOptions options;
  options.crop = figures::PixelBox{0, 0, 20, 20};
  const Image figure = MethodMontage(image, options);
  // The left half of the input, of one result and of the truth; its crop in all four.
  EXPECT_GT(Count(figure, 100 / 255.0f, 0.4f, 0.1f), 3 * 48 * 64 * 5);
  EXPECT_NEAR(AbsoluteError(image.results[1].result, image.truth)(70, 30), 20.0f / 255.0f / 3.0f,
              1e-6f);
  EXPECT_THROW(DifferenceFigure(image, "good", "bad"), Error);
  image.truth = Image(96, 64);
  EXPECT_THROW(MethodMontage(image, options), Error);
}

TEST(MethodMontage, RefusesBadOptions) {
  const ShownImage image = SmallShownImage();
  const auto complaint = [&](figures::PixelBox crop) {
    MontageOptions options;
    options.crop = crop;
    return ErrorText([&] { MethodMontage(image, options); });
  };
  EXPECT_EQ(complaint({76, 44, 20, 20}), "");
  for (const figures::PixelBox crop :
       {figures::PixelBox{-1, 0, 5, 5}, figures::PixelBox{0, 0, 0, 5},
        figures::PixelBox{77, 44, 20, 20}, figures::PixelBox{2147483647, 0, 20, 20},
        figures::PixelBox{0, 45, 20, 20}}) {
    EXPECT_NE(complaint(crop).find("not inside the 96 x 64 guide"), std::string::npos);
  }
  MontageOptions options;
  options.max_width = 100;
  EXPECT_THROW(MethodMontage(image, options), Error);
  ShownImage bad = SmallShownImage();
  bad.results.clear();
  EXPECT_THROW(MethodMontage(bad), Error);
}

TEST(DifferenceFigure, TooSmallIsBlueAndTooLargeIsRed) {
  const ShownImage image = SmallShownImage();
  const Image figure = DifferenceFigure(image, "good", "bad");
  // "bad" is 20 too small in its square; -20 is the scale's end.
  EXPECT_NEAR(Count(figure, 20 / 255.0f, 50 / 255.0f, 120 / 255.0f), 144 * 6.25, 120);
  ShownImage mirrored = SmallShownImage();
  for (std::size_t i = 0; i < mirrored.truth.size(); ++i) {
    float& bad = mirrored.results[1].result.data()[i];
    bad = 2 * mirrored.truth.data()[i] - bad;
  }
  const Image mirror = DifferenceFigure(mirrored, "good", "bad");
  EXPECT_NEAR(Count(mirror, 140 / 255.0f, 15 / 255.0f, 25 / 255.0f), 144 * 6.25, 120);
}

TEST(DifferenceFigure, NamesAMethodThatIsMissing) {
  const ShownImage image = SmallShownImage();
  EXPECT_NE(ErrorText([&] { DifferenceFigure(image, "good", "ugly"); }).find("'ugly'"),
            std::string::npos);
  EXPECT_LE(DifferenceFigure(image, "bad", "good", 400).width(), 400);
}

}  // namespace
}  // namespace dkn::report
