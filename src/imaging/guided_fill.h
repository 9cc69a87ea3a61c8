#ifndef DKN_SRC_IMAGING_GUIDED_FILL_H_
#define DKN_SRC_IMAGING_GUIDED_FILL_H_

#include <cstddef>

#include "dkn/image.h"

namespace dkn {

// Fills values that are not finite, channel by channel, by continuing the finite ones: straight on,
// and no further than the border of what has their colour in the guide. They minimise a sum over
// all neighbours in a line (8 to a pixel): of the second differences, so that slanted surfaces go
// on, and, a tenth as heavy, of the first ones. A difference weighs the less the more the guide's
// colours differ along it (Levin, Lischinski, Weiss: Colorization using optimization, SIGGRAPH
// 2004), and counts by its square where values change slowly and by its size where they change
// fast, so that one surface ends where another begins. Finite values stay as they are; the others
// lie within their range.
//   guide  of the image's size, any number of channels, values in [0, 1]
// Any number of threads gives the same bits. Throws Error when sizes differ or a channel has no
// finite value.
void FillHolesByGuide(ConstView guide, View image);

// Bytes that filling so many holes of each channel takes at most.
std::size_t FillBytes(int width, int height, int guide_channels, std::size_t holes);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_GUIDED_FILL_H_
