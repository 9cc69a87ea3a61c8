#ifndef DKN_SRC_FILTERS_LUMA_OR_COPY_H_
#define DKN_SRC_FILTERS_LUMA_OR_COPY_H_

#include "dkn/image.h"
#include "src/imaging/luma.h"

namespace dkn {

// The brightness of a guide of 3 channels; one of 1 channel itself.
inline Image LumaOrCopy(ConstView guide) {
  Image gray(guide.width, guide.height);
  guide.channels == 3 ? Luma(guide, gray) : Copy(guide, gray);
  return gray;
}

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_LUMA_OR_COPY_H_
