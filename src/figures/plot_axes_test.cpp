#include "src/figures/plot_axes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <utility>

#include "src/figures/test_canvas.h"

namespace dkn::figures {
namespace {

using testing::DoubleEq;
using testing::Pointwise;

Axis AxisOf(double low, double high, bool log = false) {
  Axis axis;
  axis.low = low;
  axis.high = high;
  axis.log = log;
  return axis;
}

std::vector<double> Values(const std::vector<Tick>& ticks) {
  std::vector<double> values;
  for (const Tick& tick : ticks) {
    values.push_back(tick.value);
  }
  return values;
}

TEST(RoundTicks, AreRoundAndInside) {
  EXPECT_THAT(RoundTicks(0, 1, 5), Pointwise(DoubleEq(), {0.0, 0.2, 0.4, 0.6, 0.8, 1.0}));
  EXPECT_THAT(RoundTicks(-37, 101, 4), Pointwise(DoubleEq(), {0.0, 50.0, 100.0}));
  EXPECT_THAT(RoundTicks(1e-99, 2e-99, 2), Pointwise(DoubleEq(), {1e-99, 1.5e-99, 2e-99}));
  EXPECT_FALSE(std::signbit(RoundTicks(-1, 1, 2)[1]));
}

TEST(RoundTicks, DifferWhereDoublesEnd) {
  for (const double high : {std::nextafter(1e18, 2e18), 1e18 + 1000}) {
    const std::vector<double> ticks = RoundTicks(1e18, high, 6);
    EXPECT_EQ(std::set<double>(ticks.begin(), ticks.end()).size(), ticks.size());
  }
}

TEST(Span, LeavesRoomOnBothSides) {
  Axis axis;
  Span({10, 30}, 0.05, axis);
  EXPECT_DOUBLE_EQ(axis.low, 9);
  EXPECT_DOUBLE_EQ(axis.high, 31);
  Span({5, 5}, 0.05, axis);  // of one value
  EXPECT_DOUBLE_EQ(axis.low, 2.5);
  EXPECT_DOUBLE_EQ(axis.high, 7.5);
  Span({}, 0.05, axis);
  EXPECT_DOUBLE_EQ(axis.low, -0.05);
  EXPECT_DOUBLE_EQ(axis.high, 1.05);
}

TEST(PlaceAxes, LogarithmicTicksStandAtTheDecades) {
  const PlotAxes few = PlaceAxes(AxisOf(0, 1), AxisOf(-0.01, 2.01, true), 800, 600);
  EXPECT_THAT(Values(few.y_ticks), Pointwise(DoubleEq(), {1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0}));
  const PlotAxes some = PlaceAxes(AxisOf(0, 1), AxisOf(-3.2, 5.4, true), 800, 250);
  const std::vector<Tick>& ticks = some.y_ticks;
  ASSERT_EQ(ticks.size(), 9u);
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    EXPECT_DOUBLE_EQ(ticks[i].value, std::pow(10.0, static_cast<double>(i) - 3));
    const double share = (static_cast<double>(i) - 3 + 3.2) / 8.6;
    EXPECT_NEAR(ticks[i].place, some.y.begin + share * (some.y.end - some.y.begin), 0.51);
  }
  // So many decades that their numbers would cover each other.
  const PlotAxes many = PlaceAxes(AxisOf(0, 1), AxisOf(-99, 99, true), 800, 300);
  ASSERT_GT(many.y_ticks.size(), 5u);
  const double ratio = std::log10(many.y_ticks[1].value / many.y_ticks[0].value);
  for (const Tick& tick : many.y_ticks) {
    EXPECT_NEAR(std::remainder(std::log10(tick.value), ratio), 0, 1e-9) << tick.value;
  }
}

TEST(PlaceAxes, LargestAndLeastValuesStandAtTheEnds) {
  const PlotAxes axes = PlaceAxes(AxisOf(10, 20), AxisOf(0, 2, true), 500, 300);
  EXPECT_DOUBLE_EQ(axes.x.Pixel(10), axes.x.begin);
  EXPECT_DOUBLE_EQ(axes.x.Pixel(20), axes.x.end);
  EXPECT_DOUBLE_EQ(axes.y.Pixel(1), axes.y.begin);
  EXPECT_DOUBLE_EQ(axes.y.Pixel(100), axes.y.end);
  EXPECT_DOUBLE_EQ(axes.y.Pixel(10), (axes.y.begin + axes.y.end) / 2.0);
  EXPECT_LT(axes.x.begin, axes.x.end);
  EXPECT_GT(axes.y.begin, axes.y.end);  // up is more
}

TEST(PlaceAxes, NumbersStandApartInsideTheCanvas) {
  const Axis choices[] = {AxisOf(0, 1),           AxisOf(-1e18, 1e18),   AxisOf(1e6, 1e6 + 10),
                          AxisOf(0, 123456789),   AxisOf(-1e-7, 1e-7),   AxisOf(-99, 99, true),
                          AxisOf(0.1, 0.9, true), AxisOf(-2.5, 4, true), AxisOf(-12345.6, 9)};
  for (const Axis& x : choices) {
    for (const Axis& y : choices) {
      for (const auto& [width, height] : {std::pair{960, 600}, {400, 300}, {240, 150}}) {
        const PlotAxes axes = PlaceAxes(x, y, width, height);
        ASSERT_LT(axes.x.begin, axes.x.end);
        std::vector<PixelBox> boxes;
        for (const auto* ticks : {&axes.x_ticks, &axes.y_ticks}) {
          EXPECT_FALSE(ticks->empty()) << x.low << " " << y.low << " " << width;
          for (const Tick& tick : *ticks) {
            boxes.push_back(tick.box);
          }
        }
        for (std::size_t i = 0; i < boxes.size(); ++i) {
          EXPECT_EQ(Intersection(boxes[i], {0, 0, width, height}), boxes[i]);
          for (std::size_t j = 0; j < i; ++j) {
            EXPECT_EQ(Area(Intersection(boxes[i], boxes[j])), 0)
                << x.low << ".." << x.high << " " << y.low << ".." << y.high << " " << width;
          }
        }
      }
    }
  }
}

TEST(PlaceAxes, NumbersTellTicksApart) {
  const PlotAxes axes = PlaceAxes(AxisOf(1e6, 1e6 + 10), AxisOf(0, 1), 960, 600);
  ASSERT_GE(axes.x_ticks.size(), 5u);
  EXPECT_EQ(axes.x_ticks[1].text, "1000002");
  EXPECT_THAT(axes.y_ticks[0].text, "0");
}

TEST(DrawAxes, DrawsFrameGridMarksAndNumbers) {
  const PlotAxes axes = PlaceAxes(AxisOf(0, 4), AxisOf(0, 1), 500, 300);
  Canvas canvas(500, 300);
  DrawAxes(canvas, axes, {"the x", "the y"});
  const Image image = canvas.ToImage();
  for (const Tick& tick : axes.y_ticks) {
    EXPECT_EQ(PixelOf(image, axes.x.begin + 3, tick.place),
              tick.value == 0 || tick.value == 1 ? Grey(90) : Grey(225));
    EXPECT_EQ(PixelOf(image, axes.x.begin - 3, tick.place), Grey(90));
    const Region ink = InkOf(image, tick.box);
    EXPECT_GE(ink.Width(), tick.box.width / 3) << tick.text;  // a 1 is narrow
    EXPECT_GE(ink.Height(), kPlotText - 2) << tick.text;
  }
  for (const Tick& tick : axes.x_ticks) {
    EXPECT_EQ(PixelOf(image, tick.place, axes.y.begin + 4), Grey(90));
    EXPECT_GE(InkOf(image, tick.box).Width(), tick.box.width / 3) << tick.text;
  }
  for (const auto& [x, y] : {std::pair{axes.x.begin, axes.y.begin}, {axes.x.end, axes.y.end}}) {
    EXPECT_EQ(PixelOf(image, x, y), Grey(90));
  }
  EXPECT_GT(InkOf(image, {0, 0, 200, 2 * kPlotPad}).Width(), TextWidth("the y", kPlotText) - 4);
  const Region label = InkOf(image, {0, 300 - 2 * kPlotPad, 500, 2 * kPlotPad});
  EXPECT_NEAR((label.left + label.right) / 2, (axes.x.begin + axes.x.end) / 2, 3);
}

}  // namespace
}  // namespace dkn::figures
