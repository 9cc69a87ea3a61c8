#ifndef DKN_SRC_EVAL_NEAREST_PIXEL_H_
#define DKN_SRC_EVAL_NEAREST_PIXEL_H_

#include <cstdint>
#include <vector>

namespace dkn::eval {

struct PixelPosition {
  int x = 0;
  int y = 0;

  bool operator==(const PixelPosition&) const = default;
};

// For each pixel, row by row, the nearest pixel of `mask` (width x height values, not 0 where a
// pixel belongs to it; at least one does) by Euclidean distance, exactly. Of several at the same
// distance the one in the leftmost column, and there the upper one: the first in MATLAB's order.
// Linear in the number of pixels: the lower envelope of parabolas, one for each column, of
// Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions (Theory of Computing
// 2012), in the integers of Meijster, Roerdink and Hesselink (2000), which make ties exact.
std::vector<PixelPosition> NearestPixels(const std::vector<std::uint8_t>& mask, int width,
                                         int height);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_NEAREST_PIXEL_H_
