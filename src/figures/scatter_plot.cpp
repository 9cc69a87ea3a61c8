#include "src/figures/scatter_plot.h"

#include <algorithm>
#include <cmath>

#include "dkn/error.h"
#include "src/figures/canvas.h"
#include "src/figures/label_places.h"
#include "src/figures/plot_axes.h"

namespace dkn::figures {
namespace {

constexpr int kRadius = 6;  // of a point, in pixels

Point Centre(const PixelPoint& dot) {
  return {static_cast<double>(dot.x), static_cast<double>(dot.y)};
}

// The point of the box that is nearest to `point`.
Point Nearest(const PixelBox& box, const PixelPoint& point) {
  return {static_cast<double>(std::clamp(point.x, box.x, box.x + box.width - 1)),
          static_cast<double>(std::clamp(point.y, box.y, box.y + box.height - 1))};
}

void DrawLabels(Canvas& canvas, const std::vector<PixelPoint>& dots,
                const std::vector<std::string>& labels, const PixelBox& frame) {
  std::vector<std::string> texts;
  std::vector<PixelSize> sizes;
  for (const std::string& label : labels) {
    texts.push_back(FitText(label, frame.width - 4, kPlotText));
    const int width = label.empty() ? 0 : TextWidth(texts.back(), kPlotText) + 4;
    sizes.push_back({width, 2 * kPlotText});  // with room for descenders
  }
  const std::vector<LabelPlace> places = PlaceLabels(dots, sizes, kRadius, frame);
  for (std::size_t i = 0; i < dots.size(); ++i) {
    const PixelBox& box = places[i].box;
    if (sizes[i].width > 0 && !places[i].beside) {
      canvas.Line({Centre(dots[i]), Nearest(box, dots[i])}, 1.0, Grey(150));
    }
  }
  for (std::size_t i = 0; i < dots.size(); ++i) {
    const PixelBox& box = places[i].box;
    if (sizes[i].width > 0) {
      canvas.Text(texts[i], box.x + 2, box.y + 3 * kPlotText / 2, kPlotText, Align::kLeft);
    }
  }
}

Image Draw(const std::vector<ScatterPoint>& points, const ScatterPlotOptions& options) {
  constexpr double kMargin = 0.08;
  Axis x;
  Axis y;
  x.log = options.log_x;
  y.log = options.log_y;
  Range x_range;
  Range y_range;
  std::vector<ScatterPoint> shown;
  for (const ScatterPoint& point : points) {
    if (x.Shows(point.x) && y.Shows(point.y)) {
      shown.push_back(point);
      x_range.Add(x.Scaled(point.x));
      y_range.Add(y.Scaled(point.y));
    }
  }
  Span(x_range, kMargin, x);
  Span(y_range, kMargin, y);

  const PlotAxes axes = PlaceAxes(x, y, options.width, options.height);
  Canvas canvas(options.width, options.height);
  DrawAxes(canvas, axes, {options.x_label, options.y_label});
  std::vector<PixelPoint> dots;
  std::vector<std::string> labels;
  for (const ScatterPoint& point : shown) {
    dots.push_back({static_cast<int>(std::lround(axes.x.Pixel(point.x))),
                    static_cast<int>(std::lround(axes.y.Pixel(point.y)))});
    labels.push_back(point.label);
  }
  DrawLabels(canvas, dots, labels,
             {axes.x.begin + 2, axes.y.end + 2, axes.x.end - axes.x.begin - 3,
              axes.y.begin - axes.y.end - 3});
  for (std::size_t i = 0; i < shown.size(); ++i) {
    canvas.Disc(Centre(dots[i]), kRadius + 0.5, kWhite);
    canvas.Disc(Centre(dots[i]), kRadius - 0.5,
                PlotColour(static_cast<std::size_t>(std::max(0, shown[i].group))));
  }
  return canvas.ToImage();
}

}  // namespace

Image ScatterPlot(const std::vector<ScatterPoint>& points, const ScatterPlotOptions& options) {
  CheckPlotSize(options.width, options.height);
  return Draw(points, options);
}

}  // namespace dkn::figures
