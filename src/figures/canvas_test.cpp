#include "src/figures/canvas.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dkn/error.h"
#include "src/core/printable_text.h"
#include "src/core/test_images.h"
#include "src/figures/test_canvas.h"

namespace dkn::figures {
namespace {

TEST(ToByte, LimitsAndRounds) {
  EXPECT_EQ(ToByte(-3.0f), 0);
  EXPECT_EQ(ToByte(0.5f), 128);
  EXPECT_EQ(ToByte(7.0f), 255);
  EXPECT_EQ(ToByte(std::nanf("")), 0);
  EXPECT_EQ(ToByte(INFINITY), 0);
}

TEST(Canvas, BeginsWhite) {
  const Image image = Canvas(7, 5).ToImage();
  ASSERT_EQ(image.width(), 7);
  ASSERT_EQ(image.height(), 5);
  ASSERT_EQ(image.channels(), 3);
  EXPECT_EQ(*std::min_element(image.data(), image.data() + image.size()), 1.0f);
}

TEST(Canvas, RefusesBadSizes) {
  EXPECT_THROW(Canvas(0, 5), Error);
  EXPECT_THROW(Canvas(5, -1), Error);
  EXPECT_THROW(Canvas(kMaxCanvasSide + 1, 1), Error);
  EXPECT_THROW(Canvas(30000, 30000), Error);
  EXPECT_EQ(Canvas(kMaxCanvasSide, 1).ToImage().width(), kMaxCanvasSide);
}

TEST(Canvas, PutKeepsPixelsAndCutsThemAtTheBorder) {
  const Image picture = ByteSteps(RandomImage(9, 6, 3, 1));
  Canvas canvas(20, 10);
  canvas.Put(picture, 8, 3);
  canvas.Put(picture, -4, -2);
  canvas.Put(picture, 100, 0);
  const Image image = canvas.ToImage();
  ExpectNear(image.view().Crop(8, 3, 9, 6), picture, 1e-6f);
  ExpectNear(image.view().Crop(0, 0, 5, 4), picture.view().Crop(4, 2, 5, 4), 1e-6f);
  EXPECT_EQ(PixelOf(image, 17, 3), kWhite);
  EXPECT_EQ(PixelOf(image, 5, 3), kWhite);
}

TEST(Canvas, PutTakesGreyAndRefusesOtherChannels) {
  Image grey(2, 1);
  grey(0, 0) = 0.2f;
  grey(1, 0) = -1.0f;
  Canvas canvas(2, 1);
  canvas.Put(grey, 0, 0);
  const Image image = canvas.ToImage();
  EXPECT_EQ(PixelOf(image, 0, 0), Grey(51));
  EXPECT_EQ(PixelOf(image, 1, 0), kBlack);
  EXPECT_THROW(canvas.Put(Image(2, 2, 2), 0, 0), Error);
  EXPECT_THROW(canvas.Put(Image(), 0, 0), Error);
}

TEST(Canvas, BoxesCoverWholePixels) {
  constexpr Colour kRed{255, 0, 0};
  constexpr Colour kBlue{0, 0, 255};
  Canvas canvas(20, 20);
  canvas.FillBox({5, 6, 4, 3}, kRed);
  canvas.FrameBox({5, 6, 4, 3}, 2, 1, kBlue);
  const Image image = canvas.ToImage();
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 20; ++x) {
      const bool inside = x >= 5 && x < 9 && y >= 6 && y < 9;
      const bool outer = x >= 3 && x < 11 && y >= 4 && y < 11;
      const bool inner = x >= 4 && x < 10 && y >= 5 && y < 10;
      EXPECT_EQ(PixelOf(image, x, y), inside            ? kRed
                                      : outer && !inner ? kBlue
                                                        : kWhite)
          << x << " " << y;
    }
  }
}

TEST(Canvas, ALineRunsThroughThePixelsCentres) {
  Canvas canvas(40, 20);
  canvas.Line({{5, 10}, {30, 10}}, 1.0, kBlack);
  const Image image = canvas.ToImage();
  for (int x = 6; x < 30; ++x) {
    EXPECT_EQ(PixelOf(image, x, 10), kBlack) << x;
    EXPECT_EQ(PixelOf(image, x, 9), kWhite) << x;
    EXPECT_EQ(PixelOf(image, x, 11), kWhite) << x;
  }
  EXPECT_EQ(PixelOf(image, 3, 10), kWhite);
  EXPECT_EQ(PixelOf(image, 32, 10), kWhite);
}

