#include "src/imaging/punch_holes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/core/hash.h"
#include "src/core/number_text.h"

namespace dkn {
namespace {

constexpr int kBlob = 8;                // pixels between the values that make blobs
constexpr double kBlobShare = 2.0 / 3;  // of the holes

// [0, 1), from the upper 53 bits.
double Uniform(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

// Values at random, kBlob pixels apart, and smooth in between.
double SmoothNoise(int x, int y, std::uint64_t seed) {
  const auto value = [seed](int column, int row) {
    return Uniform(Hash(Hash(Hash(seed) + static_cast<std::uint64_t>(row)) +
                        static_cast<std::uint64_t>(column)));
  };
  const auto blend = [](double share) { return share * share * (3.0 - 2.0 * share); };
  const double right = blend(static_cast<double>(x % kBlob) / kBlob);
  const double below = blend(static_cast<double>(y % kBlob) / kBlob);
  const int column = x / kBlob;
  const int row = y / kBlob;
  return (1 - below) * ((1 - right) * value(column, row) + right * value(column + 1, row)) +
         below * ((1 - right) * value(column, row + 1) + right * value(column + 1, row + 1));
}

}  // namespace

void PunchHoles(View image, double fraction, std::uint64_t seed) {
  if (!(fraction >= 0.0 && fraction < 1.0)) {
    throw Error("holes in " + DigitsText(fraction) +
                " of the pixels, expected a fraction of at least 0 and less than 1");
  }
  const auto width = static_cast<std::size_t>(image.width);
  const std::size_t pixels = width * static_cast<std::size_t>(image.height);
  const std::size_t holes = std::min(
      static_cast<std::size_t>(std::lround(fraction * static_cast<double>(pixels))), pixels - 1);
  const auto blobs = static_cast<std::size_t>(std::lround(kBlobShare * static_cast<double>(holes)));
  std::vector<double> scores(pixels);
  for (std::size_t i = 0; i < pixels; ++i) {
    scores[i] = SmoothNoise(static_cast<int>(i % width), static_cast<int>(i / width), seed);
  }
  std::vector<std::size_t> order(pixels);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto take_largest = [&](std::size_t first, std::size_t count) {
    const auto begin = order.begin() + static_cast<std::ptrdiff_t>(first);
    std::partial_sort(begin, begin + static_cast<std::ptrdiff_t>(count), order.end(),
                      [&](std::size_t a, std::size_t b) {
                        return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
                      });
  };
  take_largest(0, blobs);
  for (std::size_t i = 0; i < pixels; ++i) {
    scores[i] = Uniform(Hash(Hash(seed + 1) ^ Hash(i)));
  }
  take_largest(blobs, holes - blobs);
  for (std::size_t i = 0; i < holes; ++i) {
    for (int c = 0; c < image.channels; ++c) {
      image(static_cast<int>(order[i] % width), static_cast<int>(order[i] / width), c) =
          std::numeric_limits<float>::quiet_NaN();
    }
  }
}

}  // namespace dkn
