#include "src/eval/depth_edges.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "src/imaging/value_range.h"

namespace dkn::eval {
namespace {

using Mask = std::vector<std::uint8_t>;

Mask AtDepthEdges(ConstView truth) {
  const ValueRange range = FiniteRange(truth);
  const double step = kDepthEdgeStep * (static_cast<double>(range.high) - range.low);
  const std::size_t width = static_cast<std::size_t>(truth.width);
  Mask mask(width * static_cast<std::size_t>(truth.height));
  // Comparisons with a NaN or with an infinite difference are false, so unknown values make no
  // edge.
  const auto differ = [step](float a, float b) {
    const double difference = std::abs(static_cast<double>(a) - b);
    return difference > step && std::isfinite(difference);
  };
  for (int y = 0; y < truth.height; ++y) {
    std::uint8_t* const row = mask.data() + width * static_cast<std::size_t>(y);
    for (int x = 0; x < truth.width; ++x) {
      if (x + 1 < truth.width && differ(truth(x, y), truth(x + 1, y))) {
        row[x] = row[x + 1] = 1;
      }
      if (y + 1 < truth.height && differ(truth(x, y), truth(x, y + 1))) {
        row[x] = row[static_cast<std::size_t>(x) + width] = 1;
      }
    }
  }
  return mask;
}

// Sets out[i] where an in[j], |j - i| <= radius, is set, of `count` values that lie `stride` apart.
void DilateLine(const std::uint8_t* in, std::uint8_t* out, int count, std::ptrdiff_t stride,
                int radius) {
  int done = 0;  // all before are decided
  for (int i = 0; i < count; ++i) {
    if (in[i * stride] != 0) {
      const int last = std::min(count - 1, i + radius);
      for (int j = std::max(done, i - radius); j <= last; ++j) {
        out[j * stride] = 1;
      }
      done = last + 1;
    }
  }
}

}  // namespace

std::vector<std::uint8_t> NearDepthEdges(ConstView truth) {
  constexpr int kRadius = kDepthEdgeWindow / 2;
  const Mask edges = AtDepthEdges(truth);
  Mask rows(edges.size());
  Mask near(edges.size());
  for (int y = 0; y < truth.height; ++y) {
    const std::ptrdiff_t start = static_cast<std::ptrdiff_t>(y) * truth.width;
    DilateLine(edges.data() + start, rows.data() + start, truth.width, 1, kRadius);
  }
  for (int x = 0; x < truth.width; ++x) {
    DilateLine(rows.data() + x, near.data() + x, truth.height, truth.width, kRadius);
  }
  return near;
}

}  // namespace dkn::eval
