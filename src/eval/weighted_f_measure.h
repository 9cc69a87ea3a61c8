#ifndef DKN_SRC_EVAL_WEIGHTED_F_MEASURE_H_
#define DKN_SRC_EVAL_WEIGHTED_F_MEASURE_H_

#include "src/eval/compared_views.h"

namespace dkn::eval {

// The weighted F-measure of a foreground map, from 0 to 1: Margolin, Zelnik-Manor and Tal, How to
// Evaluate Foreground Maps? (CVPR 2014), with beta = 1 and alpha = ln(0.5) / 5.
// `peak`, > 0, is the value of full foreground. The truth's foreground is where it exceeds half of
// it; the result is clipped to [0, peak], as a file of 8 bits would.
// Foreground pixels depend on each other by the mean of their errors, which a Gaussian of sigma 5,
// cut to 7 x 7, weighs. Any other pixel takes part in it with the error of its nearest foreground
// pixel (NearestPixels says which of several), a pixel beyond the image with 0. Window and border
// are those of the authors' program. Pixels of unknown truth are not counted and take part so too.
// Throws Error when the truth has more than one channel, a value outside [0, peak], or no
// foreground, which leaves the recall undefined. `views` must pass CheckValues.
double WeightedFMeasure(const ComparedViews& views, double peak);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_WEIGHTED_F_MEASURE_H_
