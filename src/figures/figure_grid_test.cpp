#include "src/figures/figure_grid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/core/test_images.h"
#include "src/figures/test_canvas.h"

namespace dkn::figures {
namespace {

Image Flat(int width, int height, float red, float green, float blue) {
  Image image(width, height, 3);
  const float values[] = {red, green, blue};
  for (int c = 0; c < 3; ++c) {
    std::fill_n(image.Row(0, c), width * height, values[c]);
  }
  return image;
}

GridCell Cell(Image image, const std::string& title = "", const std::string& subtitle = "") {
  GridCell cell;
  cell.title = title;
  cell.subtitle = subtitle;
  cell.image = std::move(image);
  return cell;
}

// Where pixels have this colour.
Region Find(const Image& figure, float red, float green, float blue) {
  return FindColour(figure, {ToByte(red), ToByte(green), ToByte(blue)});
}

std::vector<GridRow> TwoByTwo(int width, int height) {
  std::vector<GridRow> rows(2);
  rows[0].cells.push_back(Cell(Flat(width, height, 1, 0, 0), "a title"));
  rows[0].cells.push_back(Cell(Flat(width, height, 0, 1, 0), "another", "with 2 lines"));
  rows[1].cells.push_back(Cell(Image()));
  rows[1].cells.push_back(Cell(Flat(width / 2, height / 2, 0, 0, 1)));
  return rows;
}

TEST(FigureGrid, PicturesStandInRowsAndColumns) {
  const Image figure = FigureGrid(TwoByTwo(300, 200), 2400);
  const Region red = Find(figure, 1, 0, 0);
  const Region green = Find(figure, 0, 1, 0);
  const Region blue = Find(figure, 0, 0, 1);
  for (const Region& region : {red, green, blue}) {  // the small one is enlarged
    EXPECT_EQ(region.Width(), 300);
    EXPECT_EQ(region.Height(), 200);
  }
  EXPECT_EQ(red.top, green.top);
  EXPECT_LT(red.right, green.left);
  EXPECT_EQ(blue.left, green.left);
  EXPECT_GT(blue.top, green.bottom);
}

// Pictures of one size that fit are drawn at their own size, in rows and columns, and no pixel of
// them is changed.
TEST(FigureGrid, KeepsEveryPixel) {
  std::vector<GridRow> rows(2);
  std::vector<Image> pictures;
  for (int i = 0; i < 3; ++i) {
    pictures.push_back(ByteSteps(RandomImage(250, 120, i == 1 ? 1 : 3, static_cast<unsigned>(i))));
    rows[static_cast<std::size_t>(i / 2)].cells.push_back(Cell(Image::Clone(pictures.back())));
  }
  const Image figure = FigureGrid(rows);
  ASSERT_EQ(figure.width(), 10 + 250 + 6 + 250 + 10);
  ASSERT_EQ(figure.height(), 10 + 120 + 6 + 120 + 10);
  for (int i = 0; i < 3; ++i) {
    const ConstView place = figure.view().Crop(10 + i % 2 * 256, 10 + i / 2 * 126, 250, 120);
    for (int c = 0; c < 3; ++c) {
      const int channel = i == 1 ? 0 : c;
      ExpectNear(place.Channel(c), pictures[static_cast<std::size_t>(i)].view().Channel(channel),
                 1e-6f);
    }
  }
  const ConstView free = figure.view().Crop(260, 136, 266, 130);  // no fourth picture
  ExpectNear(free, Flat(266, 130, 1, 1, 1), 0.0f);
}

TEST(FigureGrid, TitlesStandAboveTheirPictures) {
  std::vector<GridRow> rows = TwoByTwo(300, 200);
  rows[0].cells[1].subtitle.clear();
  const Image figure = FigureGrid(rows);
  for (const Region& picture : {Find(figure, 1, 0, 0), Find(figure, 0, 1, 0)}) {
    const Region ink = InkOf(figure, {picture.left - 3, 0, 306, picture.top});
    EXPECT_GT(ink.Width(), 30);
    EXPECT_NEAR(ink.left + ink.right, picture.left + picture.right, 6);
    EXPECT_LT(ink.bottom, picture.top - 2);
    EXPECT_GT(ink.top, 4);
  }
}

TEST(FigureGrid, FitsTheLargestCanvas) {
  std::vector<GridRow> rows(1);
  for (int i = 0; i < 3; ++i) {
    rows[0].cells.push_back(Cell(Flat(12000, 10, 0, 0, 1)));
  }
  EXPECT_LE(FigureGrid(rows).width(), kMaxCanvasSide);
  rows = std::vector<GridRow>(1);
  rows[0].cells.push_back(Cell(Flat(2, 4000, 0, 0, 1)));  // 240 columns would be 480000 rows
  const Image figure = FigureGrid(rows);
  EXPECT_LE(figure.height(), kMaxCanvasSide);
  EXPECT_GT(figure.height(), kMaxCanvasSide / 2);
}

TEST(FigureGrid, IsNoWiderThanAsked) {
  for (const int width : {300, 500, 613, 1200}) {
    std::vector<GridRow> rows = TwoByTwo(1000, 100);
    rows[0].bar = ColorBar{0, 123456, Palette::kSpectrum, "a wide label (units)"};
    const Image figure = FigureGrid(rows, width);
    EXPECT_LE(figure.width(), width);
    EXPECT_GT(figure.width(), width * 9 / 10);
  }
}

TEST(FigureGrid, ShrinksByTheMean) {
  Image stripes(1000, 100);
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 1000; x += 2) {
      stripes(x, y) = 1.0f;
    }
  }
  std::vector<GridRow> rows(1);
  rows[0].cells.push_back(Cell(std::move(stripes)));
  const Image figure = FigureGrid(rows, 520);  // half the size
  EXPECT_NEAR(figure(260, figure.height() / 2), 0.5f, 0.02f);
}

