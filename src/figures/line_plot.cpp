#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "dkn/error.h"
#include "src/figures/canvas.h"
#include "src/figures/figure.h"
#include "src/figures/plot_axes.h"

namespace dkn::figures {
namespace {

cv::Scalar ColourOf(const std::vector<Series>& series, std::size_t i) {
  return PlotColour(series[i].colour < 0 ? i : static_cast<std::size_t>(series[i].colour));
}

int ThicknessOf(const Series& series) {
  return series.thin ? 1 : 2;
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
      cv::line(canvas, point(i - 1), point(i), colour, ThicknessOf(series), cv::LINE_AA, kShift);
    } else if (shown(i) && !shown(i + 1)) {
      cv::circle(canvas, point(i), 3 << kShift, colour, cv::FILLED, cv::LINE_AA, kShift);
    }
  }
}

// In the top right corner, where a falling curve leaves room.
void DrawLegend(cv::Mat& canvas, const std::vector<Series>& series, const Axis& x, const Axis& y) {
  constexpr int kLine = 28;            // pixels of coloured line before each label
  constexpr int kRow = 2 * kPlotText;  // pixels from one label to the next
  int width = 0;
  int rows = 0;
  for (const Series& one : series) {
    width = std::max(width, TextWidth(one.label, kPlotText));
    rows += one.label.empty() ? 0 : 1;
  }
  if (rows == 0) {
    return;
  }
  const int left = x.end - 2 * kPlotPad - kLine - width - kPlotPad;
  const int top = y.end + kPlotPad;
  const cv::Rect box(left - kPlotPad, top, x.end - left, rows * kRow + kPlotPad);
  cv::rectangle(canvas, box, cv::Scalar::all(255), cv::FILLED);
  cv::rectangle(canvas, box, cv::Scalar::all(200));
  int baseline = top + kPlotPad / 2 + kRow / 2 + kPlotText / 2;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (series[i].label.empty()) {
      continue;
    }
    const int middle = baseline - kPlotText / 2;
    cv::line(canvas, {left, middle}, {left + kLine, middle}, ColourOf(series, i),
             ThicknessOf(series[i]), cv::LINE_AA);
    DrawText(canvas, series[i].label, left + kLine + kPlotPad, baseline, kPlotText, Align::kLeft);
    baseline += kRow;
  }
}

Image Draw(const std::vector<Series>& series, const LinePlotOptions& options) {
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

  cv::Mat canvas = MakeCanvas(options.width, options.height);
  DrawAxes(canvas, x, y, {options.x_label, options.y_label});
  for (std::size_t i = 0; i < series.size(); ++i) {
    DrawSeries(canvas, series[i], x, y, ColourOf(series, i));
  }
  DrawLegend(canvas, series, x, y);
  return CanvasImage(canvas);
}

}  // namespace

Image LinePlot(const std::vector<Series>& series, const LinePlotOptions& options) {
  CheckPlotSize(options.width, options.height);
  for (const Series& one : series) {
    if (one.xs.size() != one.ys.size()) {
      throw Error("series '" + one.label + "' has " + std::to_string(one.xs.size()) + " xs and " +
                  std::to_string(one.ys.size()) + " ys");
    }
  }
  return CatchOpenCv([&] { return Draw(series, options); });
}

}  // namespace dkn::figures
