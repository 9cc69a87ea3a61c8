#ifndef DKN_SRC_REPORT_TEST_SHOWN_IMAGE_H_
#define DKN_SRC_REPORT_TEST_SHOWN_IMAGE_H_

#include <string>

#include "src/core/test_images.h"
#include "src/report/showcase.h"

// What tests of figures share.
namespace dkn::report {

// A 96 x 64 image at 8x with truth 100 at the left and 200 at the right, and two methods: "good" is
// off by 1 everywhere, "bad" by 20 in a square around (70, 30).
inline ShownImage SmallShownImage() {
  constexpr int kWidth = 96;
  constexpr int kHeight = 64;
  ShownImage image;
  image.set = "set";
  image.name = "name";
  image.unit = "cm";
  image.metric = "RMSE";
  image.guide = RandomImage(kWidth, kHeight, 3, 1);
  image.input = Image(kWidth / 8, kHeight / 8);
  image.truth = Image(kWidth, kHeight);
  Image good(kWidth, kHeight);
  Image bad(kWidth, kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const float truth = x < kWidth / 2 ? 100.0f : 200.0f;
      image.truth(x, y) = truth;
      image.input(x / 8, y / 8) = truth;
      good(x, y) = truth + 1.0f;
      bad(x, y) = x >= 64 && x < 76 && y >= 24 && y < 36 ? truth - 20.0f : truth;
    }
  }
  image.results.push_back({"good", std::move(good), 1.0});
  image.results.push_back({"bad", std::move(bad), 3.1});
  return image;
}

// A field of size x size kernels of one of its methods: tap i weighs i, at the regular grid.
inline ShownKernels SmallKernels(const ShownImage& image, const std::string& method, int size) {
  ShownKernels kernels;
  kernels.method = method;
  kernels.size = size;
  const int width = image.guide.width();
  const int height = image.guide.height();
  kernels.weights = Image(width, height, size * size);
  kernels.positions = Image(width, height, 2 * size * size);
  for (int tap = 0; tap < size * size; ++tap) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        kernels.weights(x, y, tap) = static_cast<float>(tap);
        kernels.positions(x, y, 2 * tap) = static_cast<float>(tap % size - size / 2);
        kernels.positions(x, y, 2 * tap + 1) = static_cast<float>(tap / size - size / 2);
      }
    }
  }
  return kernels;
}

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_TEST_SHOWN_IMAGE_H_
