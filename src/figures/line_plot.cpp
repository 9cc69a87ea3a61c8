#include <algorithm>

#include "dkn/error.h"
#include "src/figures/canvas.h"
#include "src/figures/figure.h"
#include "src/figures/plot_axes.h"

namespace dkn::figures {
namespace {

Colour ColourOf(const std::vector<Series>& series, std::size_t i) {
  return PlotColour(series[i].colour < 0 ? i : static_cast<std::size_t>(series[i].colour));
}

double ThicknessOf(const Series& series) {
  return series.thin ? 1.0 : 2.0;
}

void DrawRun(Canvas& canvas, const std::vector<Point>& run, const Series& series, Colour colour) {
  if (run.size() == 1) {
    canvas.Disc(run[0], 3.5, colour);
  } else if (run.size() > 1) {
    canvas.Line(run, ThicknessOf(series), colour);
  }
}

void DrawSeries(Canvas& canvas, const Series& series, const PlotAxes& axes, Colour colour) {
  std::vector<Point> run;  // of points without one between them that cannot be drawn
  for (std::size_t i = 0; i < series.xs.size(); ++i) {
    if (axes.x.Shows(series.xs[i]) && axes.y.Shows(series.ys[i])) {
      run.push_back({axes.x.Pixel(series.xs[i]), axes.y.Pixel(series.ys[i])});
    } else {
      DrawRun(canvas, run, series, colour);
      run.clear();
    }
  }
  DrawRun(canvas, run, series, colour);
}

// In the top right corner, where a falling curve leaves room.
void DrawLegend(Canvas& canvas, const std::vector<Series>& series, const Axis& x, const Axis& y) {
  constexpr int kLine = 28;            // pixels of coloured line before each label
  constexpr int kRow = 2 * kPlotText;  // pixels from one label to the next
  const int room = x.end - x.begin - 5 * kPlotPad - kLine;
  std::vector<std::string> labels;
  int width = 0;
  int rows = 0;
  for (const Series& one : series) {
    labels.push_back(FitText(one.label, room, kPlotText));
    width = std::max(width, TextWidth(labels.back(), kPlotText));
    rows += one.label.empty() ? 0 : 1;
  }
  if (rows == 0) {
    return;
  }
  const int left = x.end - 2 * kPlotPad - kLine - width - kPlotPad;
  const int top = y.end + kPlotPad;
  const PixelBox box{left - kPlotPad, top, x.end - left, rows * kRow + kPlotPad};
  canvas.FillBox(box, kWhite);
  canvas.FrameBox(box, 0, 1, Grey(200));
  int baseline = top + kPlotPad / 2 + kRow / 2 + kPlotText / 2;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (labels[i].empty()) {
      continue;
    }
    const double middle = baseline - kPlotText / 2 + 0.5;
    canvas.Line({{left + 0.5, middle}, {left + kLine + 0.5, middle}}, ThicknessOf(series[i]),
                ColourOf(series, i));
    canvas.Text(labels[i], left + kLine + kPlotPad, baseline, kPlotText, Align::kLeft);
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

  const PlotAxes axes = PlaceAxes(x, y, options.width, options.height);
  Canvas canvas(options.width, options.height);
  DrawAxes(canvas, axes, {options.x_label, options.y_label});
  for (std::size_t i = 0; i < series.size(); ++i) {
    DrawSeries(canvas, series[i], axes, ColourOf(series, i));
  }
  DrawLegend(canvas, series, axes.x, axes.y);
  return canvas.ToImage();
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
  return Draw(series, options);
}

}  // namespace dkn::figures
