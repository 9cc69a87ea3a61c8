#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <limits>
#include <opencv2/imgproc.hpp>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/io/canvas.h"
#include "src/io/figure.h"

namespace dkn {
namespace {

constexpr int kText = 10;  // height of capitals in pixels
constexpr int kPad = 12;   // pixels between things
constexpr int kTick = 5;   // length of a tick mark

// The colours of Okabe and Ito, which colour-blind readers can tell apart, in OpenCV's order.
const cv::Scalar kColours[] = {{178, 114, 0}, {0, 94, 213},   {115, 158, 0}, {167, 121, 204},
                               {0, 159, 230}, {233, 180, 86}, {0, 0, 0}};

cv::Scalar Colour(std::size_t series) {
  return kColours[series % std::size(kColours)];
}

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

// Lets the axis span the range and `margin` of it on both sides; 0..1 when it is empty.
void Span(Range range, double margin, Axis& axis) {
  if (range.low > range.high) {
    range = Range{0, 1};
  }
  double pad = (range.high - range.low) * margin;
  if (range.high == range.low) {
    pad = std::max(0.5 * std::abs(range.low), 0.5);
  }
  axis.low = range.low - pad;
  axis.high = range.high + pad;
}

// About `count` round values (1, 2 or 5 times a power of ten) inside [low, high].
std::vector<double> RoundTicks(double low, double high, int count) {
  const double rough = (high - low) / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double digit = rough / power;
  const double step = power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  const double first = std::ceil(low / step);
  const int steps = static_cast<int>(std::floor(high / step) - first);
  std::vector<double> ticks;
  for (int i = 0; i <= steps; ++i) {
    ticks.push_back((first + i) * step + 0.0);  // + 0.0 turns -0 into 0
  }
  return ticks;
}

// 1, 2 and 5 times the powers of ten inside the axis, or the powers alone when they are many. An
// axis of less than a decade gets round values instead.
std::vector<double> LogTicks(const Axis& axis) {
  if (axis.high - axis.low < 1) {
    return RoundTicks(std::pow(10.0, axis.low), std::pow(10.0, axis.high), 6);
  }
  const bool many = axis.high - axis.low > 4;
  std::vector<double> ticks;
  for (double power = std::floor(axis.low); power <= axis.high; ++power) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double value = digit * std::pow(10.0, power);
      const bool inside = std::log10(value) >= axis.low && std::log10(value) <= axis.high;
      if (inside && (digit == 1.0 || !many)) {
        ticks.push_back(value);
      }
    }
  }
  return ticks;
}

std::vector<double> Ticks(const Axis& axis, int count) {
  return axis.log ? LogTicks(axis) : RoundTicks(axis.low, axis.high, count);
}

std::string NumberText(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.6g", value);
  return text;
}

int WidestTick(const Axis& axis, int count) {
  int width = 0;
  for (const double tick : Ticks(axis, count)) {
    width = std::max(width, TextWidth(NumberText(tick), kText));
  }
  return width;
}

void DrawAxes(cv::Mat& canvas, const Axis& x, const Axis& y, int x_ticks, int y_ticks) {
  const cv::Scalar grid = cv::Scalar::all(225);
  const cv::Scalar frame = cv::Scalar::all(90);
  for (const double tick : Ticks(y, y_ticks)) {
    const int row = static_cast<int>(std::lround(y.Pixel(tick)));
    cv::line(canvas, {x.begin, row}, {x.end, row}, grid);
    cv::line(canvas, {x.begin - kTick, row}, {x.begin, row}, frame);
    DrawText(canvas, NumberText(tick), x.begin - kTick - 4, row + kText / 2, kText, Align::kRight);
  }
  for (const double tick : Ticks(x, x_ticks)) {
    const int column = static_cast<int>(std::lround(x.Pixel(tick)));
    cv::line(canvas, {column, y.end}, {column, y.begin}, grid);
    cv::line(canvas, {column, y.begin}, {column, y.begin + kTick}, frame);
    DrawText(canvas, NumberText(tick), column, y.begin + kTick + 4 + kText, kText, Align::kCentre);
  }
  cv::rectangle(canvas, {x.begin, y.end}, {x.end, y.begin}, frame);
}

