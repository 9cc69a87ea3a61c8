#ifndef DKN_SRC_IMAGING_ZEROS_H_
#define DKN_SRC_IMAGING_ZEROS_H_

#include "dkn/frame.h"
#include "dkn/image.h"

namespace dkn {

int CountZeros(ConstView image);

// Whether 0 stands for no measurement in a target of this integer type, as in depth and disparity,
// or is a value, as in pictures, masks, scores and labels. It is a value
// - in images of several channels;
// - where the largest value is at most 255, unless 0 is apart: 16 other values at least, of 8 and
//   more, and from 0 to the smallest 4 times as far as they lie apart from each other on average;
// - else where the others are few, at most 64 and one for 16 pixels, and the smallest is below 64,
//   as labels are, or there are one or two up to 65535, as in masks.
// Zeros alone are a sensor's that saw nothing, in 16 bits, and an empty mask in 8.
bool ZeroIsHole(ConstView image, SampleType type);

}  // namespace dkn

#endif  // DKN_SRC_IMAGING_ZEROS_H_
