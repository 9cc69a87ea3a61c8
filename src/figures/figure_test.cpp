#include "src/figures/figure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "dkn/io.h"
#include "src/io/test_files.h"

namespace dkn::figures {
namespace {

using Rgb = std::vector<float>;

Rgb Pixel(const Image& image, int x, int y) {
  return {image(x, y, 0), image(x, y, 1), image(x, y, 2)};
}

Image Flat(int width, int height, float red, float green, float blue) {
  Image image(width, height, 3);
  const float values[] = {red, green, blue};
  for (int c = 0; c < 3; ++c) {
    std::fill_n(image.Row(0, c), width * height, values[c]);
  }
  return image;
}

TEST(ColorMap, EndsOfTheRange) {
  Image values(5, 1);
  const float inputs[] = {-100.0f, 2.0f, 4.0f, 1000.0f, std::nanf("")};
  std::copy(std::begin(inputs), std::end(inputs), values.data());
  const Image turbo = ColorMap(values, 2.0f, 4.0f);
  EXPECT_EQ(Pixel(turbo, 0, 0), Pixel(turbo, 1, 0));
  EXPECT_EQ(Pixel(turbo, 2, 0), Pixel(turbo, 3, 0));
  // Turbo runs from dark blue to dark red.
  EXPECT_GT(turbo(1, 0, 2), turbo(1, 0, 1));
  EXPECT_GT(turbo(2, 0, 0), 0.4f);
  EXPECT_LT(turbo(2, 0, 2), 0.1f);
  EXPECT_EQ(Pixel(turbo, 4, 0), Rgb(3, 128 / 255.0f));
  // Inferno runs from black to pale yellow.
  const Image inferno = ColorMap(values, 2.0f, 4.0f, Palette::kInferno);
  EXPECT_LT(inferno(1, 0, 0) + inferno(1, 0, 1) + inferno(1, 0, 2), 0.05f);
  EXPECT_GT(inferno(2, 0, 0) + inferno(2, 0, 1), 1.8f);
}

TEST(ColorMap, InfernoGrowsLighter) {
  Image values(256, 1);
  for (int x = 0; x < 256; ++x) {
    values(x, 0) = static_cast<float>(x) / 255.0f;
  }
  const Image map = ColorMap(values, 0.0f, 1.0f, Palette::kInferno);
  const auto luma = [&](int x) {
    return 0.299f * map(x, 0, 0) + 0.587f * map(x, 0, 1) + 0.114f * map(x, 0, 2);
  };
  for (int x = 8; x < 256; ++x) {
    EXPECT_GT(luma(x), luma(x - 8)) << x;
  }
}

TEST(ColorMap, ARangeOfOneValue) {
  const Image map = ColorMap(Image(2, 2), 0.0f, 0.0f);
  EXPECT_EQ(Pixel(map, 0, 0), Pixel(map, 1, 1));
  EXPECT_THROW(ColorMap(Image(2, 2), 1.0f, 0.0f), Error);
  EXPECT_THROW(ColorMap(Image(2, 2), 0.0f, std::nanf("")), Error);
  EXPECT_THROW(ColorMap(Image(2, 2, 3), 0.0f, 1.0f), Error);
  EXPECT_THROW(ColorMap(Image(), 0.0f, 1.0f), Error);
}

TEST(Montage, PanelsStandSideBySideOnWhite) {
  const Image red = Flat(60, 40, 1, 0, 0);
  const Image small_blue = Flat(15, 10, 0, 0, 1);
  const Image montage = Montage({{"", red}, {"", small_blue}});
  EXPECT_EQ(montage.width(), 8 + 60 + 8 + 60 + 8);
  EXPECT_EQ(montage.height(), 8 + 40 + 8);
  EXPECT_EQ(Pixel(montage, 0, 0), Rgb({1, 1, 1}));
  EXPECT_EQ(Pixel(montage, 8, 8), Rgb({1, 0, 0}));
  EXPECT_EQ(Pixel(montage, 67, 47), Rgb({1, 0, 0}));
  EXPECT_EQ(Pixel(montage, 70, 20), Rgb({1, 1, 1}));
  EXPECT_EQ(Pixel(montage, 76, 8), Rgb({0, 0, 1}));  // scaled to the common height
  EXPECT_EQ(Pixel(montage, 135, 47), Rgb({0, 0, 1}));
}

TEST(Montage, TitlesStandAbove) {
  const Image red = Flat(120, 80, 1, 0, 0);
  const Image plain = Montage({{"", red}});
  const Image titled = Montage({{"guide", red}});
  const int bar = titled.height() - plain.height();
  ASSERT_GT(bar, 10);
  EXPECT_EQ(Pixel(titled, 8, 8 + bar), Rgb({1, 0, 0}));
  float darkest = 1.0f;
  for (int y = 0; y < 8 + bar; ++y) {
    darkest = std::min(darkest, *std::min_element(titled.Row(y), titled.Row(y) + titled.width()));
  }
  EXPECT_LT(darkest, 0.4f);
}

TEST(Montage, RowsOfSeveral) {
  const Image grey(20, 10);  // one channel, black
  const Image montage = Montage({{"", grey}, {"", grey}, {"", grey}}, 2);
  EXPECT_EQ(montage.width(), 8 + 2 * 28);
  EXPECT_EQ(montage.height(), 8 + 2 * 18);
  EXPECT_EQ(Pixel(montage, 10, 28), Rgb({0, 0, 0}));
  EXPECT_EQ(Pixel(montage, 40, 28), Rgb({1, 1, 1}));  // no fourth panel
}

TEST(Montage, RefusesBadPanels) {
  EXPECT_THROW(Montage({}), Error);
  EXPECT_THROW(Montage({{"", Image(2, 2, 2)}}), Error);
  EXPECT_THROW(Montage({{"", Image()}}), Error);
  EXPECT_THROW(Montage({{"", Image(2, 2)}}, -1), Error);
}

class WriteFigureTest : public FolderTest {};

TEST_F(WriteFigureTest, WritesBytes) {
  WriteFigure(Path("a.png"), Flat(3, 2, 1, 0.5f, 0));
  const ImageFile file = ReadImage(Path("a.png"));
  EXPECT_EQ(file.type, SampleType::kUint8);
  EXPECT_EQ(Pixel(file.image, 2, 1), Rgb({255, 128, 0}));
}

}  // namespace
}  // namespace dkn::figures
