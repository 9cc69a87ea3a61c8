#include "src/imaging/lone_values.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <unordered_set>

namespace dkn {
namespace {

constexpr std::size_t kMostValues = 4;
constexpr int kPixels = 8;
constexpr int kMeasuredForOne = 1000;
constexpr float kShareOfRange = 0.02f;
constexpr std::size_t kDistinct = 100;  // of the rest, fewer than these are codes

// Of values in the open interval from `low` to `high`.
struct Ends {
  float low = std::numeric_limits<float>::infinity();
  float high = -std::numeric_limits<float>::infinity();
  int at_low = 0;  // pixels that have it
  int at_high = 0;
  int measured = 0;
};

template <typename Body>
void ForEachBetween(ConstView image, float low, float high, const Body& body) {
  for (int y = 0; y < image.height; ++y) {
    const float* row = image.Row(y);
    for (int x = 0; x < image.width; ++x) {
      if (low < row[x] && row[x] < high) {
        body(row[x]);
      }
    }
  }
}

Ends EndsBetween(ConstView image, float low, float high) {
  Ends ends;
  ForEachBetween(image, low, high, [&](float value) {
    ends.low = std::min(ends.low, value);
    ends.high = std::max(ends.high, value);
    ++ends.measured;
  });
  ForEachBetween(image, low, high, [&](float value) {
    ends.at_low += value == ends.low ? 1 : 0;
    ends.at_high += value == ends.high ? 1 : 0;
  });
  return ends;
}

bool HasManyValues(ConstView image, float low, float high) {
  std::unordered_set<float> distinct;
  ForEachBetween(image, low, high, [&](float value) {
    if (distinct.size() <= kDistinct) {
      distinct.insert(value);
    }
  });
  return distinct.size() > kDistinct;
}

struct End {
  float value;
  int pixels;
  float gap;  // to the next value
  Ends rest;  // without it
};

// The smallest or the largest value of those from `low` to `high`, whichever is farther from the
// rest, of those that so many pixels have. None: neither has them.
std::optional<End> FarthestEnd(ConstView image, float low, float high, const Ends& ends,
                               int least) {
  std::optional<End> farthest;
  if (ends.at_low >= least) {
    const Ends rest = EndsBetween(image, ends.low, high);
    farthest = {ends.low, ends.at_low, rest.low - ends.low, rest};
  }
  if (ends.at_high >= least) {
    const Ends rest = EndsBetween(image, low, ends.high);
    const float gap = ends.high - rest.high;
    if (!farthest || gap > farthest->gap) {
      farthest = {ends.high, ends.at_high, gap, rest};
    }
  }
  return farthest;
}

}  // namespace

LoneValues FindLoneValues(ConstView image) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  LoneValues lone;
  if (image.empty() || image.channels != 1) {
    return lone;
  }
  float low = -kInfinity;  // what is lone lies outside
  float high = kInfinity;
  Ends ends = EndsBetween(image, low, high);
  const int least = std::max(kPixels, ends.measured / kMeasuredForOne);
  while (lone.values.size() < kMostValues) {
    const auto end = FarthestEnd(image, low, high, ends, least);
    if (!end || end->rest.measured == 0 ||
        !(end->gap >= kShareOfRange * (end->rest.high - end->rest.low))) {
      break;
    }
    (end->value == ends.low ? low : high) = end->value;
    lone.values.push_back(end->value);
    lone.pixels += end->pixels;
    ends = end->rest;
  }
  if (lone.values.empty() || !HasManyValues(image, low, high)) {
    return {};
  }
  std::sort(lone.values.begin(), lone.values.end());
  return lone;
}

}  // namespace dkn
