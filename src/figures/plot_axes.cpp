#include "src/figures/plot_axes.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <opencv2/imgproc.hpp>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/figures/canvas.h"

namespace dkn::figures {
namespace {

constexpr int kText = kPlotText;
constexpr int kTick = 5;  // length of a tick mark

const cv::Scalar kColours[] = {{178, 114, 0}, {0, 94, 213},   {115, 158, 0}, {167, 121, 204},
                               {0, 159, 230}, {233, 180, 86}, {0, 0, 0}};

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

int WidestTick(const Axis& axis, int count) {
  int width = 0;
  for (const double tick : Ticks(axis, count)) {
    width = std::max(width, TextWidth(NumberText(tick), kText));
  }
  return width;
}

void DrawTicks(cv::Mat& canvas, const Axis& x, const Axis& y, int x_ticks, int y_ticks) {
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

}  // namespace

cv::Scalar PlotColour(std::size_t index) {
  return kColours[index % std::size(kColours)];
}

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

std::string NumberText(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.6g", value);
  return text;
}

void DrawAxes(cv::Mat& canvas, Axis& x, Axis& y, const PlotLabels& labels) {
  const int x_ticks = canvas.cols / 110;  // so that the longest numbers stay apart
  const int y_ticks = canvas.rows / 80;
  y.begin = canvas.rows - 2 * kPlotPad - kTick - 3 * kText;
  y.end = 2 * kPlotPad + kText;
  x.begin = kPlotPad + WidestTick(y, y_ticks) + 4 + kTick;
  x.end = canvas.cols - 2 * kPlotPad - kText;
  DrawTicks(canvas, x, y, x_ticks, y_ticks);
  DrawText(canvas, labels.x, (x.begin + x.end) / 2, canvas.rows - kPlotPad, kText, Align::kCentre);
  DrawText(canvas, labels.y, kPlotPad, kPlotPad + kText, kText, Align::kLeft);
}

void CheckPlotSize(int width, int height) {
  if (width < 200 || height < 150) {
    throw Error("a plot of " + SizeText(width, height) + " pixels, expected at least 200 x 150");
  }
}

}  // namespace dkn::figures
