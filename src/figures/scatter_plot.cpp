#include "src/figures/scatter_plot.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "dkn/error.h"
#include "src/figures/canvas.h"
#include "src/figures/label_places.h"
#include "src/figures/plot_axes.h"

namespace dkn::figures {
namespace {

constexpr int kRadius = 6;  // of a point, in pixels

// The point of the box that is nearest to `point`.
cv::Point Nearest(const cv::Rect& box, cv::Point point) {
  return {std::clamp(point.x, box.x, box.x + box.width - 1),
          std::clamp(point.y, box.y, box.y + box.height - 1)};
}

void DrawLabels(cv::Mat& canvas, const std::vector<cv::Point>& dots,
                const std::vector<std::string>& labels, cv::Rect frame) {
  std::vector<std::string> texts;
  std::vector<cv::Size> sizes;
  for (const std::string& label : labels) {
    texts.push_back(FitText(label, frame.width - 4, kPlotText));
    const int width = label.empty() ? 0 : TextWidth(texts.back(), kPlotText) + 4;
    sizes.push_back({width, 2 * kPlotText});  // with room for descenders
  }
  const std::vector<LabelPlace> places = PlaceLabels(dots, sizes, kRadius, frame);
  for (std::size_t i = 0; i < dots.size(); ++i) {
    const cv::Rect& box = places[i].box;
    if (sizes[i].width > 0 && !places[i].beside) {
      cv::line(canvas, dots[i], Nearest(box, dots[i]), cv::Scalar::all(150), 1, cv::LINE_AA);
    }
  }
  for (std::size_t i = 0; i < dots.size(); ++i) {
    const cv::Rect& box = places[i].box;
    if (sizes[i].width > 0) {
      DrawText(canvas, texts[i], box.x + 2, box.y + 3 * kPlotText / 2, kPlotText, Align::kLeft);
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

  cv::Mat canvas = MakeCanvas(options.width, options.height);
  DrawAxes(canvas, x, y, {options.x_label, options.y_label});
  std::vector<cv::Point> dots;
  std::vector<std::string> labels;
  for (const ScatterPoint& point : shown) {
    dots.push_back({static_cast<int>(std::lround(x.Pixel(point.x))),
                    static_cast<int>(std::lround(y.Pixel(point.y)))});
    labels.push_back(point.label);
  }
  DrawLabels(canvas, dots, labels,
             cv::Rect(x.begin + 2, y.end + 2, x.end - x.begin - 3, y.begin - y.end - 3));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const cv::Scalar colour = PlotColour(static_cast<std::size_t>(std::max(0, shown[i].group)));
    cv::circle(canvas, dots[i], kRadius, colour, cv::FILLED, cv::LINE_AA);
    cv::circle(canvas, dots[i], kRadius, cv::Scalar::all(255), 1, cv::LINE_AA);
  }
  return CanvasImage(canvas);
}

}  // namespace

Image ScatterPlot(const std::vector<ScatterPoint>& points, const ScatterPlotOptions& options) {
  CheckPlotSize(options.width, options.height);
  return CatchOpenCv([&] { return Draw(points, options); });
}

}  // namespace dkn::figures
