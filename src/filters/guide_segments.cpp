#include "src/filters/guide_segments.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "src/filters/grid_system.h"
#include "src/filters/pixel_difference.h"

namespace dkn {
namespace {

struct Edge {
  float difference;
  int a;
  int b;
};

std::vector<Edge> SortedEdges(ConstView image) {
  std::vector<Edge> edges;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (int e = 0; e < 2; ++e) {
        if (HasEdge(kEdges[e], x, y, image.width, image.height)) {
          const int i = x + kEdges[e].dx;
          const int j = y + kEdges[e].dy;
          edges.push_back({std::sqrt(SquaredDifference(image, x, y, i, j)), y * image.width + x,
                           j * image.width + i});
        }
      }
    }
  }
  std::stable_sort(edges.begin(), edges.end(), [](const Edge& left, const Edge& right) {
    return left.difference < right.difference;
  });
  return edges;
}

}  // namespace

std::vector<int> SegmentByColor(ConstView image, float scale) {
  const std::size_t pixels =
      static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  std::vector<int> parent(pixels);
  std::iota(parent.begin(), parent.end(), 0);
  std::vector<int> size(pixels, 1);
  std::vector<float> inside(pixels);  // the largest difference by which a segment grew
  const auto find = [&](int p) {
    while (parent[static_cast<std::size_t>(p)] != p) {
      int& up = parent[static_cast<std::size_t>(p)];
      up = parent[static_cast<std::size_t>(up)];
      p = up;
    }
    return static_cast<std::size_t>(p);
  };
  for (const Edge& edge : SortedEdges(image)) {
    std::size_t a = find(edge.a);
    std::size_t b = find(edge.b);
    const auto limit = [&](std::size_t s) {
      return inside[s] + scale / static_cast<float>(size[s]);
    };
    if (a == b || edge.difference > std::min(limit(a), limit(b))) {
      continue;
    }
    if (size[a] < size[b]) {
      std::swap(a, b);
    }
    parent[b] = static_cast<int>(a);
    size[a] += size[b];
    inside[a] = edge.difference;
  }
  for (std::size_t p = 0; p < pixels; ++p) {
    parent[p] = static_cast<int>(find(static_cast<int>(p)));
  }
  return parent;
}

}  // namespace dkn
