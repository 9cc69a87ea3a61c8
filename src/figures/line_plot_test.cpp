#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/figures/figure.h"
#include "src/figures/plot_axes.h"
#include "src/figures/test_canvas.h"

namespace dkn::figures {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int kWidth = 400;
constexpr int kHeight = 300;

LinePlotOptions Small(bool log_y = false) {
  LinePlotOptions options;
  options.width = kWidth;
  options.height = kHeight;
  options.log_y = log_y;
  return options;
}

// Where a small plot has its axes when its points span these ranges.
PlotAxes AxesOf(Range xs, Range ys, bool log_y = false) {
  Axis x;
  Axis y;
  y.log = log_y;
  Span(xs, 0.0, x);
  Span(log_y ? Range{std::log10(ys.low), std::log10(ys.high)} : ys, 0.05, y);
  return PlaceAxes(x, y, kWidth, kHeight);
}

bool IsColoured(Colour pixel) {
  return !IsNear(pixel, Grey(pixel.green), 8);
}

PixelBox Column(int x) {
  return {x, 0, 1, kHeight};
}

// How many pixels of the column a colour covers, pixels in part by their part.
double Cover(const Image& plot, int x, Colour colour) {
  double cover = 0;
  for (int y = 0; y < kHeight; ++y) {
    const Colour pixel = PixelOf(plot, x, y);
    cover += IsColoured(pixel) ? (255.0 - pixel.red) / (255.0 - colour.red) : 0.0;
  }
  return cover;
}

// The line from (x0, y0) to (x1, y1), in pixels, has this colour, and the pixels above it have not.
void ExpectLine(const Image& plot, double x0, double y0, double x1, double y1, Colour colour) {
  for (int i = 1; i < 10; ++i) {
    const int x = static_cast<int>(std::lround(x0 + (x1 - x0) * i / 10));
    const double y = y0 + (y1 - y0) * (x - x0) / (x1 - x0);
    const int row = static_cast<int>(std::lround(y));
    EXPECT_TRUE(IsNear(PixelOf(plot, x, row), colour, 70)) << x << " " << row;
    const double slope = (y1 - y0) / (x1 - x0);
    const int far = static_cast<int>(std::ceil(3 * std::sqrt(1 + slope * slope)));
    EXPECT_FALSE(IsColoured(PixelOf(plot, x, row - far))) << x << " " << row - far;
  }
}

TEST(LinePlot, LinesRunThroughTheirPoints) {
  const std::vector<double> xs{0, 10, 30, 40};
  for (const bool log : {false, true}) {
    const std::vector<double> ys{1, 60, 2, 100};
    const PlotAxes axes = AxesOf({0, 40}, {1, 100}, log);
    const Image plot = LinePlot({{"", xs, ys}}, Small(log));
    ASSERT_EQ(plot.width(), kWidth);
    ASSERT_EQ(plot.height(), kHeight);
    for (std::size_t i = 1; i < xs.size(); ++i) {
      ExpectLine(plot, axes.x.Pixel(xs[i - 1]), axes.y.Pixel(ys[i - 1]), axes.x.Pixel(xs[i]),
                 axes.y.Pixel(ys[i]), PlotColour(0));
    }
  }
}

TEST(LinePlot, DrawsInTheColoursAskedFor) {
  const Series low{"", {0, 10}, {1, 1}};
  Series middle{"", {0, 10}, {2, 2}};
  const Series high{"", {0, 10}, {3, 3}, 4};
  middle.colour = 6;
  const PlotAxes axes = AxesOf({0, 10}, {1, 3});
  const Image plot = LinePlot({low, high, middle}, Small());
  const int x = static_cast<int>(axes.x.Pixel(4.5));
  const Colour expected[] = {PlotColour(0), kBlack, PlotColour(4)};
  for (int i = 0; i < 3; ++i) {
    const int row = static_cast<int>(std::lround(axes.y.Pixel(i + 1)));
    EXPECT_TRUE(IsNear(PixelOf(plot, x, row), expected[i], 3)) << i;
  }
}

TEST(LinePlot, LinesAreTwoPixelsThickAndThinOnesOne) {
  Series series{"", {0, 10}, {1, 1}};
  const Series other{"", {0, 10}, {3, 3}, 6};  // black: holds the axes
  const int x = static_cast<int>(AxesOf({0, 10}, {1, 3}).x.Pixel(4.5));
  EXPECT_NEAR(Cover(LinePlot({series, other}, Small()), x, PlotColour(0)), 2.0, 0.1);
  series.thin = true;
  EXPECT_NEAR(Cover(LinePlot({series, other}, Small()), x, PlotColour(0)), 1.0, 0.1);
}

TEST(LinePlot, PointsThatCannotBeDrawnLeaveGaps) {
  const PlotAxes axes = AxesOf({0, 40}, {1, 100}, true);
  for (const double bad : {kNan, HUGE_VAL, -HUGE_VAL, 1e200, 0.0, -5.0}) {
    const Image plot = LinePlot({{"", {0, 10, 20, 30, 40}, {1, 1, bad, 100, 100}}}, Small(true));
    for (int x = axes.x.begin + 2; x < axes.x.end - 2; ++x) {
      const bool gap = x > axes.x.Pixel(10) + 2 && x < axes.x.Pixel(30) - 2;
      const bool line = x < axes.x.Pixel(10) || x > axes.x.Pixel(30);
      const int count = FindPixels(plot, Column(x), IsColoured).count;
      EXPECT_TRUE(gap ? count == 0 : !line || count >= 2) << bad << " " << x << " " << count;
    }
  }
}

TEST(LinePlot, APointAloneIsADot) {
  // Between points that cannot be drawn.
  const Series series{"", {0, 5, 10}, {kNan, 2, kNan}};
  const Series other{"", {0, 10}, {1, 3}, 6};
  const PlotAxes axes = AxesOf({0, 10}, {1, 3});
  const Region dot = FindPixels(LinePlot({other, series}, Small()), {0, 0, kWidth, kHeight},
                                [](Colour pixel) { return IsNear(pixel, PlotColour(1), 40); });
  EXPECT_NEAR((dot.left + dot.right) / 2.0, axes.x.Pixel(5), 1);
  EXPECT_NEAR((dot.top + dot.bottom) / 2.0, axes.y.Pixel(2), 1);
  EXPECT_NEAR(dot.Width(), 7, 1);
  EXPECT_NEAR(dot.Height(), 7, 1);
}

TEST(LinePlot, ALegendNamesTheLabelledSeries) {
  // All lines lie at the bottom, so that colour elsewhere is the legend's.
  const std::vector<Series> series = {
      {"loss", {0, 1}, {0, 0}}, {"", {0, 1}, {0, 0}}, {"validation", {0, 1}, {0, 0}}};
  const Image plot = LinePlot(series, Small());
  const PixelBox top{0, 0, kWidth, kHeight / 3};
  const auto find = [&](std::size_t i) {
    return FindPixels(plot, top, [&](Colour pixel) { return IsNear(pixel, PlotColour(i), 8); });
  };
  const Region first = find(0);
  const Region third = find(2);
  EXPECT_EQ(find(1).count, 0);
  EXPECT_EQ(third.top - first.top, 2 * kPlotText);
  for (const Region& line : {first, third}) {
    EXPECT_NEAR(line.Width(), 29, 2);
    EXPECT_LE(line.Height(), 3);
  }
  const auto text = [&](const Region& line) {
    return InkOf(plot,
                 {line.right + 3, line.top - kPlotText, kWidth - 40 - line.right, 2 * kPlotText});
  };
  EXPECT_NEAR(text(first).Width(), TextWidth("loss", kPlotText), 4);
  EXPECT_NEAR(text(third).Width(), TextWidth("validation", kPlotText), 4);
}

TEST(LinePlot, ALongLabelStaysInside) {
  const Image plot = LinePlot({{std::string(500, 'm'), {0, 1}, {0, 0}}}, Small());
  const PlotAxes axes = AxesOf({0, 1}, {0, 0});
  const Region text =
      InkOf(plot, {axes.x.begin + 1, axes.y.end + 1, axes.x.end - axes.x.begin - 1, kHeight / 3});
  EXPECT_GT(text.left, axes.x.begin + kPlotPad);
  EXPECT_LT(text.right, axes.x.end - kPlotPad);
  EXPECT_GT(text.Width(), (axes.x.end - axes.x.begin) / 2);
}

// Without any point the axes span 0..1.
TEST(LinePlot, NothingToDrawLeavesEmptyAxes) {
  const double big = std::numeric_limits<double>::max();
  Axis y;
  Span({}, 0.05, y);
  Canvas canvas(kWidth, kHeight);
  DrawAxes(canvas, PlaceAxes(Axis(), y, kWidth, kHeight), {});
  const Image empty = canvas.ToImage();
  for (const Series& series : {Series{"", {}, {}}, Series{"", {0, 1, 2}, {HUGE_VAL, big, -big}},
                               Series{"", {kNan, HUGE_VAL}, {1, 2}}}) {
    const Image plot = LinePlot({series}, Small());
    EXPECT_TRUE(std::equal(plot.data(), plot.data() + plot.size(), empty.data()));
  }
}

TEST(LinePlot, ExtremeValuesStandInTheirPlaces) {
  const auto expect_diagonal = [](const Series& series, const PlotAxes& axes, bool log) {
    const Image plot = LinePlot({series}, Small(log));
    for (std::size_t i = 1; i < series.xs.size(); ++i) {
      ExpectLine(plot, axes.x.Pixel(series.xs[i - 1]), axes.y.Pixel(series.ys[i - 1]),
                 axes.x.Pixel(series.xs[i]), axes.y.Pixel(series.ys[i]), PlotColour(0));
    }
  };
  expect_diagonal({"", {0, 1, 2}, {1e99, -1e99, 1e-99}}, AxesOf({0, 2}, {-1e99, 1e99}), false);
  expect_diagonal({"", {0, 1, 2}, {1e99, 1, 1e-99}}, AxesOf({0, 2}, {1e-99, 1e99}, true), true);
  expect_diagonal({"", {0, 1}, {1e-99, 2e-99}}, AxesOf({0, 1}, {1e-99, 2e-99}, true), true);
  expect_diagonal({"", {1e18, 1e18 + 1024}, {1e18, 1e18 + 1024}},
                  AxesOf({1e18, 1e18 + 1024}, {1e18, 1e18 + 1024}), false);
}

TEST(LinePlot, RefusesBadInput) {
  LinePlotOptions options;
  EXPECT_THROW(LinePlot({{"a", {1, 2}, {1}}}, options), Error);
  options.width = 50;
  EXPECT_THROW(LinePlot({}, options), Error);
}

}  // namespace
}  // namespace dkn::figures
