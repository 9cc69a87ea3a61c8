#ifndef DKN_SRC_IMAGING_PADDING_H_
#define DKN_SRC_IMAGING_PADDING_H_

#include "dkn/image.h"

namespace dkn {

// `source` with `right` more columns and `bottom` more rows, which repeat the last one. Throws
// Error when `source` is empty or a count is negative.
Image ReplicatePad(ConstView source, int right, int bottom);
// Pads into `out`, whose memory is reused.
void ReplicatePad(ConstView source, int right, int bottom, Image& out);

// `source` continued by `border` pixels on each side: by its last ones, or mirrored with the last
// ones repeated (c b a | a b c). A border wider than the image goes back and forth in it. Throws
// Error as ReplicatePad does.
Image ReplicateHalo(ConstView source, int border);
Image MirrorHalo(ConstView source, int border);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_PADDING_H_
