#include "src/imaging/value_range.h"

#include <algorithm>
#include <limits>
#include <string>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/parallel_for.h"

namespace dkn {
namespace {

// to = from * scale + offset, in double: high - low may exceed the largest float.
void Affine(ConstView from, double scale, double offset, View to) {
  if (!SameSize(from, to) || from.channels != to.channels) {
    throw Error("images to normalise differ in size");
  }
  ParallelFor(0, from.height * from.channels, [&](int index) {
    const float* in = from.Row(index % from.height, index / from.height);
    float* out = to.Row(index % from.height, index / from.height);
    for (int x = 0; x < from.width; ++x) {
      out[x] = static_cast<float>(in[x] * scale + offset);
    }
  });
}

}  // namespace

ValueRange FiniteRange(ConstView image) {
  constexpr float kMax = std::numeric_limits<float>::max();
  ValueRange range{kMax, -kMax};
  bool found = false;
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      const float* row = image.Row(y, c);
      for (int x = 0; x < image.width; ++x) {
        // Of the values that are not finite, NaN fails both comparisons and Inf one.
        const bool finite = row[x] >= -kMax && row[x] <= kMax;
        found |= finite;
        range.low = std::min(range.low, finite ? row[x] : kMax);
        range.high = std::max(range.high, finite ? row[x] : -kMax);
      }
    }
  }
  if (!found) {
    throw Error("the image has no finite value");
  }
  return range;
}

void Normalize(ConstView from, ValueRange range, View to) {
  if (!(range.low < range.high)) {
    throw Error("cannot normalise by the range " + DigitsText(range.low) + " to " +
                DigitsText(range.high) + ", expected low < high");
  }
  const double scale = 1.0 / (static_cast<double>(range.high) - range.low);
  Affine(from, scale, -range.low * scale, to);
}

void Denormalize(ConstView from, ValueRange range, View to) {
  Affine(from, static_cast<double>(range.high) - range.low, range.low, to);
}

}  // namespace dkn
