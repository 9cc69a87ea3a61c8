#include "src/eval/label_edges.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace dkn::eval {
namespace {

constexpr float kNone = std::numeric_limits<float>::infinity();

// Of known labels; low > high where there is none.
struct Extent {
  float low = kNone;
  float high = -kNone;

  void Add(const Extent& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
  }
};

// The extents of the windows of `band` to both sides along a line of `count` extents, which lie
// `stride` apart.
void SpreadAlong(Extent* line, int count, int stride, int band, std::vector<Extent>& before) {
  before.clear();
  for (int i = 0; i < count; ++i) {
    before.push_back(line[std::ptrdiff_t{i} * stride]);
  }
  for (int i = 0; i < count; ++i) {
    Extent& extent = line[std::ptrdiff_t{i} * stride];
    for (int j = std::max(0, i - band); j <= std::min(count - 1, i + band); ++j) {
      extent.Add(before[static_cast<std::size_t>(j)]);
    }
  }
}

}  // namespace

Image LabelsNearEdges(ConstView labels, int band) {
  const int width = labels.width;
  const int height = labels.height;
  std::vector<Extent> extents;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const float label = labels(x, y);
      extents.push_back(std::isfinite(label) ? Extent{label, label} : Extent{});
    }
  }
  std::vector<Extent> before;
  for (int y = 0; y < height; ++y) {
    SpreadAlong(extents.data() + std::ptrdiff_t{y} * width, width, 1, band, before);
  }
  for (int x = 0; x < width; ++x) {
    SpreadAlong(extents.data() + x, height, width, band, before);
  }
  Image near = Image::Clone(labels);
  const Extent* extent = extents.data();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x, ++extent) {
      const float label = labels(x, y);
      if (!std::isfinite(label) || (extent->low == label && extent->high == label)) {
        near(x, y) = std::numeric_limits<float>::quiet_NaN();
      }
    }
  }
  return near;
}

}  // namespace dkn::eval
