#ifndef DKN_SRC_NET_OWN_CONVOLUTION_H_
#define DKN_SRC_NET_OWN_CONVOLUTION_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "src/net/layer.h"

namespace dkn {

// Output channels whose weights lie beside each other, for each input value.
inline constexpr int kPanelChannels = 16;

// A layer in fp32 by kernels of our own, for processors for which oneDNN has none or slow ones.
// Immutable.
class OwnConvolution {
 public:
  virtual ~OwnConvolution() = default;

  // The layer for an image of width x height x in, channels innermost, to one of its `out`
  // channels; to that is added what the destination holds where the layer is residual. Results are
  // the same bits on any number of threads. `scratch`: OwnScratchFloats.
  virtual void Run(const float* source, int width, int height, float* destination, int threads,
                   float* scratch) const = 0;
};

// By Winograd's algorithm (src/net/winograd.h), of which layers of 3 x 3 have a quarter of the
// multiplications and those of 5 x 5 0.36, or directly (src/net/direct_convolution.h), any layer
// without groups.
enum class OwnAlgorithm { kWinograd, kDirect };

// How this processor computes a layer in fp32 so; none: by oneDNN. With AVX2 alone, for which
// oneDNN has no Winograd convolution, layers of 3 x 3 and 5 x 5: ours takes 0.35 to 0.55 of the
// time of its direct one (dkn_net_bench). On ARM every layer, as Debian's oneDNN has nothing but a
// plain reference there. `winograd`: whether it may be by that algorithm.
std::optional<OwnAlgorithm> ChooseOwnConvolution(const Layer& layer, bool winograd = true);

// `weights`: out x in x kernel x kernel; `bias`: out. The algorithm must fit the layer.
std::unique_ptr<OwnConvolution> MakeOwnConvolution(OwnAlgorithm algorithm, const Layer& layer,
                                                   std::span<const float> weights,
                                                   std::span<const float> bias);

// Floats that Run of what is made needs beside the images.
std::size_t OwnScratchFloats(OwnAlgorithm algorithm, const Layer& layer, int threads);

}  // namespace dkn

#endif  // DKN_SRC_NET_OWN_CONVOLUTION_H_
