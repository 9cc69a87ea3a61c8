#ifndef DKN_SRC_NET_WINOGRAD_H_
#define DKN_SRC_NET_WINOGRAD_H_

#include <cstddef>
#include <span>
#include <vector>

#include "src/net/own_convolution.h"

namespace dkn {

// A layer of 3 x 3 or 5 x 5 by Winograd's algorithm (Lavin and Gray 2016).
class WinogradConvolution : public OwnConvolution {
 public:
  // Whether it can compute the layer: 3 x 3 or 5 x 5, stride and dilation 1, channels in sixteens.
  static bool Fits(const Layer& layer);

  // `weights`: out x in x kernel x kernel; `bias`: out. The layer must fit. Transforming the
  // weights takes a small part of what an image of 100 x 100 takes.
  WinogradConvolution(const Layer& layer, std::span<const float> weights,
                      std::span<const float> bias);

  static std::size_t ScratchFloats(const Layer& layer, int threads);
  void Run(const float* source, int width, int height, float* destination, int threads,
           float* scratch) const override;

 private:
  Layer layer_;
  std::vector<float> weights_;  // as WinogradFrame says
  std::vector<float> bias_;
};

}  // namespace dkn

#endif  // DKN_SRC_NET_WINOGRAD_H_
