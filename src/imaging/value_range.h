#ifndef DKN_SRC_IMAGING_VALUE_RANGE_H_
#define DKN_SRC_IMAGING_VALUE_RANGE_H_

#include "dkn/image.h"

namespace dkn {

struct ValueRange {
  float low = 0.0f;
  float high = 0.0f;
  bool operator==(const ValueRange&) const = default;
};

// The smallest and the largest finite value over all channels. Throws Error when none is finite.
ValueRange FiniteRange(ConstView image);

// to = (from - low) / (high - low). `to` may be `from`; sizes must match. Throws Error unless
// low < high: a constant image has no scale, and what becomes of it is the caller's to say (the
// joint filters' callers return it unchanged).
void Normalize(ConstView from, ValueRange range, View to);

// The inverse: to = low + from * (high - low).
void Denormalize(ConstView from, ValueRange range, View to);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_VALUE_RANGE_H_
