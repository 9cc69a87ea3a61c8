#include "src/figures/figure_grid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "dkn/error.h"

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

struct Region {
  int left = 1 << 30, right = -1, top = 1 << 30, bottom = -1;
  int Width() const { return right - left + 1; }
  int Height() const { return bottom - top + 1; }
};

// Where pixels have this colour.
Region Find(const Image& figure, float red, float green, float blue) {
  Region region;
  for (int y = 0; y < figure.height(); ++y) {
    for (int x = 0; x < figure.width(); ++x) {
      if (std::abs(figure(x, y, 0) - red) + std::abs(figure(x, y, 1) - green) +
              std::abs(figure(x, y, 2) - blue) <
          0.02f) {
        region.left = std::min(region.left, x);
        region.right = std::max(region.right, x);
        region.top = std::min(region.top, y);
        region.bottom = std::max(region.bottom, y);
      }
    }
  }
  return region;
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

TEST(FigureGrid, IsNoWiderThanAsked) {
  for (const int width : {300, 500, 613, 1200}) {
    std::vector<GridRow> rows = TwoByTwo(1000, 100);
    rows[0].bar = ColorBar{0, 123456, Palette::kTurbo, "a wide label (units)"};
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
  rows[1].bar = ColorBar{0, 1, Palette::kInferno, "error", "a note"};
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
  rows[0].bar = ColorBar{1, 0, Palette::kTurbo, ""};
  EXPECT_THROW(FigureGrid(rows, 2400), Error);
  rows[0].bar = ColorBar{0, std::nanf(""), Palette::kTurbo, ""};
  EXPECT_THROW(FigureGrid(rows, 2400), Error);
}

}  // namespace
}  // namespace dkn::figures
