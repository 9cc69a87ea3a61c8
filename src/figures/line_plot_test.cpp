#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "src/figures/figure.h"
#include "src/io/test_files.h"

namespace dkn::figures {
namespace {

struct Box {
  int count = 0;  // pixels of the colour
  int left = 1 << 30, right = -1, top = 1 << 30, bottom = -1;
};

// Where the colour of series `index` stands, in the left half: the legend is in the right one.
Box Find(const Image& plot, int index) {
  constexpr float kColours[2][3] = {{0, 114 / 255.0f, 178 / 255.0f},
                                    {213 / 255.0f, 94 / 255.0f, 0}};
  Box box;
  for (int y = 0; y < plot.height(); ++y) {
    for (int x = 0; x < plot.width() / 2; ++x) {
      float distance = 0;
      for (int c = 0; c < 3; ++c) {
        distance += std::abs(plot(x, y, c) - kColours[index][c]);
      }
      if (distance < 0.1f) {
        ++box.count;
        box.left = std::min(box.left, x);
        box.right = std::max(box.right, x);
        box.top = std::min(box.top, y);
        box.bottom = std::max(box.bottom, y);
      }
    }
  }
  return box;
}

// Marks the ends of the axes with invisible series, so that positions are known.
Image PlotOf(const Series& series, bool log_y) {
  LinePlotOptions options;
  options.width = 400;
  options.height = 300;
  options.log_y = log_y;
  return LinePlot({series, {"", {0, 100}, {1, 100}}}, options);
}

TEST(LinePlot, HasTheSizeAskedFor) {
  LinePlotOptions options;
  options.width = 333;
  options.height = 222;
  const Image plot = LinePlot({{"a", {0, 1}, {0, 1}}}, options);
  EXPECT_EQ(plot.width(), 333);
  EXPECT_EQ(plot.height(), 222);
  EXPECT_EQ(plot.channels(), 3);
  EXPECT_EQ(plot(0, 0, 0), 1.0f);
}

TEST(LinePlot, LinesStandWhereTheDataIs) {
  const Box high = Find(PlotOf({"", {5, 30}, {90, 90}}, false), 0);
  const Box low = Find(PlotOf({"", {5, 30}, {10, 10}}, false), 0);
  ASSERT_GT(high.count, 50);
  ASSERT_GT(low.count, 50);
  EXPECT_LE(high.bottom - high.top, 3);  // level
  // The axis spans 1..100 and 5 % of it on both sides, so 80 units are 80 / 109 of its length.
  const Box mid = Find(PlotOf({"", {5, 30}, {50, 50}}, false), 0);
  EXPECT_NEAR(mid.top - high.top, low.top - mid.top, 2);
  EXPECT_GT(low.top - high.top, 120);
  // Twice as far right, twice as long.
  const Box longer = Find(PlotOf({"", {0, 40}, {50, 50}}, false), 0);
  const Box shorter = Find(PlotOf({"", {0, 20}, {50, 50}}, false), 0);
  EXPECT_NEAR(longer.right - longer.left, 2 * (shorter.right - shorter.left), 6);
}

TEST(LinePlot, LogarithmicAxisMakesRatiosDistances) {
  const Box ten = Find(PlotOf({"", {5, 30}, {10, 10}}, true), 0);
  const Box two = Find(PlotOf({"", {5, 30}, {2, 2}}, true), 0);
  const Box fifty = Find(PlotOf({"", {5, 30}, {50, 50}}, true), 0);
  EXPECT_NEAR(ten.top - fifty.top, two.top - ten.top, 2);  // both a factor of 5
  EXPECT_EQ(Find(PlotOf({"", {5, 30}, {0, -1}}, true), 0).count, 0);
}

TEST(LinePlot, InvalidPointsInterruptTheLine) {
  const double nan = std::nan("");
  const Box whole = Find(PlotOf({"", {0, 10, 20, 30, 40}, {50, 50, 50, 50, 50}}, false), 0);
  const Box broken = Find(PlotOf({"", {0, 10, 20, 30, 40}, {50, 50, nan, 50, 50}}, false), 0);
  EXPECT_GT(broken.count, whole.count / 3);
  EXPECT_LT(broken.count, whole.count * 2 / 3);
  EXPECT_GT(Find(PlotOf({"", {20}, {50}}, false), 0).count, 8);  // a point alone is a dot
}

// How much of the plot is coloured: the sum over its pixels of their saturation.
double Ink(const Image& plot) {
  double ink = 0;
  for (int y = 0; y < plot.height(); ++y) {
    for (int x = 0; x < plot.width(); ++x) {
      const auto [least, most] = std::minmax({plot(x, y, 0), plot(x, y, 1), plot(x, y, 2)});
      ink += most - least;
    }
  }
  return ink;
}

TEST(LinePlot, DrawsInTheColourAndWidthAskedFor) {
  Series series{"", {5, 30}, {50, 50}};
  const int count = Find(LinePlot({series}, {}), 0).count;
  ASSERT_GT(count, 100);
  series.colour = 1;
  EXPECT_EQ(Find(LinePlot({series}, {}), 0).count, 0);
  EXPECT_EQ(Find(LinePlot({series}, {}), 1).count, count);
  const double ink = Ink(LinePlot({series}, {}));
  series.thin = true;
  EXPECT_GT(Ink(LinePlot({series}, {})), 0.3 * ink);
  EXPECT_LT(Ink(LinePlot({series}, {})), 0.7 * ink);
}

TEST(LinePlot, ALegendNamesTheSeries) {
  LinePlotOptions options;
  const Image without = LinePlot({{"", {0, 1}, {1, 0}}}, options);
  const Image with = LinePlot({{"loss", {0, 1}, {1, 0}}}, options);
  double difference = 0;
  for (int y = 0; y < 150; ++y) {
    for (int x = 700; x < 960; ++x) {
      difference += std::abs(with(x, y) - without(x, y));
    }
  }
  EXPECT_GT(difference, 50.0);
}

TEST(LinePlot, SurvivesOddData) {
  LinePlotOptions options;
  const double big = std::numeric_limits<double>::max();
  const double infinite = std::numeric_limits<double>::infinity();
  for (const bool log : {false, true}) {
    options.log_y = log;
    EXPECT_NO_THROW(LinePlot({}, options));
    EXPECT_NO_THROW(LinePlot({{"a", {}, {}}}, options));
    EXPECT_NO_THROW(LinePlot({{"a", {1}, {5}}}, options));
    EXPECT_NO_THROW(LinePlot({{"a", {0, 1, 2}, {infinite, big, -big}}}, options));
    EXPECT_NO_THROW(LinePlot({{"a", {0, 1, 2}, {1e99, -1e99, 1e-99}}}, options));
    EXPECT_NO_THROW(LinePlot({{"a", {1e18, 1e18 + 1000}, {1e18, 1e18 + 1000}}}, options));
    EXPECT_NO_THROW(LinePlot({{"a", {0, 1}, {1e-99, 2e-99}}}, options));
  }
}

TEST(LinePlot, RefusesBadInput) {
  LinePlotOptions options;
  EXPECT_THROW(LinePlot({{"a", {1, 2}, {1}}}, options), Error);
  options.width = 50;
  EXPECT_THROW(LinePlot({}, options), Error);
}

}  // namespace
}  // namespace dkn::figures
