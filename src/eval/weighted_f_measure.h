#ifndef DKN_SRC_EVAL_WEIGHTED_F_MEASURE_H_
#define DKN_SRC_EVAL_WEIGHTED_F_MEASURE_H_

#include "src/eval/compared_views.h"

namespace dkn {

// The weighted F-measure of a foreground map, from 0 to 1: Margolin, Zelnik-Manor and Tal, How to
// Evaluate Foreground Maps? (CVPR 2014), with beta = 1, sigma^2 = 5 ^ 2 and alpha = ln(0.5) / 5.
// `peak`, > 0, is the value of full foreground. The truth's foreground is where it exceeds half of
// it; the result is clipped to [0, peak], as a file of 8 bits would.
// The paper's dependency between foreground pixels is their errors' mean, weighted by a Gaussian,
// 7 x 7; a pixel that is not foreground takes part with the error of its nearest foreground pixel
// (NearestPixels says which of several), a pixel beyond the image with 0. So does the authors'
// program. Pixels of unknown truth count nowhere and take part like background.
// Throws Error when the truth has more than one channel or a value outside [0, peak], or has no
// foreground, which leaves the recall undefined. `views` must pass CheckValues.
double WeightedFMeasure(const ComparedViews& views, double peak);

}  // namespace dkn

#endif  // DKN_SRC_EVAL_WEIGHTED_F_MEASURE_H_
