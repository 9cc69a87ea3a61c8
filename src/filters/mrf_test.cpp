#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind MrfKind();

namespace {

Image Reference(ConstView guide, ConstView target, ConstView mask, double k, double c) {
  DenseSystem system(target);
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      system.AddData(x, y, k * (mask.empty() ? 1.0f : mask(x, y)), target(x, y));
      for (const auto& [i, j] : {std::pair{x + 1, y}, {x, y + 1}}) {
        if (i < target.width && j < target.height) {
          system.AddEdge(x, y, i, j, std::exp(-c * ColorDistance(guide, x, y, i, j)));
        }
      }
    }
  }
  return system.Solve();
}

TEST(MrfTest, AgreesWithItsDefinition) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 5}, {10, 8}}) {
    for (const int channels : {1, 3}) {
      const Image guide = RandomImage(width, height, channels, 1);
      const Image target = RandomImage(width, height, 1, 2);
      Image mask = RandomMask(width, height, 3);
      mask(0, 0) = 0.5f;
      for (const ConstView measured : {ConstView(), ConstView(mask)}) {
        ExpectNear(ApplyFilter(MrfKind(),
                               {{"data_weight", 0.7}, {"color_weight", 3.0}, {"tolerance", 1e-12}},
                               {guide, target, measured}),
                   Reference(guide, target, measured, 0.7, 3.0), 1e-5f);
      }
    }
  }
}

// A step between what is measured lies where the guide has it.
TEST(MrfTest, FillsBetweenSamplesUpToTheGuidesEdges) {
  Image guide(24, 8);
  for (int y = 0; y < 8; ++y) {
    std::fill_n(guide.Row(y) + 12, 12, 1.0f);
  }
  Image target(24, 8);
  Image mask(24, 8);
  for (int y = 1; y < 8; y += 4) {
    for (int x = 1; x < 24; x += 4) {
      target(x, y) = x < 12 ? 0.0f : 1.0f;
      mask(x, y) = 1.0f;
    }
  }
  const Image result = ApplyFilter(MrfKind(), {{"color_weight", 30.0}}, {guide, target, mask});
  for (int y = 0; y < 8; ++y) {
    EXPECT_LT(result(11, y), 0.05f);
    EXPECT_GT(result(12, y), 0.95f);
  }
}

}  // namespace
}  // namespace dkn
