#include "src/imaging/blended_edges.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "src/core/quantile.h"

namespace dkn {
namespace {

constexpr float kStep = 0.05f;  // of the range
constexpr float kFlat = 0.15f;  // of the step, to the next pixel on its side
constexpr float kBlend = 0.1f;  // of the step, from either side
constexpr double kOutliers = 0.01;
constexpr double kFewest = 5.0;  // edges

struct Edges {
  double blended = 0.0;
  double sharp = 0.0;
};

// The extent of the values but for the smallest and the largest ones; 0 where there are none.
float Extent(ConstView channel) {
  std::vector<float> values;
  for (int y = 0; y < channel.height; ++y) {
    std::copy_if(channel.Row(y), channel.Row(y) + channel.width, std::back_inserter(values),
                 [](float value) { return std::isfinite(value); });
  }
  if (values.empty()) {
    return 0.0f;
  }
  const float low = Quantile(values, kOutliers);
  return Quantile(values, 1.0 - kOutliers) - low;
}

// Five values in a line, the edge around the third.
void Count(const float (&line)[5], float least, Edges& edges) {
  const float step = line[3] - line[1];
  const float size = std::abs(step);
  // Comparisons with what is not finite are false.
  if (!(size > least && std::abs(line[1] - line[0]) < kFlat * size &&
        std::abs(line[4] - line[3]) < kFlat * size)) {
    return;
  }
  const float place = (line[2] - line[1]) / step;
  if (place > kBlend && place < 1.0f - kBlend) {
    edges.blended += 1.0;
  } else if (std::isfinite(place)) {
    edges.sharp += 0.5;  // met twice: with the third value on one side, and on the other
  }
}

}  // namespace

float BlendedEdges(ConstView image) {
  Edges edges;
  for (int c = 0; c < image.channels; ++c) {
    const float least = kStep * Extent(image.Channel(c));
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        const auto along = [&](int dx, int dy) {
          const float line[5] = {image(x, y, c), image(x + dx, y + dy, c),
                                 image(x + 2 * dx, y + 2 * dy, c), image(x + 3 * dx, y + 3 * dy, c),
                                 image(x + 4 * dx, y + 4 * dy, c)};
          Count(line, least, edges);
        };
        if (x + 4 < image.width) {
          along(1, 0);
        }
        if (y + 4 < image.height) {
          along(0, 1);
        }
      }
    }
  }
  const double all = edges.blended + edges.sharp;
  return all < kFewest ? 1.0f : static_cast<float>(edges.blended / all);
}

}  // namespace dkn
