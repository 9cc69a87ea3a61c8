#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind WlsKind();

namespace {

double LogLuminance(ConstView guide, int x, int y) {
  const double luminance = guide.channels == 1 ? guide(x, y)
                                               : 0.299 * guide(x, y, 0) + 0.587 * guide(x, y, 1) +
                                                     0.114 * guide(x, y, 2);
  return std::log(luminance + 1e-4);
}

Image Reference(ConstView guide, ConstView target, ConstView mask, double lambda, double alpha) {
  DenseSystem system(target);
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      system.AddData(x, y, mask.empty() ? 1.0f : mask(x, y), target(x, y));
      for (const auto& [i, j] : {std::pair{x + 1, y}, {x, y + 1}}) {
        if (i < target.width && j < target.height) {
          const double step = std::abs(LogLuminance(guide, x, y) - LogLuminance(guide, i, j));
          system.AddEdge(x, y, i, j, lambda / (std::pow(step, alpha) + 1e-4));
        }
      }
    }
  }
  return system.Solve();
}

TEST(WlsTest, AgreesWithItsDefinition) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 5}, {10, 8}}) {
    for (const int channels : {1, 3}) {
      const Image guide = RandomImage(width, height, channels, 1);
      const Image target = RandomImage(width, height, 1, 2);
      Image mask = RandomMask(width, height, 3);
      mask(0, 0) = 0.5f;
      for (const ConstView measured : {ConstView(), ConstView(mask)}) {
        for (const double alpha : {0.0, 1.2}) {
          ExpectNear(
              ApplyFilter(WlsKind(), {{"lambda", 0.5}, {"alpha", alpha}, {"tolerance", 1e-12}},
                          {guide, target, measured}),
              Reference(guide, target, measured, 0.5, alpha), 2e-5f);
        }
      }
    }
  }
}

}  // namespace
}  // namespace dkn
