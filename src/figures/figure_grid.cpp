#include "src/figures/figure_grid.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/figures/canvas.h"
#include "src/figures/plot_axes.h"

namespace dkn::figures {
namespace {

constexpr int kGap = 6;        // pixels between pictures
constexpr int kMargin = 10;    // around all
constexpr int kBarWidth = 16;  // of colours
constexpr int kTick = 4;
constexpr int kLeast = 240;  // pixels of a picture's width, so that titles can be read

struct Layout {
  int columns = 0;
  int panel = 0;                      // width of each picture
  int text = 0;                       // height of capitals
  int bar = 0;                        // what the bars need to the right of the last column
  std::vector<int> title_rows;        // of each row: height of what stands above the pictures
  std::vector<std::int64_t> heights;  // of each row's pictures

  int Left(std::size_t column) const { return kMargin + static_cast<int>(column) * (panel + kGap); }
  int Width() const { return 2 * kMargin + columns * (panel + kGap) - kGap + bar; }
  std::int64_t Height() const {
    std::int64_t height = 2 * kMargin - kGap;
    for (std::size_t i = 0; i < heights.size(); ++i) {
      height += std::int64_t{title_rows[i]} + heights[i] + kGap;
    }
    return height;
  }
};

int TextLines(const GridRow& row) {
  int lines = !row.bar.has_value() ? 0 : row.bar->note.empty() ? 1 : 2;
  for (const GridCell& cell : row.cells) {
    lines = std::max(lines, !cell.subtitle.empty() ? 2 : !cell.title.empty() ? 1 : 0);
  }
  return lines;
}

// Ticks about `spacing` pixels apart on a bar of `height`.
std::vector<double> BarTicks(const ColorBar& bar, int height, int text) {
  if (bar.low == bar.high) {
    return {bar.low};
  }
  return RoundTicks(bar.low, bar.high, std::max(1, height / (4 * text)));
}

// kGap, the colours and their numbers, or the label where that is wider.
int BarSpace(const ColorBar& bar, int height, int text) {
  int width = std::max(TextWidth(bar.label, text), TextWidth(bar.note, text));
  for (const double tick : BarTicks(bar, height, text)) {
    width = std::max(width, kBarWidth + kTick + 3 + TextWidth(DigitsText(tick), text));
  }
  return 2 * kGap + width;
}

// The number of the row's pictures and of the free places before and between them.
int Filled(const GridRow& row) {
  std::size_t filled = 0;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    filled = row.cells[i].image.empty() ? filled : i + 1;
  }
  return static_cast<int>(filled);
}

std::int64_t PanelHeight(const GridRow& row, int panel) {
  double height = 0;
  for (const GridCell& cell : row.cells) {
    if (!cell.image.empty()) {
      height = std::max(height, static_cast<double>(panel) * cell.image.height() /
                                    std::max(1, cell.image.width()));
    }
  }
  return std::llround(height);
}

// The height of text at which all titles fit above pictures of this width, not below 6.
int TitleText(const std::vector<GridRow>& rows, int panel) {
  int text = std::clamp(panel / 28, 7, 14);
  for (const GridRow& row : rows) {
    for (const GridCell& cell : row.cells) {
      while (text > 6 &&
             std::max(TextWidth(cell.title, text), TextWidth(cell.subtitle, text)) > panel) {
        --text;
      }
    }
  }
  return text;
}

// The layout with pictures of this width.
Layout LayoutFor(const std::vector<GridRow>& rows, int columns, int panel) {
  Layout layout;
  layout.columns = columns;
  layout.panel = panel;
  layout.text = TitleText(rows, panel);
  for (const GridRow& row : rows) {
    layout.heights.push_back(PanelHeight(row, panel));
    layout.title_rows.push_back(TextLines(row) * 2 * layout.text + (TextLines(row) > 0 ? 4 : 0));
    if (row.bar.has_value()) {
      const int free = (columns - Filled(row)) * (panel + kGap);
      const int height =
          static_cast<int>(std::min<std::int64_t>(layout.heights.back(), kMaxCanvasSide));
      const int space = BarSpace(*row.bar, height, layout.text);
      layout.bar = std::max(layout.bar, space - free);
    }
  }
  return layout;
}

Layout MakeLayout(const std::vector<GridRow>& rows, int max_width) {
  int columns = 0;
  int widest = 0;
  for (const GridRow& row : rows) {
    columns = std::max(columns, static_cast<int>(row.cells.size()));
    for (const GridCell& cell : row.cells) {
      widest = std::max(widest, cell.image.width());
    }
  }
  if (widest == 0) {
    throw Error("a figure without a picture");
  }
  const int limit = std::min(max_width, kMaxCanvasSide);
  int panel = std::min(std::max(kLeast, widest), (limit - 2 * kMargin + kGap) / columns - kGap);
  while (panel >= std::min(16, widest)) {
    const Layout layout = LayoutFor(rows, columns, panel);
    if (layout.Width() <= limit && layout.Height() <= kMaxCanvasSide) {
      return layout;
    }
    // By a part of what is too much: the bars take more or less beside the pictures, depending on
    // the text, which depends on them.
    panel -= 1 + std::max(0, layout.Width() - limit) / (2 * columns);
    panel -= layout.Height() > kMaxCanvasSide ? panel / 50 : 0;
  }
  throw Error("a figure of at most " + SizeText(limit, kMaxCanvasSide) +
              " pixels has no room for its pictures, " + std::to_string(columns) + " side by side");
}

// A white line between two black ones, along the border of the box.
void DrawBox(Canvas& canvas, const PixelBox& box) {
  canvas.FrameBox(box, 2, 4, kBlack);
  canvas.FrameBox(box, 1, 2, kWhite);
}

void DrawCell(Canvas& canvas, const GridCell& cell, const Layout& layout, int left, int top,
              int lines) {
  const int middle = left + layout.panel / 2;
  // A title alone stands on the lower line.
  const int title_lift = lines == 2 && !cell.subtitle.empty() ? 2 * layout.text : 0;
  const int base = top - 4 - layout.text / 2;
  canvas.Text(FitText(cell.title, layout.panel, layout.text), middle, base - title_lift,
              layout.text, Align::kCentre);
  canvas.Text(FitText(cell.subtitle, layout.panel, layout.text), middle, base, layout.text,
              Align::kCentre);
  if (!cell.image.empty()) {
    // A canvas of its own, so that the box stays inside the picture.
    const double scale = static_cast<double>(layout.panel) / cell.image.width();
    const auto at = [&](int value) { return static_cast<int>(std::lround(value * scale)); };
    Canvas picture(layout.panel, std::max(1, at(cell.image.height())));
    picture.Put(ScaledPicture(cell.image, picture.width(), picture.height()), 0, 0);
    if (cell.box.has_value()) {
      DrawBox(picture,
              {at(cell.box->x), at(cell.box->y), at(cell.box->width), at(cell.box->height)});
    }
    canvas.Put(picture.ToImage(), left, top);
  }
}

void DrawBar(Canvas& canvas, const ColorBar& bar, int left, int top, int height, int text) {
  Image ramp(1, height);
  for (int y = 0; y < height; ++y) {
    const float share = (static_cast<float>(height - 1 - y) + 0.5f) / static_cast<float>(height);
    ramp(0, y) = bar.low + share * (bar.high - bar.low);
  }
  const Image colours = ColorMap(ramp, bar.low, bar.high, bar.palette);
  canvas.Put(ScaledPicture(colours, kBarWidth, height), left, top);
  constexpr Colour kFrame = Grey(90);
  canvas.FrameBox({left, top, kBarWidth, height}, 1, 1, kFrame);
  for (const double tick : BarTicks(bar, height, text)) {
    const double share =
        bar.high > bar.low ? (tick - bar.low) / (static_cast<double>(bar.high) - bar.low) : 0.5;
    const int row = top + static_cast<int>(std::lround((1 - share) * (height - 1)));
    const int right = left + kBarWidth;
    canvas.FillBox({right, row, kTick, 1}, kFrame);
    const int lowest = std::max(top + height - 1, top + text);
    const int baseline = std::clamp(row + text / 2, top + text, lowest);
    canvas.Text(DigitsText(tick), right + kTick + 3, baseline, text, Align::kLeft);
  }
  const int base = top - 4 - text / 2;
  canvas.Text(bar.label, left, bar.note.empty() ? base : base - 2 * text, text, Align::kLeft);
  canvas.Text(bar.note, left, base, text, Align::kLeft);
}

Image Draw(const std::vector<GridRow>& rows, int max_width) {
  const Layout layout = MakeLayout(rows, max_width);
  Canvas canvas(layout.Width(), layout.Height());
  int top = kMargin;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const int height = static_cast<int>(layout.heights[i]);
    top += layout.title_rows[i];
    for (std::size_t column = 0; column < rows[i].cells.size(); ++column) {
      DrawCell(canvas, rows[i].cells[column], layout, layout.Left(column), top, TextLines(rows[i]));
    }
    if (rows[i].bar.has_value() && height > 0) {
      const int left = layout.Left(static_cast<std::size_t>(Filled(rows[i]))) + kGap;
      DrawBar(canvas, *rows[i].bar, left, top, height, layout.text);
    }
    top += height + kGap;
  }
  return canvas.ToImage();
}

}  // namespace

Image FigureGrid(const std::vector<GridRow>& rows, int max_width) {
  for (const GridRow& row : rows) {
    if (row.bar.has_value() && !(std::isfinite(row.bar->low) && std::isfinite(row.bar->high) &&
                                 row.bar->low <= row.bar->high)) {
      throw Error("the range of the colour bar '" + row.bar->label + "' is " +
                  DigitsText(row.bar->low) + ".." + DigitsText(row.bar->high) +
                  ", expected finite and ascending");
    }
  }
  return Draw(rows, max_width);
}

}  // namespace dkn::figures
