#ifndef DKN_SRC_IMAGING_BACK_PROJECT_H_
#define DKN_SRC_IMAGING_BACK_PROJECT_H_

#include "dkn/image.h"
#include "dkn/resample.h"

namespace dkn {

// Makes `image` return the measurement it was made from: shrinks it to the measurement's size,
// enlarges what the measurement says more, and adds that, so many times (Irani, Peleg: Improving
// resolution by image registration, CVGIP 1991). Returns the root mean square of what is missing in
// the end (with 0 iterations: of what is missing), over all channels.
//   measurement  finite, with the image's channels
//   measured     where it counts: 1 channel of its size, 1 or 0; empty: everywhere
//   down, up     how the measurement came about, as assumed, and how its residual is enlarged
double BackProject(ConstView measurement, ConstView measured, Resampler down, Resampler up,
                   int iterations, View image);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_BACK_PROJECT_H_
