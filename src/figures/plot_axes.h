#ifndef DKN_SRC_FIGURES_PLOT_AXES_H_
#define DKN_SRC_FIGURES_PLOT_AXES_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace dkn::figures {

// What LinePlot and ScatterPlot share.

inline constexpr int kPlotText = 10;  // height of capitals in pixels
inline constexpr int kPlotPad = 12;   // pixels between things

// The colours of Okabe and Ito, which colour-blind readers can tell apart, in OpenCV's order; the
// seventh index takes the first again.
cv::Scalar PlotColour(std::size_t index);

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

// About `count` round values (1, 2 or 5 times a power of ten) inside [low, high].
std::vector<double> RoundTicks(double low, double high, int count);

// At most six digits: "0.25", "1e-07".
std::string NumberText(double value);

struct PlotLabels {
  std::string x;
  std::string y;
};

// Gives two axes with their ranges the pixels of a plot that fills the canvas, and draws frame,
// grid, ticks with numbers, and labels.
void DrawAxes(cv::Mat& canvas, Axis& x, Axis& y, const PlotLabels& labels);

// Throws Error when a plot of this size has no room for its axes.
void CheckPlotSize(int width, int height);

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_PLOT_AXES_H_
