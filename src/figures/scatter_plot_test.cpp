#include "src/figures/scatter_plot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/figures/plot_axes.h"
#include "src/figures/test_canvas.h"

namespace dkn::figures {
namespace {

ScatterPlotOptions SmallPlot() {
  ScatterPlotOptions options;
  options.width = 400;
  options.height = 300;
  return options;
}

Region BlueOf(const Image& plot) {
  return FindColour(plot, PlotColour(0), 30);
}

PlotAxes AxesOf(Range xs, Range ys, bool log_x) {
  Axis x;
  Axis y;
  x.log = log_x;
  Span(log_x ? Range{std::log10(xs.low), std::log10(xs.high)} : xs, 0.08, x);
  Span(ys, 0.08, y);
  return PlaceAxes(x, y, 400, 300);
}

TEST(ScatterPlot, PointsStandWhereTheyBelong) {
  for (const bool log : {false, true}) {
    ScatterPlotOptions options = SmallPlot();
    options.log_x = log;
    const PlotAxes axes = AxesOf({1, 100}, {1, 3}, log);
    for (const auto& [x, y] : {std::pair{50.5, 2.0}, {90.0, 2.5}, {10.0, 1.2}}) {
      // Between others of another colour that hold the axes.
      const Region dot =
          BlueOf(ScatterPlot({{"", x, y, 0}, {"", 1, 1, 1}, {"", 100, 3, 1}}, options));
      EXPECT_NEAR((dot.left + dot.right) / 2.0, axes.x.Pixel(x), 1);
      EXPECT_NEAR((dot.top + dot.bottom) / 2.0, axes.y.Pixel(y), 1);
      EXPECT_NEAR(dot.Width(), 11, 1);
    }
  }
}

TEST(ScatterPlot, LeavesOutWhatCannotBeDrawn) {
  const double infinite = std::numeric_limits<double>::infinity();
  ScatterPlotOptions options = SmallPlot();
  options.log_x = true;
  for (const double x : {0.0, -1.0, infinite, std::nan("")}) {
    EXPECT_EQ(BlueOf(ScatterPlot({{"a", x, 1, 0}, {"b", 1, 2, 1}}, options)).count, 0) << x;
  }
  EXPECT_EQ(BlueOf(ScatterPlot({}, options)).count, 0);
}

TEST(ScatterPlot, APointAloneStandsInTheMiddle) {
  const Region dot = BlueOf(ScatterPlot({{"", 1e99, -1e99, -5}}, SmallPlot()));
  const PlotAxes axes = AxesOf({1e99, 1e99}, {-1e99, -1e99}, false);
  EXPECT_NEAR((dot.left + dot.right) / 2.0, (axes.x.begin + axes.x.end) / 2.0, 1);
  EXPECT_NEAR((dot.top + dot.bottom) / 2.0, (axes.y.begin + axes.y.end) / 2.0, 1);
}

// Text inside the frame: the labels.
Region LabelsOf(const Image& plot, const PlotAxes& axes) {
  return InkOf(plot, {axes.x.begin + 1, axes.y.end + 1, axes.x.end - axes.x.begin - 1,
                      axes.y.begin - axes.y.end - 1});
}

TEST(ScatterPlot, ALabelStandsBesideItsPoint) {
  const PlotAxes axes = AxesOf({1, 2}, {1, 2}, false);
  EXPECT_EQ(LabelsOf(ScatterPlot({{"", 1, 1}, {"", 2, 2}}, SmallPlot()), axes).count, 0);
  const Region text = LabelsOf(ScatterPlot({{"fdkn", 1, 1}, {"", 2, 2}}, SmallPlot()), axes);
  EXPECT_NEAR(text.left, axes.x.Pixel(1) + 6 + 5, 3);
  EXPECT_NEAR(text.Width(), TextWidth("fdkn", kPlotText), 3);
  EXPECT_NEAR((text.top + text.bottom) / 2.0, axes.y.Pixel(1), 3);
}

TEST(ScatterPlot, ALabelWiderThanThePlotIsCut) {
  const PlotAxes axes = AxesOf({1, 1}, {1, 1}, false);
  const Region text = LabelsOf(ScatterPlot({{std::string(300, 'm'), 1, 1}}, SmallPlot()), axes);
  EXPECT_GT(text.Width(), (axes.x.end - axes.x.begin) * 9 / 10);
  EXPECT_GT(text.left, axes.x.begin + 1);
  EXPECT_LT(text.right, axes.x.end - 1);
}

TEST(ScatterPlot, RefusesATinyPlot) {
  ScatterPlotOptions options;
  options.width = 100;
  EXPECT_THROW(ScatterPlot({}, options), Error);
}

}  // namespace
}  // namespace dkn::figures
