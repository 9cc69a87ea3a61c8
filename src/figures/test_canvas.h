#ifndef DKN_SRC_FIGURES_TEST_CANVAS_H_
#define DKN_SRC_FIGURES_TEST_CANVAS_H_

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "dkn/image.h"
#include "src/figures/canvas.h"

// What the tests of figures share.
namespace dkn::figures {

inline Colour PixelOf(const Image& figure, int x, int y) {
  return {ToByte(figure(x, y, 0)), ToByte(figure(x, y, 1)), ToByte(figure(x, y, 2))};
}

// Values that a figure can hold.
inline Image ByteSteps(Image image) {
  for (std::size_t i = 0; i < image.size(); ++i) {
    image.data()[i] = static_cast<float>(ToByte(image.data()[i])) / 255.0f;
  }
  return image;
}

// The least box around some pixels; of no size where there are none.
struct Region {
  int left = 1 << 30, right = -1, top = 1 << 30, bottom = -1;
  int count = 0;

  int Width() const { return std::max(0, right - left + 1); }
  int Height() const { return std::max(0, bottom - top + 1); }
};

// The region that those pixels of `box` span for which `is_wanted` holds.
template <typename IsWanted>
Region FindPixels(const Image& figure, const PixelBox& box, const IsWanted& is_wanted) {
  Region region;
  for (int y = box.y; y < box.y + box.height; ++y) {
    for (int x = box.x; x < box.x + box.width; ++x) {
      if (is_wanted(PixelOf(figure, x, y))) {
        region.left = std::min(region.left, x);
        region.right = std::max(region.right, x);
        region.top = std::min(region.top, y);
        region.bottom = std::max(region.bottom, y);
        ++region.count;
      }
    }
  }
  return region;
}

inline PixelBox Whole(const Image& figure) {
  return {0, 0, figure.width(), figure.height()};
}

inline bool IsNear(Colour a, Colour b, int tolerance) {
  return std::abs(a.red - b.red) <= tolerance && std::abs(a.green - b.green) <= tolerance &&
         std::abs(a.blue - b.blue) <= tolerance;
}

inline Region FindColour(const Image& figure, Colour colour, int tolerance = 3) {
  return FindPixels(figure, Whole(figure),
                    [&](Colour pixel) { return IsNear(pixel, colour, tolerance); });
}

inline bool IsInk(Colour pixel) {
  return pixel.red < 130 && IsNear(pixel, Grey(pixel.red), 2);
}

// The region that the figure's text spans, which is the dark grey pixels.
inline Region InkOf(const Image& figure, const PixelBox& box) {
  return FindPixels(figure, box, IsInk);
}
inline Region InkOf(const Image& figure) {
  return InkOf(figure, Whole(figure));
}

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_TEST_CANVAS_H_
