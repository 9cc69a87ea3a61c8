#ifndef DKN_SRC_FILTERS_PIXEL_DIFFERENCE_H_
#define DKN_SRC_FILTERS_PIXEL_DIFFERENCE_H_

#include "dkn/image.h"

namespace dkn {

// The squared difference of a pixel of `a` and one of `b`, summed over channels.
inline float SquaredDifference(ConstView a, int x, int y, ConstView b, int i, int j) {
  float sum = 0.0f;
  for (int c = 0; c < a.channels; ++c) {
    const float difference = a(x, y, c) - b(i, j, c);
    sum += difference * difference;
  }
  return sum;
}
inline float SquaredDifference(ConstView image, int x, int y, int i, int j) {
  return SquaredDifference(image, x, y, image, i, j);
}

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_PIXEL_DIFFERENCE_H_
