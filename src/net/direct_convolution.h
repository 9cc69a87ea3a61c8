#ifndef DKN_SRC_NET_DIRECT_CONVOLUTION_H_
#define DKN_SRC_NET_DIRECT_CONVOLUTION_H_

#include <cstddef>
#include <span>
#include <vector>

#include "src/net/own_convolution.h"

namespace dkn {

// A layer of any kernel, stride and dilation, without groups: what a result sees is gathered to one
// row, and rows are multiplied by the weights.
class DirectConvolution : public OwnConvolution {
 public:
  // `weights`: out x in x kernel x kernel; `bias`: out.
  DirectConvolution(const Layer& layer, std::span<const float> weights,
                    std::span<const float> bias);

  static std::size_t ScratchFloats(const Layer& layer, int threads);
  void Run(const float* source, int width, int height, float* destination, int threads,
           float* scratch) const override;

 private:
  Layer layer_;
  std::vector<float> weights_;  // panels of kPanelChannels, zeros behind the last channel; in each
                                // kernel x kernel x in x kPanelChannels
  std::vector<float> bias_;
};

}  // namespace dkn

#endif  // DKN_SRC_NET_DIRECT_CONVOLUTION_H_
