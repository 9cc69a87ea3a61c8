#ifndef DKN_SRC_EVAL_LABEL_EDGES_H_
#define DKN_SRC_EVAL_LABEL_EDGES_H_

#include "dkn/image.h"

namespace dkn::eval {

inline constexpr int kMaxBand = 1000;  // pixels

// The labels in the band around their edges that the literature calls trimap (Kohli, Ladicky, Torr,
// IJCV 2009; Kraehenbuehl, Koltun, NIPS 2011): a pixel's label, where it is known (finite) and the
// (2 band + 1) x (2 band + 1) window around it, as far as it is in the image, has a known label
// that differs; NaN elsewhere. The window is square, as in DeepLab's evaluation: distances are
// Chebyshev's. 1 channel; band from 1 to kMaxBand.
Image LabelsNearEdges(ConstView labels, int band);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_LABEL_EDGES_H_
