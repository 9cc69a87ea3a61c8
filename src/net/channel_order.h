#ifndef DKN_SRC_NET_CHANNEL_ORDER_H_
#define DKN_SRC_NET_CHANNEL_ORDER_H_

#include "dkn/image.h"

namespace dkn {

// The image's values with their channels innermost, at `to`.
void Interleave(const Image& image, float* to);

// Back from there.
Image Planes(const float* from, int width, int height, int channels);

}  // namespace dkn

#endif  // DKN_SRC_NET_CHANNEL_ORDER_H_