TEST(FigureGrid, ABoxFramesItsPixels) {
  std::vector<GridRow> rows(1);
  rows[0].cells.push_back(Cell(Flat(400, 300, 1, 0, 0)));
  rows[0].cells[0].box = PixelBox{100, 60, 80, 40};
  const Image figure = FigureGrid(rows, 2400);
  const Region red = Find(figure, 1, 0, 0);
  for (const auto& [x, y] : {std::pair(100, 80), std::pair(180, 80), std::pair(140, 60)}) {
    EXPECT_EQ(figure(red.left + x, red.top + y, 2), 1.0f) << x << " " << y;  // white
  }
  EXPECT_EQ(figure(red.left + 140, red.top + 80, 2), 0.0f);
}

TEST(FigureGrid, ABarShowsItsRangeOfColours) {
  std::vector<GridRow> rows(1);
  rows[0].cells.push_back(Cell(Flat(300, 300, 1, 1, 1)));
  const Image plain = FigureGrid(rows, 2400);
  rows[0].bar = ColorBar{-2, 2, Palette::kDiverging, "cm"};
  const Image figure = FigureGrid(rows, 2400);
  ASSERT_GT(figure.width(), plain.width() + 16);
  const Region blue = Find(figure, 20 / 255.0f, 50 / 255.0f, 120 / 255.0f);
  const Region red = Find(figure, 140 / 255.0f, 15 / 255.0f, 25 / 255.0f);
  EXPECT_EQ(blue.left, red.left);
  EXPECT_GT(blue.top, red.bottom + 200);  // low values at the bottom
  EXPECT_GE(red.left, plain.width() - 10);
}

TEST(FigureGrid, ABarFitsAFreePlace) {
  std::vector<GridRow> rows = TwoByTwo(300, 200);
  const int width = FigureGrid(rows, 2400).width();
  std::swap(rows[1].cells[0], rows[1].cells[1]);
  rows[1].bar = ColorBar{0, 1, Palette::kGlow, "error", "a note"};
  EXPECT_EQ(FigureGrid(rows, 2400).width(), width);
}

TEST(FigureGrid, LongTitlesAreCut) {
  std::vector<GridRow> rows = TwoByTwo(300, 200);
  rows[0].cells[0].title = std::string(500, 'W');
  const Image figure = FigureGrid(rows, 2400);
  const Region green = Find(figure, 0, 1, 0);
  for (int y = 0; y < green.top; ++y) {  // nothing over the gap between the pictures
    EXPECT_EQ(figure(green.left - 3, y), 1.0f) << y;
  }
}

TEST(FigureGrid, RefusesBadInput) {
  EXPECT_THROW(FigureGrid({}, 2400), Error);
  EXPECT_THROW(FigureGrid(std::vector<GridRow>(2), 2400), Error);
  EXPECT_THROW(FigureGrid(TwoByTwo(300, 200), 40), Error);
  std::vector<GridRow> rows(1);
  rows[0].cells.push_back(Cell(Image(4, 4, 2)));
  EXPECT_THROW(FigureGrid(rows, 2400), Error);
  rows[0].cells[0].image = Image(4, 4);
  rows[0].bar = ColorBar{1, 0, Palette::kSpectrum, ""};
  EXPECT_THROW(FigureGrid(rows, 2400), Error);
  rows[0].bar = ColorBar{0, std::nanf(""), Palette::kSpectrum, ""};
  EXPECT_THROW(FigureGrid(rows, 2400), Error);
}

}  // namespace
}  // namespace dkn::figures
