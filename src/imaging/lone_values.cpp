#include "src/imaging/lone_values.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <optional>
#include <unordered_set>
#include <vector>

namespace dkn {
namespace {

constexpr std::size_t kMostValues = 4;
constexpr int kPixels = 8;
constexpr int kMeasuredForOne = 1000;
constexpr float kShareOfRange = 0.02f;
constexpr std::size_t kDistinct = 100;  // of the rest, fewer than these are codes
// Of steps beside an end their median counts: other lone values are among them.
constexpr std::size_t kSteps = 8;
constexpr float kStepsApart = 4.0f;

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

// The median of the steps from each value to the next at one end of those in an interval. Of a
// sensor that measures disparities, steps of depth grow with its square: the farthest is alone, but
// not more so than those before it. 0 where there are fewer than two values.
float StepBeside(ConstView image, float low, float high, bool at_low) {
  std::vector<float> values;  // the first at this end, from it on; falling ones negated
  ForEachBetween(image, low, high, [&](float value) {
    value = at_low ? value : -value;
    if (values.size() <= kSteps || value < values.back()) {
      const auto at = std::lower_bound(values.begin(), values.end(), value);
      if (at == values.end() || *at != value) {
        values.insert(at, value);
        values.resize(std::min(values.size(), kSteps + 1));
      }
    }
  });
  if (values.size() < 2) {
    return 0.0f;
  }
  std::adjacent_difference(values.begin(), values.end(), values.begin());
  values.erase(values.begin());
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
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
    const bool at_low = end->value == ends.low;
    const float rest_low = at_low ? end->value : low;
    const float rest_high = at_low ? high : end->value;
    if (end->gap < kStepsApart * StepBeside(image, rest_low, rest_high, at_low)) {
      break;
    }
    low = rest_low;
    high = rest_high;
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