TEST(Canvas, ADiscHasItsAreaAroundItsCentre) {
  Canvas canvas(60, 60);
  canvas.Disc({24.25, 31.5}, 10.0, kBlack);
  const Image image = canvas.ToImage();
  double area = 0.0;
  double x_sum = 0.0;
  double y_sum = 0.0;
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 60; ++x) {
      const double cover = 1.0 - image(x, y);
      area += cover;
      x_sum += cover * x;
      y_sum += cover * y;
    }
  }
  EXPECT_NEAR(area, M_PI * 100, 2.0);
  EXPECT_NEAR(x_sum / area, 24.25, 0.05);
  EXPECT_NEAR(y_sum / area, 31.5, 0.05);
}

TEST(Canvas, CapitalsStandOnTheBaselineAsHighAsAskedFor) {
  for (const int height : {6, 7, 10, 14, 25, 40}) {
    Canvas canvas(400, 100);
    canvas.Text("HEIT", 20, 70, height, Align::kLeft);
    const Region ink = InkOf(canvas.ToImage());
    EXPECT_NEAR(ink.bottom, 70, 1) << height;
    EXPECT_NEAR(ink.Height(), height, 1) << height;
    EXPECT_NEAR(ink.left, 20, 1 + height / 5) << height;
    EXPECT_NEAR(ink.Width(), TextWidth("HEIT", height), 2 + height / 3) << height;
  }
}

TEST(Canvas, TextIsAligned) {
  for (const Align align : {Align::kLeft, Align::kCentre, Align::kRight}) {
    Canvas canvas(400, 40);
    canvas.Text("HHHH", 200, 30, 12, align);
    const Region ink = InkOf(canvas.ToImage());
    const int place = align == Align::kLeft    ? ink.left
                      : align == Align::kRight ? ink.right
                                               : (ink.left + ink.right) / 2;
    EXPECT_NEAR(place, 200, 2);
  }
}

TEST(Canvas, DrawsWhateverTextThereIs) {
  const auto width = [](const std::string& text) {
    Canvas canvas(400, 40);
    canvas.Text(text, 5, 30, 12, Align::kLeft);
    return InkOf(canvas.ToImage()).Width();
  };
  EXPECT_NEAR(width("a\xff"
                    "b"),
              width("a\\xffb"), 0);  // not UTF-8
  EXPECT_NEAR(width("a\nb"), width("a\\nb"), 0);
  EXPECT_LT(width("\xc3\xa9\xc3\xa9"), width("eeee"));  // two characters of two bytes
  EXPECT_EQ(width(""), 0);
}

TEST(FitText, CutsWholeCharacters) {
  EXPECT_EQ(FitText("short", 400, 10), "short");
  std::string text;
  for (int i = 0; i < 50; ++i) {
    text += "\xc3\xa9";
  }
  for (int width = 20; width < 60; ++width) {
    const std::string cut = FitText(text, width, 10);
    EXPECT_LE(TextWidth(cut, 10), width);
    EXPECT_GT(TextWidth(cut, 10), width - 12);
    EXPECT_EQ(PrintableText(cut, kMaxErrorText), cut);
    EXPECT_EQ(cut.substr(cut.size() - 2), "..");
  }
}

TEST(ScaledPicture, ShrinksByTheMeanAndEnlargesToNearestPixels) {
  Image picture(4, 2);
  const float values[] = {0.0f, 1.0f, 0.5f, 7.0f, 0.0f, 1.0f, 0.5f, std::nanf("")};
  std::copy(std::begin(values), std::end(values), picture.data());
  const Image small = ScaledPicture(picture, 2, 1);
  EXPECT_FLOAT_EQ(small(0, 0), 0.5f);
  EXPECT_FLOAT_EQ(small(1, 0), 0.5f);  // 7 counts as 1, what is not finite as 0
  const Image large = ScaledPicture(picture, 12, 6);
  EXPECT_EQ(large(3, 2), 1.0f);
  EXPECT_EQ(large(5, 0), 1.0f);
  EXPECT_EQ(large(6, 0), 0.5f);
  EXPECT_EQ(large(11, 5), 0.0f);
}

}  // namespace
}  // namespace dkn::figures
