#ifndef DKN_SRC_IMAGING_PADDING_H_
#define DKN_SRC_IMAGING_PADDING_H_

#include "dkn/image.h"

namespace dkn {

// `source` with `right` more columns and `bottom` more rows, which repeat the last one. Throws
// Error when `source` is empty or a count is negative.
Image ReplicatePad(ConstView source, int right, int bottom);
// Pads into `out`, whose memory is reused.
void ReplicatePad(ConstView source, int right, int bottom, Image& out);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_PADDING_H_
