#include "src/filters/bilateral.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {
namespace {

int Inside(int i, int size) {
  while (i < 0 || i >= size) {
    i = size == 1 ? 0 : i < 0 ? -i : 2 * size - 2 - i;
  }
  return i;
}

Image Reference(const BilateralKernel& kernel, ConstView guide, ConstView values, ConstView mask) {
  Image out(values.width, values.height, values.channels);
  for (int c = 0; c < values.channels; ++c) {
    for (int y = 0; y < values.height; ++y) {
      for (int x = 0; x < values.width; ++x) {
        double sum = 0.0;
        double weights = 0.0;
        for (int j = y - kernel.radius; j <= y + kernel.radius; ++j) {
          for (int i = x - kernel.radius; i <= x + kernel.radius; ++i) {
            const int q = Inside(i, values.width);
            const int r = Inside(j, values.height);
            if (!kernel.mirrored && (q != i || r != j)) {
              continue;
            }
            const double similarity =
                std::max(std::exp(-ColorDistance(guide, x, y, q, r) /
                                  (2.0 * kernel.sigma_color * kernel.sigma_color)),
                         static_cast<double>(kernel.least));
            const double distance = std::pow(i - x, 2.0) + std::pow(j - y, 2.0);
            const double weight =
                (mask.empty() ? 1.0 : mask(q, r)) * similarity *
                std::exp(-distance / (2.0 * kernel.sigma_space * kernel.sigma_space));
            sum += weight * values(q, r, c);
            weights += weight;
          }
        }
        out(x, y, c) = weights > 0.0 ? static_cast<float>(sum / weights) : values(x, y, c);
      }
    }
  }
  return out;
}

TEST(BilateralTest, AgreesWithItsDefinition) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 9}, {37, 11}}) {
    for (const auto& [radius, least, mirrored] :
         {std::tuple{0, 0.0f, false}, {3, 1e-3f, false}, {4, 0.0f, true}}) {
      const BilateralKernel kernel = {radius, 1.7, 0.3, least, mirrored};
      for (const int channels : {1, 2, 3, 4}) {
        const Image guide = RandomImage(width, height, channels, 1);
        const Image values = RandomImage(width, height, channels, 2);
        const Image mask = RandomMask(width, height, 3);
        for (const ConstView measured : {ConstView(), ConstView(mask)}) {
          Image out(width, height, channels);
          FilterBilaterally(kernel, guide, values, measured, {}, out);
          ExpectNear(out, Reference(kernel, guide, values, measured), 1e-5f);
        }
      }
    }
  }
}

}  // namespace
}  // namespace dkn
