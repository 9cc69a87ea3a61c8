#ifndef DKN_SRC_FIGURES_PLOT_AXES_H_
#define DKN_SRC_FIGURES_PLOT_AXES_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "src/figures/canvas.h"

namespace dkn::figures {

// What LinePlot and ScatterPlot share.

inline constexpr int kPlotText = 10;  // height of capitals in pixels
inline constexpr int kPlotPad = 12;   // pixels between things

// The colours of Okabe and Ito, which colour-blind readers can tell apart; the seventh is black,
// the next the first again.
Colour PlotColour(std::size_t index);

// One axis: data values to pixels.
struct Axis {
  double low = 0;  // ends of the axis, their logarithms to base 10 when `log`
  double high = 1;
  bool log = false;
  int begin = 0;  // the pixels of low and high
  int end = 0;

  // False for values that the axis cannot show, whatever its range: NaN, too large to subtract, or
  // without a logarithm.
  bool Shows(double value) const { return std::abs(value) <= 1e100 && (!log || value > 0); }
  double Scaled(double value) const { return log ? std::log10(value) : value; }
  double Pixel(double value) const {
    return begin + (end - begin) * (Scaled(value) - low) / (high - low);
  }
};

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void Add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

// Lets the axis span the range of scaled values and `margin` of it on both sides; 0..1 when it is
// empty.
void Span(Range range, double margin, Axis& axis);

// About `count` round values (1, 2 or 5 times a power of ten) inside [low, high], all different.
std::vector<double> RoundTicks(double low, double high, int count);

struct Tick {
  double value = 0;
  std::string text;  // the value in as few digits, six to ten, as tell it from the other ticks
  int place = 0;     // the row or column of its mark
  PixelBox box;      // of the text
};

struct PlotAxes {
  Axis x;
  Axis y;
  std::vector<Tick> x_ticks;
  std::vector<Tick> y_ticks;
};

// Gives two axes with their ranges the pixels of a plot that fills a canvas of this size, and their
// ticks: round values, on a logarithmic axis of a decade or more 1, 2 and 5 times the powers of
// ten, the powers alone, or each second, fifth... of them. They are as dense as lets the texts
// stand apart and inside the canvas, and no denser than one in 110 columns or 40 rows. A text that
// stands alone may be wider than there is room.
PlotAxes PlaceAxes(const Axis& x, const Axis& y, int width, int height);

struct PlotLabels {
  std::string x;
  std::string y;
};

// Draws frame, grid, ticks with numbers, and labels.
void DrawAxes(Canvas& canvas, const PlotAxes& axes, const PlotLabels& labels);

// Throws Error when a plot of this size has no room for its axes.
void CheckPlotSize(int width, int height);

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_PLOT_AXES_H_
