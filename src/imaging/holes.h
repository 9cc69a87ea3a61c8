#ifndef DKN_SRC_IMAGING_HOLES_H_
#define DKN_SRC_IMAGING_HOLES_H_

#include <limits>

#include "dkn/image.h"
#include "dkn/invalid_values.h"

namespace dkn {

// What stands for a hole; values that are infinite are holes too.
inline constexpr float kHole = std::numeric_limits<float>::quiet_NaN();

// Whether some value is NaN or infinite.
bool HasHoles(ConstView image);

// Whether some value is finite.
bool HasValues(ConstView image);

// A mask of an image without holes: 1.
Image AllMeasured(int width, int height);

// An image of holes alone.
Image MakeHoles(int width, int height, int channels = 1);

// A copy with kHole for values that stand for holes, and where the mask, if there is one, is 0: 1
// channel of the image's size. Throws Error when that differs.
Image MarkHoles(ConstView image, const InvalidValues& invalid, ConstView mask = {});

// Gives values that are not finite the average of the finite ones nearby, channel by channel: pull
// and push on a pyramid of halves (Gortler, Grzeszczuk, Szeliski, Cohen: The Lumigraph, SIGGRAPH
// 1996, Section 3.6.1). Finite values stay as they are. Throws Error when a channel has none.
void FillHoles(View image);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_HOLES_H_
