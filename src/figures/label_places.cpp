#include "src/figures/label_places.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace dkn::figures {
namespace {

constexpr int kRings = 12;

// Places for a label, the best first: beside the point (right, left, above, below, the corners),
// then on rings further and further out.
std::vector<LabelPlace> Candidates(PixelPoint point, PixelSize size, int radius) {
  constexpr int kAround = 16;
  const int gap = radius + 3;
  const int right = point.x + gap;
  const int left = point.x - gap - size.width;
  const int above = point.y - gap - size.height;
  const int below = point.y + gap;
  const int middle = point.y - size.height / 2;
  const int centre = point.x - size.width / 2;
  std::vector<LabelPlace> places;
  const auto add = [&](int x, int y, bool beside) {
    places.push_back({{x, y, size.width, size.height}, beside});
  };
  add(right, middle, true);
  add(left, middle, true);
  add(centre, above, true);
  add(centre, below, true);
  add(right, above, true);
  add(right, below, true);
  add(left, above, true);
  add(left, below, true);
  for (int ring = 1; ring <= kRings; ++ring) {
    for (int i = 0; i < kAround; ++i) {
      const double angle = 2 * M_PI * i / kAround;
      const double x = std::cos(angle) * (gap + ring * 1.2 * size.height + size.width / 2.0);
      const double y = std::sin(angle) * (gap + ring * 1.2 * size.height + size.height / 2.0);
      add(centre + static_cast<int>(std::lround(x)), middle + static_cast<int>(std::lround(y)),
          false);
    }
  }
  return places;
}

PixelBox Disc(PixelPoint point, int radius) {
  return {point.x - radius, point.y - radius, 2 * radius + 1, 2 * radius + 1};
}

std::int64_t Overlap(const PixelBox& box, const std::vector<PixelBox>& taken) {
  std::int64_t area = 0;
  for (const PixelBox& other : taken) {
    area += Area(Intersection(box, other));
  }
  return area;
}

// Indices of the points, those with the most neighbours first.
std::vector<std::size_t> Order(const std::vector<PixelPoint>& points, int reach) {
  std::vector<int> neighbours(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    neighbours[i] =
        static_cast<int>(std::count_if(points.begin(), points.end(), [&](const PixelPoint& other) {
          return std::abs(other.x - points[i].x) < reach && std::abs(other.y - points[i].y) < reach;
        }));
  }
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return neighbours[a] > neighbours[b]; });
  return order;
}

}  // namespace

std::vector<LabelPlace> PlaceLabels(const std::vector<PixelPoint>& points,
                                    const std::vector<PixelSize>& sizes, int radius,
                                    const PixelBox& frame) {
  std::vector<PixelBox> taken;
  int widest = 0;
  for (const PixelPoint& point : points) {
    taken.push_back(Disc(point, radius));
  }
  for (const PixelSize& size : sizes) {
    widest = std::max(widest, size.width);
  }
  std::vector<LabelPlace> places(points.size());
  for (const std::size_t i : Order(points, widest)) {
    if (sizes[i].width == 0) {
      continue;
    }
    std::int64_t least = -1;
    for (LabelPlace place : Candidates(points[i], sizes[i], radius)) {
      const int x = std::clamp(place.box.x, frame.x, frame.x + frame.width - sizes[i].width);
      const int y = std::clamp(place.box.y, frame.y, frame.y + frame.height - sizes[i].height);
      const bool moved = x != place.box.x || y != place.box.y;
      place.box = {x, y, sizes[i].width, sizes[i].height};
      place.beside = place.beside && !moved;
      const std::int64_t overlap = Overlap(place.box, taken);
      if (least < 0 || overlap < least) {
        least = overlap;
        places[i] = place;
      }
      if (overlap == 0) {
        break;
      }
    }
    taken.push_back(places[i].box);
  }
  return places;
}

}  // namespace dkn::figures
