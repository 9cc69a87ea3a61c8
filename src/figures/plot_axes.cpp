#include "src/figures/plot_axes.h"

#include <algorithm>
#include <iterator>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"

namespace dkn::figures {
namespace {

constexpr int kText = kPlotText;
constexpr int kTick = 5;      // length of a tick mark
constexpr int kTickText = 4;  // pixels between the mark and its number
constexpr int kMargin = 2;    // pixels between texts and the canvas's border

// The powers of ten inside the axis whose exponent is a multiple of `every`, and each `digits`
// times.
std::vector<double> PowerTicks(const Axis& axis, int every, const std::vector<double>& digits) {
  std::vector<double> ticks;
  for (double power = std::floor(axis.low / every) * every; power <= axis.high; power += every) {
    for (const double digit : digits) {
      const double value = digit * std::pow(10.0, power);
      if (std::log10(value) >= axis.low && std::log10(value) <= axis.high) {
        ticks.push_back(value);
      }
    }
  }
  return ticks;
}

// Values for ticks, the most first.
std::vector<std::vector<double>> TickChoices(const Axis& axis, int most) {
  std::vector<std::vector<double>> choices;
  if (axis.log && axis.high - axis.low >= 1) {
    choices.push_back(PowerTicks(axis, 1, {1, 2, 5}));
    for (const int every : {1, 2, 5, 10, 20, 50, 100}) {
      choices.push_back(PowerTicks(axis, every, {1}));
    }
    return choices;
  }
  const double low = axis.log ? std::pow(10.0, axis.low) : axis.low;
  const double high = axis.log ? std::pow(10.0, axis.high) : axis.high;
  for (int count = most; count >= 1; --count) {
    choices.push_back(RoundTicks(low, high, count));
  }
  return choices;
}

std::vector<std::string> TickTexts(const std::vector<double>& values) {
  std::vector<std::string> texts;
  for (int digits = 6; digits <= 10; ++digits) {
    texts.clear();
    for (const double value : values) {
      texts.push_back(DigitsText(value, digits));
    }
    if (std::adjacent_find(texts.begin(), texts.end()) == texts.end()) {
      break;
    }
  }
  return texts;
}

std::vector<Tick> MakeTicks(const std::vector<double>& values, const Axis& axis) {
  const std::vector<std::string> texts = TickTexts(values);
  std::vector<Tick> ticks;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int place = static_cast<int>(std::lround(axis.Pixel(values[i])));
    ticks.push_back({values[i], texts[i], place, {}});
  }
  return ticks;
}

// The first of the choices that `place_texts` gives places apart, or the last.
template <typename PlaceTexts>
std::vector<Tick> ChooseTicks(const Axis& axis, int most, int gap, const PlaceTexts& place_texts) {
  std::vector<Tick> ticks;
  for (const std::vector<double>& values : TickChoices(axis, most)) {
    if (values.empty() && !ticks.empty()) {
      break;  // rather too many than none
    }
    ticks = MakeTicks(values, axis);
    for (Tick& tick : ticks) {
      place_texts(tick);
    }
    const auto collide = [gap](const Tick& a, const Tick& b) {
      const PixelBox wide{a.box.x - gap, a.box.y - gap, a.box.width + 2 * gap,
                          a.box.height + 2 * gap};
      return Area(Intersection(wide, b.box)) > 0;
    };
    if (std::adjacent_find(ticks.begin(), ticks.end(), collide) == ticks.end()) {
      break;
    }
  }
  return ticks;
}

}  // namespace

Colour PlotColour(std::size_t index) {
  constexpr Colour kColours[] = {{0, 114, 178}, {213, 94, 0},   {0, 158, 115}, {204, 121, 167},
                                 {230, 159, 0}, {86, 180, 233}, {0, 0, 0}};
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
  ticks.erase(std::unique(ticks.begin(), ticks.end()), ticks.end());  // where doubles end
  return ticks;
}

PlotAxes PlaceAxes(const Axis& x, const Axis& y, int width, int height) {
  PlotAxes axes{x, y, {}, {}};
  axes.y.begin = height - 2 * kPlotPad - kTick - 3 * kText;
  axes.y.end = 2 * kPlotPad + kText;
  int widest = 0;
  axes.y_ticks = ChooseTicks(axes.y, height / 40, kText / 2, [](Tick& tick) {
    tick.box = {0, tick.place - kText / 2, TextWidth(tick.text, kText), kText};
  });
  for (const Tick& tick : axes.y_ticks) {
    widest = std::max(widest, tick.box.width);
  }
  axes.x.begin = kPlotPad + widest + kTickText + kTick;
  axes.x.end = width - 2 * kPlotPad - kText;
  for (Tick& tick : axes.y_ticks) {
    tick.box.x = axes.x.begin - kTick - kTickText - tick.box.width;
  }
  const int row = axes.y.begin + kTick + kTickText;
  axes.x_ticks = ChooseTicks(axes.x, width / 110, kPlotPad, [&](Tick& tick) {
    const int text_width = TextWidth(tick.text, kText);
    const int left = std::clamp(tick.place - text_width / 2, kMargin,
                                std::max(kMargin, width - kMargin - text_width));
    tick.box = {left, row, text_width, kText + 1};
  });
  return axes;
}

void DrawAxes(Canvas& canvas, const PlotAxes& axes, const PlotLabels& labels) {
  constexpr Colour kGrid = Grey(225);
  constexpr Colour kFrame = Grey(90);
  const Axis& x = axes.x;
  const Axis& y = axes.y;
  const int columns = x.end - x.begin + 1;
  const int rows = y.begin - y.end + 1;
  const auto draw_text = [&](const Tick& tick) {
    canvas.Text(tick.text, tick.box.x, tick.box.y + kText, kText, Align::kLeft);
  };
  for (const Tick& tick : axes.y_ticks) {
    canvas.FillBox({x.begin, tick.place, columns, 1}, kGrid);
    canvas.FillBox({x.begin - kTick, tick.place, kTick, 1}, kFrame);
    draw_text(tick);
  }
  for (const Tick& tick : axes.x_ticks) {
    canvas.FillBox({tick.place, y.end, 1, rows}, kGrid);
    canvas.FillBox({tick.place, y.begin, 1, kTick + 1}, kFrame);
    draw_text(tick);
  }
  canvas.FrameBox({x.begin, y.end, columns, rows}, 0, 1, kFrame);
  const int room = canvas.width() - 2 * kPlotPad;
  const std::string x_label = FitText(labels.x, room, kText);
  const int half = (TextWidth(x_label, kText) + 1) / 2;
  canvas.Text(
      x_label,
      std::max(kPlotPad + half, std::min((x.begin + x.end) / 2, canvas.width() - kPlotPad - half)),
      canvas.height() - kPlotPad, kText, Align::kCentre);
  canvas.Text(FitText(labels.y, room, kText), kPlotPad, kPlotPad + kText, kText, Align::kLeft);
}

void CheckPlotSize(int width, int height) {
  if (width < 200 || height < 150) {
    throw Error("a plot of " + SizeText(width, height) + " pixels, expected at least 200 x 150");
  }
}

}  // namespace dkn::figures
