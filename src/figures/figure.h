#ifndef DKN_SRC_FIGURES_FIGURE_H_
#define DKN_SRC_FIGURES_FIGURE_H_

#include <string>
#include <vector>

#include "dkn/image.h"

namespace dkn::figures {

// Pictures for people: of depth and error maps, several side by side, and curves. All are R,G,B in
// [0, 1], in steps of 1 / 255.

enum class Palette {
  kTurbo,      // many hues, shows structure: depth, disparity
  kInferno,    // black to bright, lightness grows with the value: errors, weights
  kDiverging,  // blue, white in the middle, red: signed differences
};

// One channel in colour. `low` and below are the palette's first colour, `high` and above its last,
// 256 steps in all; values that are not finite are grey. Throws Error unless low <= high, both
// finite.
Image ColorMap(ConstView values, float low, float high, Palette palette = Palette::kTurbo);

struct Panel {
  std::string title;  // ASCII; may be empty
  ConstView image;    // 1 or 3 channels; drawn as 0 below 0 or not finite, as 1 above 1
};

// Panels in reading order, `columns` to a row (0: all in one row), on white, each with its title
// above it. All are scaled, nearest pixel, to the height of the tallest.
Image Montage(const std::vector<Panel>& panels, int columns = 0);

struct Series {
  std::string label;
  std::vector<double> xs;
  std::vector<double> ys;  // as many as xs; a point that cannot be drawn interrupts the line
  int colour = -1;         // of six and black, those of equal number alike; -1: the series' place
  bool thin = false;       // half as wide: what another line is held against
};

struct LinePlotOptions {
  std::string x_label;
  std::string y_label;
  bool log_y = false;  // points at or below 0 are then left out
  int width = 960;     // pixels, at least 200 x 150
  int height = 600;
};

// Lines with axes, ticks and a legend. The axes span the points.
Image LinePlot(const std::vector<Series>& series, const LinePlotOptions& options);

// Writes values in [0, 1] as uint8, times 255. Throws as WriteImage does.
void WriteFigure(const std::string& path, ConstView figure);

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_FIGURE_H_
