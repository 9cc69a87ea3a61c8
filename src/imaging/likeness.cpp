#include "src/imaging/likeness.h"

#include <algorithm>

namespace dkn {
namespace {

// See guided_fill.cpp for what they are chosen by.
constexpr float kColourSigma = 0.03f;   // differences of colour that count as one thing
constexpr float kLeastWeight = 0.003f;  // across any border

// exp(-square / (2 kColourSigma^2)) but for its tail, as (1 + s / 16)^-16 in a loop that
// compilers vectorise.
void MeasureRow(ConstView guide, int y, const Direction& to, float* values) {
  const int begin = std::max(0, -to.x);
  const int end = std::min(guide.width, guide.width - to.x);
  for (int c = 0; c < guide.channels; ++c) {
    const float* from = guide.Row(y, c);
    const float* neighbour = guide.Row(y + to.y, c) + to.x;
    for (int x = begin; x < end; ++x) {
      const float difference = from[x] - neighbour[x];
      values[x] += difference * difference;
    }
  }
  const float scale =
      1.0f / (16.0f * 2.0f * kColourSigma * kColourSigma * static_cast<float>(guide.channels));
  for (int x = begin; x < end; ++x) {
    const float base = 1.0f + scale * values[x];
    const float square = base * base;
    const float fourth = square * square;
    const float eighth = fourth * fourth;
    values[x] = to.closeness * (kLeastWeight + 1.0f / (eighth * eighth));
  }
}

}  // namespace

Likeness::Likeness(ConstView guide, int top, int bottom)
    : top_(top), stride_(guide.width + 2 * kMargin), values_(kDirections.size()) {
  for (std::size_t d = 0; d < kDirections.size(); ++d) {
    values_[d].resize(static_cast<std::size_t>((bottom - top) * stride_));
    for (int y = std::max(top, 0); y < std::min(bottom, guide.height - kDirections[d].y); ++y) {
      MeasureRow(guide, y, kDirections[d], &values_[d][Index(0, y)]);
    }
  }
}

}  // namespace dkn
