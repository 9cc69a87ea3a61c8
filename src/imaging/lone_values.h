#ifndef DKN_SRC_IMAGING_LONE_VALUES_H_
#define DKN_SRC_IMAGING_LONE_VALUES_H_

#include <vector>

#include "dkn/image.h"

namespace dkn {

struct LoneValues {
  std::vector<float> values;  // the smaller first, at most 4
  int pixels = 0;             // that have one of them
};

// Values of a map of one channel that seem to stand for no measurement (0, -1, -9999, 100 for a far
// plane), although they count as measured; finite ones alone are looked at. A value is lone if it
// is the smallest or the largest, at least 0.1 % of the measured pixels and 8 have it, to the last
// bit, and the gap to the next one is at least 2 % of the range of what is not lone, and 4 times
// the median of the steps beside it: a sensor's own steps of depth grow that large far away. What
// is not lone has more than 100 different values: of a mask, of labels and of coarse steps each
// value is frequent and apart. None in images of several channels, which are pictures, scores or
// vectors.
//
// Few pixels that lie still farther away are wild (wild_values.h) and are holes by then.
LoneValues FindLoneValues(ConstView image);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_LONE_VALUES_H_