void DrawSeries(cv::Mat& canvas, const Series& series, const Axis& x, const Axis& y,
                const cv::Scalar& colour) {
  constexpr int kShift = 4;  // OpenCV takes positions in 1 / 16 pixel
  const auto point = [&](std::size_t i) {
    return cv::Point(static_cast<int>(std::lround(x.Pixel(series.xs[i]) * (1 << kShift))),
                     static_cast<int>(std::lround(y.Pixel(series.ys[i]) * (1 << kShift))));
  };
  const auto shown = [&](std::size_t i) {
    return i < series.xs.size() && x.Shows(series.xs[i]) && y.Shows(series.ys[i]);
  };
  for (std::size_t i = 0; i < series.xs.size(); ++i) {
    const bool before = i > 0 && shown(i - 1);
    if (shown(i) && before) {
      cv::line(canvas, point(i - 1), point(i), colour, 2, cv::LINE_AA, kShift);
    } else if (shown(i) && !shown(i + 1)) {
      cv::circle(canvas, point(i), 3 << kShift, colour, cv::FILLED, cv::LINE_AA, kShift);
    }
  }
}

// In the top right corner, where a falling curve leaves room.
void DrawLegend(cv::Mat& canvas, const std::vector<Series>& series, const Axis& x, const Axis& y) {
  constexpr int kLine = 28;        // pixels of coloured line before each label
  constexpr int kRow = 2 * kText;  // pixels from one label to the next
  int width = 0;
  int rows = 0;
  for (const Series& one : series) {
    width = std::max(width, TextWidth(one.label, kText));
    rows += one.label.empty() ? 0 : 1;
  }
  if (rows == 0) {
    return;
  }
  const int left = x.end - 2 * kPad - kLine - width - kPad;
  const int top = y.end + kPad;
  const cv::Rect box(left - kPad, top, x.end - left, rows * kRow + kPad);
  cv::rectangle(canvas, box, cv::Scalar::all(255), cv::FILLED);
  cv::rectangle(canvas, box, cv::Scalar::all(200));
  int baseline = top + kPad / 2 + kRow / 2 + kText / 2;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (series[i].label.empty()) {
      continue;
    }
    const int middle = baseline - kText / 2;
    cv::line(canvas, {left, middle}, {left + kLine, middle}, Colour(i), 2, cv::LINE_AA);
    DrawText(canvas, series[i].label, left + kLine + kPad, baseline, kText, Align::kLeft);
    baseline += kRow;
  }
}

Image Draw(const std::vector<Series>& series, const LinePlotOptions& options) {
  const int x_ticks = options.width / 110;  // so that the longest numbers stay apart
  const int y_ticks = options.height / 80;
  Axis x;
  Axis y;
  y.log = options.log_y;
  Range x_range;
  Range y_range;
  for (const Series& one : series) {
    for (std::size_t i = 0; i < one.xs.size(); ++i) {
      if (x.Shows(one.xs[i]) && y.Shows(one.ys[i])) {
        x_range.Add(one.xs[i]);
        y_range.Add(y.Scaled(one.ys[i]));
      }
    }
  }
  Span(x_range, 0.0, x);
  Span(y_range, 0.05, y);
  y.begin = options.height - 2 * kPad - kTick - 3 * kText;
  y.end = 2 * kPad + kText;
  x.begin = kPad + WidestTick(y, y_ticks) + 4 + kTick;
  x.end = options.width - 2 * kPad - kText;

  cv::Mat canvas = MakeCanvas(options.width, options.height);
  DrawAxes(canvas, x, y, x_ticks, y_ticks);
  for (std::size_t i = 0; i < series.size(); ++i) {
    DrawSeries(canvas, series[i], x, y, Colour(i));
  }
  DrawLegend(canvas, series, x, y);
  DrawText(canvas, options.x_label, (x.begin + x.end) / 2, options.height - kPad, kText,
           Align::kCentre);
  DrawText(canvas, options.y_label, kPad, kPad + kText, kText, Align::kLeft);
  return CanvasImage(canvas);
}

}  // namespace

Image LinePlot(const std::vector<Series>& series, const LinePlotOptions& options) {
  if (options.width < 200 || options.height < 150) {
    throw Error("a plot of " + SizeText(options.width, options.height) +
                " pixels, expected at least 200 x 150");
  }
  for (const Series& one : series) {
    if (one.xs.size() != one.ys.size()) {
      throw Error("series '" + one.label + "' has " + std::to_string(one.xs.size()) + " xs and " +
                  std::to_string(one.ys.size()) + " ys");
    }
  }
  return CatchOpenCv([&] { return Draw(series, options); });
}

}  // namespace dkn
