#ifndef DKN_SRC_RIVALS_GUIDED_LAYER_H_
#define DKN_SRC_RIVALS_GUIDED_LAYER_H_

#include "dkn/image.h"

namespace dkn {

// Wu, Zheng, Zhang, Huang: Fast end-to-end trainable guided filter, CVPR 2018. In the window of
// 2 radius + 1 pixels around each pixel, cut at the border, a channel of the target is fitted by an
// affine function of one channel of the guide, with means over the pixels in the image:
//   A = cov(guide, target) / (var(guide) + epsilon),  b = mean(target) - A mean(guide)
// These are scalars: no covariance of colours, as `guided` has.
struct GuidedLayer {
  int radius = 4;  // as are both, what the authors filter a DeepLab's scores with
  double epsilon = 1e-2;
};

// Guides have as many channels as the target, one for each, or one for all of them; no values are
// promised to be in [0, 1]. Sums are in double, so that an epsilon of 1e-8 is what it says. Throw
// Error where sizes or channels do not fit, radius is not from 0 to 1000, or epsilon is not above
// 0.

// A and b are averaged over the windows that hold a pixel: the result is their affine function of
// `guide` there. The layer for images of one size.
Image FullGuidedLayer(const GuidedLayer& layer, ConstView guide, ConstView target);
// A and b are fitted at a lower size, enlarged to that of `guide` (bilinear, the centres of the
// corner pixels on each other, without averaging first), and applied to it.
Image FastGuidedLayer(const GuidedLayer& layer, ConstView low_guide, ConstView low_target,
                      ConstView guide);

// The gradients of sum(cotangent * result), by the images that the layer was given.
struct GuidedGradients {
  Image guide;
  Image target;
  Image high_guide;  // of the fast layer: by `guide`, where `guide` above is by `low_guide`
};
GuidedGradients FullGuidedGradients(const GuidedLayer& layer, ConstView guide, ConstView target,
                                    ConstView cotangent);
GuidedGradients FastGuidedGradients(const GuidedLayer& layer, ConstView low_guide,
                                    ConstView low_target, ConstView guide, ConstView cotangent);

}  // namespace dkn

#endif  // DKN_SRC_RIVALS_GUIDED_LAYER_H_
