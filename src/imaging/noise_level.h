#ifndef DKN_SRC_IMAGING_NOISE_LEVEL_H_
#define DKN_SRC_IMAGING_NOISE_LEVEL_H_

#include "dkn/image.h"

namespace dkn {

// The standard deviation of an image's noise, independent from pixel to pixel, in the image's unit:
// from the mean absolute second difference along rows and columns, which slopes do not reach, where
// those above 4 times that mean count as 4 times (an M-estimate of scale, Huber 1964), so that
// edges add little: a quarter where a sixteenth of the differences is of edges. Unlike a median it
// sees steps of a sensor that are coarser than its noise. Values that are not finite are left out,
// and those where `measured`, of the image's size and 1 channel, or empty, is 0. The result is
// within 2 % of the estimate; 0 where no three values lie side by side.
//
// `apart`, at least 1 in either direction, compares pixels that lie so far apart instead: noise
// that is shared by neighbours counts in full where they lie farther apart than it reaches, and so
// does more of what the image shows.
struct Apart {
  int x = 1;
  int y = 1;
};
float NoiseLevel(ConstView image, ConstView measured = {}, Apart apart = {});

// The noise of the smoothest parts, which detail does not hide: of the blocks of 8 x 8 pixels with
// at least 64 second differences of finite values, the standard deviation, by the mean absolute
// second difference, that a tenth lies below. 0 where there is no such block.
float NoiseOfSmoothParts(ConstView image);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_NOISE_LEVEL_H_
