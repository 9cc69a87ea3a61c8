#ifndef DKN_SRC_FILTERS_GUIDE_SEGMENTS_H_
#define DKN_SRC_FILTERS_GUIDE_SEGMENTS_H_

#include <vector>

#include "dkn/image.h"

namespace dkn {

// Felzenszwalb, Huttenlocher: Efficient graph-based image segmentation, IJCV 2004: pairs of four
// neighbours join two segments, the most alike first, where they differ by no more than either
// segment does in itself plus scale / its pixels (Eq. (1) to (4)). A number for each pixel, row by
// row, the same in a segment.
std::vector<int> SegmentByColor(ConstView image, float scale);

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_GUIDE_SEGMENTS_H_
