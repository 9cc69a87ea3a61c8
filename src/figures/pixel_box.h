#ifndef DKN_SRC_FIGURES_PIXEL_BOX_H_
#define DKN_SRC_FIGURES_PIXEL_BOX_H_

#include <algorithm>
#include <cstdint>

namespace dkn::figures {

// A rectangle of pixels.
struct PixelBox {
  int x = 0;  // top left
  int y = 0;
  int width = 0;
  int height = 0;
  bool operator==(const PixelBox&) const = default;
};

// What two rectangles share; of no size where they share nothing.
inline PixelBox Intersection(const PixelBox& a, const PixelBox& b) {
  const int x = std::max(a.x, b.x);
  const int y = std::max(a.y, b.y);
  return {x, y, std::max(0, std::min(a.x + a.width, b.x + b.width) - x),
          std::max(0, std::min(a.y + a.height, b.y + b.height) - y)};
}

inline std::int64_t Area(const PixelBox& box) {
  return static_cast<std::int64_t>(box.width) * box.height;
}

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_PIXEL_BOX_H_
