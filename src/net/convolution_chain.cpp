#include "src/net/convolution_chain.h"

#include <cstddef>

#include "dkn/error.h"

namespace dkn {
namespace {

// Whether layer i can add what layer i - 1 takes, which is the result of a layer before: both keep
// the size of images.
bool EndsBlock(const std::vector<Convolution>& chain, std::size_t i) {
  const auto keeps_size = [](const Layer& layer) {
    return layer.stride == 1 && 2 * layer.padding == layer.dilation * (layer.kernel - 1);
  };
  return i >= 2 && chain[i].layer.out == chain[i - 1].layer.in && !chain[i - 1].layer.residual &&
         keeps_size(chain[i - 1].layer) && keeps_size(chain[i].layer);
}

}  // namespace

void CheckChain(const std::vector<Convolution>& chain) {
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const Layer& layer = chain[i].layer;
    const std::size_t count =
        static_cast<std::size_t>(layer.in) * layer.out * layer.kernel * layer.kernel;
    if (layer.batch_norm || chain[i].weights.size() != count ||
        chain[i].bias.size() != static_cast<std::size_t>(layer.out) ||
        (i > 0 && layer.in != chain[i - 1].layer.out) || (layer.residual && !EndsBlock(chain, i))) {
      throw Error("layer '" + layer.name + "' does not fit its values or the layer before it");
    }
  }
}

}  // namespace dkn
