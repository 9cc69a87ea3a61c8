#ifndef DKN_SRC_IMAGING_LIKENESS_H_
#define DKN_SRC_IMAGING_LIKENESS_H_

#include <array>
#include <cstddef>
#include <vector>

#include "dkn/image.h"

namespace dkn {

// Half of a pixel's 8 neighbours; the others are those whose neighbour it is.
struct Direction {
  int x;
  int y;
  float closeness;
};
inline constexpr std::array<Direction, 4> kDirections = {
    {{1, 0, 1.0f}, {0, 1, 1.0f}, {1, 1, 0.70710678f}, {-1, 1, 0.70710678f}}};

// How far the colours of neighbours are one, times the neighbour's closeness, for rows of pixels
// and each direction: about 1 to 0.003, so that no hole is cut off; 0 where the neighbour or the
// pixel lies outside.
class Likeness {
 public:
  static constexpr int kMargin = 2;  // how far outside the guide there are values

  // Measures rows [top, bottom) of the guide, of values in [0, 1]; they may reach beyond it.
  Likeness(ConstView guide, int top, int bottom);

  // The value of the pixel that lies so many steps of the direction away from (x, y).
  float Of(int x, int y, std::size_t direction, int steps) const {
    const Direction& to = kDirections[direction];
    return values_[direction][Index(x + steps * to.x, y + steps * to.y)];
  }

 private:
  std::size_t Index(int x, int y) const {
    return static_cast<std::size_t>((y - top_) * stride_ + x + kMargin);
  }

  const int top_;
  const int stride_;
  std::vector<std::vector<float>> values_;
};

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_LIKENESS_H_
