#ifndef DKN_SRC_IMAGING_PUNCH_HOLES_H_
#define DKN_SRC_IMAGING_PUNCH_HOLES_H_

#include <cstdint>

#include "dkn/image.h"

namespace dkn {

// Makes holes (NaN, in all channels) as depth sensors have them: `fraction` of the pixels, rounded,
// two thirds of them in blobs about 8 pixels wide (surfaces that do not answer), one third single
// pixels at random (speckles). Where they lie is a function of the seed and the size alone. At
// least one pixel stays. Throws Error unless 0 <= fraction < 1.
void PunchHoles(View image, double fraction, std::uint64_t seed);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_PUNCH_HOLES_H_
