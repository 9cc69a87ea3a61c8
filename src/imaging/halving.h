#ifndef DKN_SRC_IMAGING_HALVING_H_
#define DKN_SRC_IMAGING_HALVING_H_

#include "dkn/image.h"

// The levels of a pyramid of halves.
namespace dkn {

// The average of the finite values of each 2 x 2 pixels, channel by channel; NaN where there is
// none. Odd sizes are rounded up.
Image Halve(ConstView image);

// Channel 0 of `half` at pixel (x, y) of the image that it halves: bilinear, its border continued.
float ReadDoubled(ConstView half, int x, int y);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_HALVING_H_
