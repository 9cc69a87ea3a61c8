#ifndef DKN_RESAMPLE_H_
#define DKN_RESAMPLE_H_

#include <string>

#include "dkn/export.h"
#include "dkn/image.h"

namespace dkn {

// The filters of Pillow's Image.resize. All but nearest are antialiased: when an axis shrinks by a
// factor s, the filter is stretched by s.
enum class Resampler {
  kNearest,
  kBox,
  kBilinear,
  kBicubic,  // Keys, a = -0.5; OpenCV's bicubic (a = -0.75, no antialiasing) is another filter
  kLanczos,  // a = 3
};

// "nearest", "box", "bilinear", "bicubic" and "lanczos". Parsing any other name throws Error.
DKN_EXPORT Resampler ParseResampler(const std::string& name);
DKN_EXPORT std::string ToString(Resampler resampler);

// The whole of `source` at width x height pixels, each channel by itself, any ratio up or down.
// Pixel i covers [i, i + 1): corners are aligned, centres are not. At the border the filter is cut
// off and its weights sum to 1 again. Values are not clipped, so bicubic and Lanczos overshoot at
// edges. Differs from Pillow's Image.resize in mode 'F' by at most 1e-5 of the value range. A
// non-finite value spreads over the filter's support. Throws Error when a size is less than 1.
DKN_EXPORT Image Resize(ConstView source, int width, int height, Resampler resampler);

// Subsampling without a filter, as some papers degrade their ground truth. One pixel of each
// scale x scale cell, the size rounded down: cells cut off at right and bottom give nothing.
// Throws Error when scale is less than 1 or `source` holds no whole cell.
//   last:   column and row scale - 1 (DJF, Li et al., ECCV 2016)
//   center: column and row (scale - 1) / 2, rounded down (PAC, Su et al., CVPR 2019)
DKN_EXPORT Image SubsampleLastPixel(ConstView source, int scale);
DKN_EXPORT Image SubsampleCenterPixel(ConstView source, int scale);

}  // namespace dkn

#endif  // DKN_RESAMPLE_H_
