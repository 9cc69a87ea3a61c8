#ifndef DKN_SRC_EVAL_SSIM_H_
#define DKN_SRC_EVAL_SSIM_H_

#include "src/eval/compared_views.h"

namespace dkn::eval {

// Mean structural similarity: Wang, Bovik, Sheikh and Simoncelli, Image Quality Assessment: From
// Error Visibility to Structural Similarity (IEEE TIP 2004), Eq. (13) with its K1 = 0.01,
// K2 = 0.03 and its window, 11 x 11 and Gaussian with sigma 1.5, whose weights give biased
// variances. The mean is over all windows that lie inside the image and hold no unknown value of
// the truth, over all channels; nothing is subsampled first. What scikit-image calls
// structural_similarity(gaussian_weights=True, sigma=1.5, use_sample_covariance=False).
// `peak`, > 0, is the data's range. 1 for equal images, at least -1. Throws Error where no window
// counts. `views` must pass CheckValues.
double Ssim(const ComparedViews& views, double peak);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_SSIM_H_
