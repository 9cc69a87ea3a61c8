#ifndef DKN_SRC_IMAGING_HOLES_H_
#define DKN_SRC_IMAGING_HOLES_H_

#include "dkn/image.h"

namespace dkn {

// Whether some value is NaN or infinite.
bool HasHoles(ConstView image);

// Gives values that are not finite the average of the finite ones nearby, channel by channel: pull
// and push on a pyramid of halves (Gortler, Grzeszczuk, Szeliski, Cohen: The Lumigraph, SIGGRAPH
// 1996, Section 3.6.1). Finite values stay as they are. Throws Error when a channel has none.
void FillHoles(View image);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_HOLES_H_
