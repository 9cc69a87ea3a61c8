#include "src/figures/scatter_plot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "dkn/error.h"

namespace dkn::figures {
namespace {

ScatterPlotOptions SmallPlot() {
  ScatterPlotOptions options;
  options.width = 400;
  options.height = 300;
  return options;
}

// The middle of the pixels in the first colour of PlotColour; -1, -1 when there are none.
struct Spot {
  double x = -1;
  double y = -1;
};
Spot FindBlue(const Image& plot) {
  double count = 0;
  Spot sum{0, 0};
  for (int y = 0; y < plot.height(); ++y) {
    for (int x = 0; x < plot.width(); ++x) {
      if (std::abs(plot(x, y, 0)) + std::abs(plot(x, y, 1) - 114 / 255.0f) +
              std::abs(plot(x, y, 2) - 178 / 255.0f) <
          0.1f) {
        ++count;
        sum.x += x;
        sum.y += y;
      }
    }
  }
  return count > 0 ? Spot{sum.x / count, sum.y / count} : Spot{};
}

// Where the first point stands, between others of another colour that hold the axes.
Spot SpotOf(double x, double y, bool log_x) {
  ScatterPlotOptions options = SmallPlot();
  options.log_x = log_x;
  return FindBlue(ScatterPlot({{"", x, y, 0}, {"", 1, 1, 1}, {"", 100, 3, 1}}, options));
}

TEST(ScatterPlot, PointsStandWhereTheyBelong) {
  const Spot middle = SpotOf(50.5, 2, false);
  const Spot right = SpotOf(90, 2.5, false);
  EXPECT_NEAR(right.x - middle.x, 39.5 / 99 * (400 - 80) / 1.16, 12);
  EXPECT_LT(right.y, middle.y);  // larger is higher
  // A logarithmic axis has 10 half-way from 1 to 100.
  EXPECT_NEAR(SpotOf(10, 2, true).x, middle.x, 1.0);
}

TEST(ScatterPlot, LeavesOutWhatCannotBeDrawn) {
  const double infinite = std::numeric_limits<double>::infinity();
  ScatterPlotOptions options = SmallPlot();
  options.log_x = true;
  for (const double x : {0.0, -1.0, infinite, std::nan("")}) {
    EXPECT_EQ(FindBlue(ScatterPlot({{"a", x, 1, 0}, {"b", 1, 2, 1}}, options)).x, -1) << x;
  }
  EXPECT_NO_THROW(ScatterPlot({}, options));
  EXPECT_NO_THROW(ScatterPlot({{"a", 1e99, -1e99, -5}}, options));
}

TEST(ScatterPlot, LabelsAreDrawn) {
  const Image without = ScatterPlot({{"", 1, 1}, {"", 2, 2}}, SmallPlot());
  const Image with = ScatterPlot({{"fdkn", 1, 1}, {"", 2, 2}}, SmallPlot());
  double ink = 0;
  for (std::size_t i = 0; i < with.size(); ++i) {
    ink += without.data()[i] - with.data()[i];
  }
  EXPECT_GT(ink, 50);
  // One that is wider than the plot is cut.
  EXPECT_NO_THROW(ScatterPlot({{std::string(300, 'm'), 1, 1}}, SmallPlot()));
}

TEST(ScatterPlot, RefusesATinyPlot) {
  ScatterPlotOptions options;
  options.width = 100;
  EXPECT_THROW(ScatterPlot({}, options), Error);
}

}  // namespace
}  // namespace dkn::figures
