#include "src/rivals/window_planes.h"

#include <algorithm>
#include <vector>

namespace dkn {
namespace {

// How many of the pixels i - radius .. i + radius lie in [0, size).
int Extent(int i, int size, int radius) {
  return std::min(size, i + radius + 1) - std::max(0, i - radius);
}

// Calls use(i) when those from i - radius to i + radius in [0, size) are what change(j, 1) added
// and change(j, -1) did not take away again.
template <typename Change, typename Use>
void Slide(int size, int radius, const Change& change, const Use& use) {
  for (int i = 0; i < std::min(radius, size); ++i) {
    change(i, 1.0);
  }
  for (int i = 0; i < size; ++i) {
    if (i + radius < size) {
      change(i + radius, 1.0);
    }
    if (i > radius) {
      change(i - radius - 1, -1.0);
    }
    use(i);
  }
}

// The sums over the windows of `radius` around each pixel.
Plane WindowSums(const Plane& plane, int radius) {
  Plane along(plane.width, plane.height);
  for (int y = 0; y < plane.height; ++y) {
    const double* const in = plane.Row(y);
    double* const out = along.Row(y);
    double sum = 0.0;
    Slide(
        plane.width, radius, [&](int x, double sign) { sum += sign * in[x]; },
        [&](int x) { out[x] = sum; });
  }
  Plane sums(plane.width, plane.height);
  std::vector<double> row(static_cast<std::size_t>(plane.width));
  Slide(
      plane.height, radius,
      [&](int y, double sign) {
        const double* const in = along.Row(y);
        for (std::size_t x = 0; x < row.size(); ++x) {
          row[x] += sign * in[x];
        }
      },
      [&](int y) { std::copy(row.begin(), row.end(), sums.Row(y)); });
  return sums;
}

void DivideByCounts(Plane& plane, int radius) {
  std::vector<double> inverse;
  for (int x = 0; x < plane.width; ++x) {
    inverse.push_back(1.0 / Extent(x, plane.width, radius));
  }
  for (int y = 0; y < plane.height; ++y) {
    const double rows = 1.0 / Extent(y, plane.height, radius);
    double* const row = plane.Row(y);
    for (int x = 0; x < plane.width; ++x) {
      row[x] *= rows * inverse[static_cast<std::size_t>(x)];
    }
  }
}

double Mix(double first, double second, double share) {
  return first + share * (second - first);
}

}  // namespace

Plane PlaneOf(ConstView channel) {
  Plane plane(channel.width, channel.height);
  for (int y = 0; y < channel.height; ++y) {
    std::copy_n(channel.Row(y), channel.width, plane.Row(y));
  }
  return plane;
}

Plane WindowMeans(const Plane& plane, int radius) {
  Plane means = WindowSums(plane, radius);
  DivideByCounts(means, radius);
  return means;
}

Plane SpreadOverWindows(Plane plane, int radius) {
  DivideByCounts(plane, radius);
  return WindowSums(plane, radius);  // a pixel is in the windows of those that are in its own
}

Enlargement::Enlargement(int low_width, int low_height, int width, int height)
    : low_width_(low_width),
      low_height_(low_height),
      columns_(PlacesOf(width, low_width)),
      rows_(PlacesOf(height, low_height)) {}

std::vector<Enlargement::Place> Enlargement::PlacesOf(int size, int low_size) {
  std::vector<Place> places;
  for (int i = 0; i < size; ++i) {
    const double at = size > 1 ? static_cast<double>(i) * (low_size - 1) / (size - 1) : 0.0;
    const int first = std::min(static_cast<int>(at), low_size - 1);
    places.push_back({first, std::min(first + 1, low_size - 1), at - first});
  }
  return places;
}

Plane Enlargement::Enlarge(const Plane& low) const {
  Plane high(static_cast<int>(columns_.size()), static_cast<int>(rows_.size()));
  for (int y = 0; y < high.height; ++y) {
    const Place& row = rows_[static_cast<std::size_t>(y)];
    const double* const above = low.Row(row.first);
    const double* const below = low.Row(row.second);
    double* const out = high.Row(y);
    for (int x = 0; x < high.width; ++x) {
      const Place& at = columns_[static_cast<std::size_t>(x)];
      out[x] = Mix(Mix(above[at.first], above[at.second], at.share),
                   Mix(below[at.first], below[at.second], at.share), row.share);
    }
  }
  return high;
}

Plane Enlargement::Gather(const Plane& high) const {
  Plane low(low_width_, low_height_);
  for (int y = 0; y < high.height; ++y) {
    const Place& row = rows_[static_cast<std::size_t>(y)];
    double* const above = low.Row(row.first);
    double* const below = low.Row(row.second);
    const double* const in = high.Row(y);
    for (int x = 0; x < high.width; ++x) {
      const Place& at = columns_[static_cast<std::size_t>(x)];
      const double upper = (1.0 - row.share) * in[x];
      const double lower = row.share * in[x];
      above[at.first] += (1.0 - at.share) * upper;
      above[at.second] += at.share * upper;
      below[at.first] += (1.0 - at.share) * lower;
      below[at.second] += at.share * lower;
    }
  }
  return low;
}

}  // namespace dkn
