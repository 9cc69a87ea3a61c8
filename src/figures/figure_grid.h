#ifndef DKN_SRC_FIGURES_FIGURE_GRID_H_
#define DKN_SRC_FIGURES_FIGURE_GRID_H_

#include <optional>
#include <string>
#include <vector>

#include "dkn/image.h"
#include "src/figures/canvas.h"
#include "src/figures/figure.h"
#include "src/figures/pixel_box.h"

namespace dkn::figures {

// What the colours of a row mean.
struct ColorBar {
  float low = 0.0f;
  float high = 1.0f;
  Palette palette = Palette::kSpectrum;
  std::string label;      // above it: the quantity and its unit
  std::string note = "";  // below the label
};

struct GridCell {
  std::string title;                           // above the picture; all text is UTF-8
  std::string subtitle;                        // below the title
  Image image = {};                            // 1 or 3 channels in [0, 1]; empty: a free place
  std::optional<PixelBox> box = std::nullopt;  // a frame drawn on the picture, in its pixels
};

struct GridRow {
  std::vector<GridCell> cells;
  std::optional<ColorBar> bar = std::nullopt;  // beside the last picture
};

// Rows of pictures of one width, on white. That is the width of the widest, at least 240 pixels,
// unless the figure would then be wider than max_width or higher than kMaxCanvasSide: pictures are
// shrunk by the mean over areas and enlarged to nearest pixels. Titles that do not fit are drawn
// smaller, and cut at last. Throws Error without any picture, with a picture of 2 channels, when a
// bar's range is not finite and ascending, or where max_width leaves less than 16 pixels, and
// less than it has, for the widest.
Image FigureGrid(const std::vector<GridRow>& rows, int max_width = kMaxCanvasSide);

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_FIGURE_GRID_H_
