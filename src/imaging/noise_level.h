#ifndef DKN_SRC_IMAGING_NOISE_LEVEL_H_
#define DKN_SRC_IMAGING_NOISE_LEVEL_H_

#include "dkn/image.h"

namespace dkn {

// The standard deviation of an image's noise, independent from pixel to pixel, in the image's unit:
// from the median of the second differences along rows and columns, which slopes do not reach and
// few edges do (the median absolute deviation of a normal distribution is 0.6745 of its standard
// deviation, and 1 -2 1 multiplies that by the root of 6). Values that are not finite are left out;
// 0 where no three of them lie side by side. Steps of a sensor coarser than its noise hide it.
float NoiseLevel(ConstView image);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_NOISE_LEVEL_H_
