#include "src/synth/texture.h"

#include <algorithm>
#include <cmath>

#include "src/core/random.h"

namespace dkn {
namespace {

// A random number of [0, 1) for each cell of the integer grid.
double CellValue(std::uint64_t seed, double i, double j) {
  const auto a = static_cast<std::uint64_t>(static_cast<std::int64_t>(i));
  const auto b = static_cast<std::uint64_t>(static_cast<std::int64_t>(j));
  return UnitInterval(Hash(Hash(Hash(seed) + a) + b));
}

double Fraction(double x) {
  return x - std::floor(x);
}

double Smooth(double t) {
  return t * t * (3.0 - 2.0 * t);
}

// 0 below `low`, 1 above `high`, smooth between.
double Ramp(double low, double high, double x) {
  return Smooth(std::clamp((x - low) / (high - low), 0.0, 1.0));
}

// Smooth random values of [0, 1), one period per unit.
double ValueNoise(std::uint64_t seed, double x, double y) {
  const double i = std::floor(x);
  const double j = std::floor(y);
  const double s = Smooth(x - i);
  const double t = Smooth(y - j);
  const double top = (1.0 - s) * CellValue(seed, i, j) + s * CellValue(seed, i + 1.0, j);
  const double bottom =
      (1.0 - s) * CellValue(seed, i, j + 1.0) + s * CellValue(seed, i + 1.0, j + 1.0);
  return (1.0 - t) * top + t * bottom;
}

// Four octaves of noise, each at half the amplitude of the one before; in [0, 1).
double Clouds(std::uint64_t seed, double x, double y) {
  double sum = 0.0;
  double amplitude = 8.0 / 15.0;
  for (std::uint64_t octave = 0; octave < 4; ++octave) {
    sum += amplitude * ValueNoise(seed + octave, x, y);
    amplitude *= 0.5;
    x *= 2.0;
    y *= 2.0;
  }
  return sum;
}

Vec3 Planks(const Texture& t, double u, double v) {
  const double row = std::floor(v / t.size);
  const double length = 8.0 * t.size;
  const double along = u / length + CellValue(t.seed, row, 1e6);
  const double board = std::floor(along);
  const double across = Fraction(v / t.size);
  const double edge = std::min(std::min(across, 1.0 - across) * t.size,
                               std::min(Fraction(along), 1.0 - Fraction(along)) * length);
  const double tone = CellValue(t.seed + 1, board, row);
  const double grain = Clouds(t.seed + 2 + static_cast<std::uint64_t>(tone * 1e6), 2.5 * u,
                              40.0 * v + 2.0 * ValueNoise(t.seed + 3, 3.0 * u, 8.0 * v));
  const Vec3 wood = Mix(t.first, t.second, 0.65 * grain + 0.35 * tone - 0.1);
  return (0.35 + 0.65 * Ramp(0.0, 0.006, edge)) * wood;
}

// Rectangles of width x t.size, odd rows shifted by `shift` widths, joints in the second colour.
Vec3 Masonry(const Texture& t, double u, double v, double width, double shift) {
  const double row = std::floor(v / t.size);
  const double x = u / width + shift * (row - 2.0 * std::floor(row / 2.0));
  const double across = Fraction(v / t.size);
  const double edge = std::min(std::min(across, 1.0 - across) * t.size,
                               std::min(Fraction(x), 1.0 - Fraction(x)) * width);
  const double tone = CellValue(t.seed, std::floor(x), row);
  const double clouds =
      Clouds(t.seed + 1 + static_cast<std::uint64_t>(tone * 1e6), 9.0 * u, 9.0 * v);
  const Vec3 tile = (0.7 + 0.2 * tone + 0.2 * clouds) * t.first;
  return Mix(t.second, tile, Ramp(0.02 * t.size, 0.045 * t.size, edge));
}

Vec3 Stripes(const Texture& t, double u, double v) {
  const double x = Fraction(u / t.size);
  const double wide = Ramp(0.20, 0.23, x) - Ramp(0.55, 0.58, x);
  const double thin = Ramp(0.74, 0.76, x) - Ramp(0.80, 0.82, x);
  const double paper = 0.94 + 0.06 * Clouds(t.seed, 12.0 * u, 12.0 * v);
  return paper * Mix(t.first, t.second, std::min(1.0, wide + 0.7 * thin));
}

Vec3 Dots(const Texture& t, double u, double v) {
  const double x = Fraction((u + v) / t.size) - 0.5;
  const double y = Fraction((u - v) / t.size) - 0.5;
  const double distance = std::sqrt(x * x + y * y);
  const double disc = 1.0 - Ramp(0.20, 0.24, distance);
  const double ring = Ramp(0.30, 0.33, distance) - Ramp(0.37, 0.40, distance);
  const double paper = 0.92 + 0.08 * Clouds(t.seed, 10.0 * u, 10.0 * v);
  return paper * Mix(t.first, t.second, disc + 0.5 * ring);
}

Vec3 Checks(const Texture& t, double u, double v) {
  const double across = Fraction(u / t.size) < 0.5 ? 0.5 : 0.0;
  const double along = Fraction(v / t.size) < 0.5 ? 0.5 : 0.0;
  const double thread = 0.9 + 0.1 * ValueNoise(t.seed, 250.0 * u, 250.0 * v);
  return thread * Mix(t.first, t.second, across + along);
}

Vec3 Marble(const Texture& t, double u, double v) {
  const double x = u / t.size;
  const double y = v / t.size;
  const double bend = 3.0 * Clouds(t.seed, x, y);
  const double vein = std::abs(2.0 * Fraction(0.7 * x + 0.4 * y + bend) - 1.0);
  return Mix(Mix(t.first, t.second, 0.5 * Clouds(t.seed + 9, 3.0 * x, 3.0 * y)), t.second,
             1.0 - Ramp(0.0, 0.22, vein));
}

Vec3 Poster(const Texture& t, double u, double v) {
  const double x = u / t.size;
  const double y = v / t.size;
  Vec3 color = Mix(t.first, t.second, std::clamp(y + 0.5, 0.0, 1.0));
  for (int i = 0; i < 9; ++i) {
    const auto value = [&](int k) { return CellValue(t.seed, i, k); };
    const double dx = x - 0.9 * (value(0) - 0.5);
    const double dy = y - 0.9 * (value(1) - 0.5);
    const double radius = 0.05 + 0.17 * value(2);
    const bool disc = value(3) < 0.5;
    const bool inside = disc ? dx * dx + dy * dy < radius * radius
                             : std::abs(dx) < radius && std::abs(dy) < 0.35 * radius;
    if (inside) {
      color = {0.05 + 0.75 * value(4), 0.05 + 0.65 * value(5), 0.05 + 0.65 * value(6)};
    }
  }
  return (0.85 + 0.15 * Clouds(t.seed, 14.0 * x, 14.0 * y)) * color;
}

}  // namespace

Vec3 TextureColor(const Texture& texture, double u, double v) {
  switch (texture.pattern) {
    case Pattern::kPlain:
      break;
    case Pattern::kPlanks:
      return Planks(texture, u, v);
    case Pattern::kTiles:
      return Masonry(texture, u, v, texture.size, 0.0);
    case Pattern::kBricks:
      return Masonry(texture, u, v, 2.6 * texture.size, 0.5);
    case Pattern::kStripes:
      return Stripes(texture, u, v);
    case Pattern::kDots:
      return Dots(texture, u, v);
    case Pattern::kChecks:
      return Checks(texture, u, v);
    case Pattern::kMarble:
      return Marble(texture, u, v);
    case Pattern::kPoster:
      return Poster(texture, u, v);
    case Pattern::kFlat:
      return texture.first;
  }
  return (0.85 + 0.15 * Clouds(texture.seed, 7.0 * u, 7.0 * v)) * texture.first;
}

}  // namespace dkn
