#ifndef DKN_SRC_NET_PIXEL_ADAPTIVE_H_
#define DKN_SRC_NET_PIXEL_ADAPTIVE_H_

namespace dkn {

// A pixel-adaptive convolution, transposed, that doubles an image's size (Su, Jampani, Sun, Gallo,
// Learned-Miller, Kautz, CVPR 2019):
//   y[o, p] = bias[o] + sum over c, t of weight[c, o, t] K(p, q) z[c, q],  q = p + t - (k - 1) / 2
//   K(p, q) = exp(-|f_p - f_q|^2 / 2)
// with t over the k x k taps, z the image whose pixel (x, y) lies at (2 x, 2 y) and that is 0
// elsewhere, and f the features of the result's pixels. The weights are not turned round, as those
// of a transposed convolution are.
struct PixelAdaptiveLayer {
  int in;
  int out;
  int features;
  int kernel;            // k, odd
  const float* weights;  // in x out x k x k
  const float* bias;     // out
};

// The layer's result for an image of width x height pixels, of twice its size. All values have
// their channels innermost.
void PixelAdaptive(const PixelAdaptiveLayer& layer, const float* image, int width, int height,
                   const float* features, float* result);

}  // namespace dkn

#endif  // DKN_SRC_NET_PIXEL_ADAPTIVE_H_
