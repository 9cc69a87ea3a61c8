#ifndef DKN_SRC_IMAGING_WILD_VALUES_H_
#define DKN_SRC_IMAGING_WILD_VALUES_H_

#include "dkn/image.h"

namespace dkn {

struct WildValues {
  int pixels = 0;
  float farthest = 0.0f;  // the value of the largest magnitude among them; 0 without any
};

// Turns pixels that are isolated and far from the rest into holes (kHole, in all channels), and
// tells how many: a sensor's code for what it cannot measure, a bit that flipped, a ray that missed
// the scene. A few of them would decide the range that filters see as 0 to 1, and leave a sliver of
// it to all others.
//
// Pixels are wild whose magnitude, the largest over channels, is more than 4 times that of all the
// rest. They are at most 1 % of the measured pixels. Of 8 neighbours each, they form no connected
// group of more than 4 pixels and more than 0.1 % of the measured ones: that is a thing, and
// belongs to the rest. Where the rest is constant (a mask of two values) or more than half of it is
// less than a hundredth of its largest (masks, scores: what stands out is what they are about),
// none is wild.
//
// The gap is a multiple of the largest magnitude, not of the median deviation (Hampel's identifier)
// or of the range: of a wall both are hardly more than the sensor's noise, and a pole in front of
// it would be wild. Distances in one view, and disparities, have no such ratio (see the source).
WildValues RemoveWildValues(View image);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_WILD_VALUES_H_
