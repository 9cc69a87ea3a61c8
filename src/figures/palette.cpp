#include "src/figures/palette.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace dkn::figures {
namespace {

using Colours = std::array<Colour, kPaletteSteps>;

// A colour in CIELAB, white point D65: equal distances look about equally different.
struct Lab {
  double l = 0;  // 0 black, 100 white
  double a = 0;  // green to red
  double b = 0;  // blue to yellow
};

double Distance(const Lab& p, const Lab& q) {
  return std::sqrt((p.l - q.l) * (p.l - q.l) + (p.a - q.a) * (p.a - q.a) +
                   (p.b - q.b) * (p.b - q.b));
}

// CIE 15 and IEC 61966-2-1. What sRGB cannot show is limited to it.
Colour ToSrgb(const Lab& lab) {
  const auto linear = [](double t) {
    constexpr double kKnee = 6.0 / 29.0;
    return t > kKnee ? t * t * t : 3 * kKnee * kKnee * (t - 4.0 / 29.0);
  };
  const double f = (lab.l + 16) / 116;
  const double x = 0.95047 * linear(f + lab.a / 500);
  const double y = linear(f);
  const double z = 1.08883 * linear(f - lab.b / 200);
  const auto byte = [](double v) {
    const double share = v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
    return ToByte(static_cast<float>(share));
  };
  return {byte(3.2406 * x - 1.5372 * y - 0.4986 * z), byte(-0.9689 * x + 1.8758 * y + 0.0415 * z),
          byte(0.0557 * x - 0.2040 * y + 1.0570 * z)};
}

// A smooth curve (Catmull and Rom, 1974) through the points, at equal steps; `share` is of its
// whole, 0 to 1.
Lab CurveAt(std::span<const Lab> points, double share) {
  const int last = static_cast<int>(points.size()) - 1;
  const int i = std::clamp(static_cast<int>(share * last), 0, last - 1);
  const double t = share * last - i;
  const auto at = [&](int k) { return points[static_cast<std::size_t>(std::clamp(k, 0, last))]; };
  const Lab p[] = {at(i - 1), at(i), at(i + 1), at(i + 2)};
  const auto blend = [&](double Lab::*part) {
    const double slope = (p[2].*part - p[0].*part) / 2;
    const double next_slope = (p[3].*part - p[1].*part) / 2;
    const double rise = p[2].*part - p[1].*part;
    return p[1].*part + t * (slope + t * (3 * rise - 2 * slope - next_slope +
                                          t * (slope + next_slope - 2 * rise)));
  };
  return {blend(&Lab::l), blend(&Lab::a), blend(&Lab::b)};
}

// The curve at steps that are equal in `measure(from, to)` between near colours.
template <typename Measure>
Colours EqualSteps(std::span<const Lab> points, const Measure& measure) {
  constexpr int kFine = 4096;
  std::vector<double> sums{0.0};
  for (int i = 1; i <= kFine; ++i) {
    sums.push_back(sums.back() + measure(CurveAt(points, (i - 1.0) / kFine),
                                         CurveAt(points, i / static_cast<double>(kFine))));
  }
  Colours colours;
  for (int step = 0; step < kPaletteSteps; ++step) {
    const double wanted = sums.back() * step / (kPaletteSteps - 1);
    const auto place = std::lower_bound(sums.begin(), sums.end() - 1, wanted);
    colours[static_cast<std::size_t>(step)] =
        ToSrgb(CurveAt(points, static_cast<double>(place - sums.begin()) / kFine));
  }
  return colours;
}

// Dark blue, light in the middle, dark red: neighbouring steps are equally different, so that no
// edge of the map stands out that is none of the values.
Colours Spectrum() {
  constexpr Lab kPoints[] = {{22, 30, -50},  {42, 22, -62}, {60, -10, -42},
                             {74, -32, -14}, {83, -40, 35}, {88, -14, 72},
                             {76, 24, 68},   {56, 56, 50},  {32, 48, 32}};
  return EqualSteps(kPoints, Distance);
}

// Black through purple, red and orange to pale yellow; lightness is proportional to the value.
Colours Glow() {
  constexpr Lab kPoints[] = {{0, 0, 0},    {20, 32, -38}, {38, 52, -12}, {54, 58, 30},
                             {72, 30, 62}, {86, 2, 66},   {97, -3, 22}};
  return EqualSteps(kPoints, [](const Lab& from, const Lab& to) { return to.l - from.l; });
}

// Each half is linear between its ends.
Colours Diverging() {
  constexpr double kBlue[] = {20, 50, 120};
  constexpr double kWhite = 248;
  constexpr double kRed[] = {140, 15, 25};
  Colours colours;
  for (int i = 0; i < kPaletteSteps; ++i) {
    const double side = (i - 127.5) / 127.5;
    const auto part = [&](int c) {
      return static_cast<std::uint8_t>(
          std::lround(kWhite + std::abs(side) * ((side < 0 ? kBlue : kRed)[c] - kWhite)));
    };
    colours[static_cast<std::size_t>(i)] = {part(0), part(1), part(2)};
  }
  return colours;
}

}  // namespace

const Colours& PaletteColours(Palette palette) {
  static const Colours kSpectrum = Spectrum();
  static const Colours kGlow = Glow();
  static const Colours kDiverging = Diverging();
  return palette == Palette::kSpectrum ? kSpectrum : palette == Palette::kGlow ? kGlow : kDiverging;
}

}  // namespace dkn::figures
