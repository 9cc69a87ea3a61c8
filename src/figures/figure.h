#ifndef DKN_SRC_FIGURES_FIGURE_H_
#define DKN_SRC_FIGURES_FIGURE_H_

#include <string>
#include <vector>

#include "dkn/frame.h"
#include "dkn/image.h"

namespace dkn::figures {

// Pictures for people: of depth and error maps, and curves (figure_grid.h puts several side by
// side). All are R,G,B in [0, 1], in steps of 1 / 255.

enum class Palette {
  kSpectrum,   // many hues, shows structure: depth, disparity
  kGlow,       // black to bright, lightness grows with the value: errors, weights
  kDiverging,  // blue, white in the middle, red: signed differences
};

// One channel in colour. `low` and below are the palette's first colour, `high` and above its last,
// 256 steps in all; values that are not finite are grey. Throws Error unless low <= high, both
// finite.
Image ColorMap(ConstView values, float low, float high, Palette palette = Palette::kSpectrum);

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

// Values in [0, 1] times 255 and rounded, for a file; those beyond are limited, 0 stands for what
// is not finite.
FrameBuffer PictureBytes(ConstView picture);

// Writes PictureBytes, of PNGs small ones. Throws as WriteFrame does.
void WriteFigure(const std::string& path, ConstView figure);

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_FIGURE_H_
