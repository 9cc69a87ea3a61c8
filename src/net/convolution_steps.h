#ifndef DKN_SRC_NET_CONVOLUTION_STEPS_H_
#define DKN_SRC_NET_CONVOLUTION_STEPS_H_

#include <algorithm>
#include <cstddef>
#include <oneapi/dnnl/dnnl.hpp>
#include <optional>
#include <vector>

#include "src/net/convolution_network.h"
#include "src/net/convolution_plan.h"

namespace dkn {

// A chain of convolutions in oneDNN's terms.

// Where a step's result lies: values between steps go to two buffers in turn, those of the last to
// the output. A residual layer adds to what its block takes where that lies, so a chain that ends
// with such blocks keeps it in the output.
enum class StepStorage { kFirst, kSecond, kOutput };

// A convolution, by oneDNN or by our own kernels, or the conversion of values to another type or
// layout. The convolution may be one
// of several `parts`, those of the layer's channels: the first part of the input gives a result,
// the further ones add to it.
struct StepDescription {
  std::optional<dnnl::convolution_forward::primitive_desc> convolution;
  std::optional<dnnl::convolution_forward::primitive_desc> addition;  // where parts.in > 1
  ChannelParts parts;
  std::size_t layer = 0;
  std::optional<std::size_t> own;  // by our own kernels: their scratchpad's bytes
  std::optional<dnnl::reorder::primitive_desc> conversion;
  dnnl::memory::desc source;  // of all parts together
  dnnl::memory::desc destination;
  StepStorage storage = StepStorage::kOutput;  // where the result goes

  std::size_t ScratchpadBytes() const {
    if (own) {
      return *own;
    }
    if (conversion) {
      return conversion->scratchpad_desc().get_size();
    }
    const std::size_t more = addition ? addition->scratchpad_desc().get_size() : 0;
    return std::max(convolution->scratchpad_desc().get_size(), more);
  }
};

// `scales`: WeightScales of each layer that multiplies in int8. Throws Error where the images are
// too small for the chain.
std::vector<StepDescription> DescribeChain(const dnnl::engine& engine,
                                           const std::vector<Convolution>& chain,
                                           const std::vector<std::vector<float>>& scales,
                                           const NetworkPlan& plan, int width, int height);

// Bytes of the memory that the steps share: two buffers and one scratchpad.
struct StorageSizes {
  std::size_t buffers[2] = {0, 0};
  std::size_t scratchpad = 0;
};

StorageSizes StorageOf(const std::vector<StepDescription>& steps);

// The weights of int8 layers have a scale for each output channel, what one unit of them stands
// for: 127 stands for the largest.
std::vector<float> WeightScales(const Convolution& convolution);

// What one unit of a u8 value stands for.
float UnitOf(const ValueFormat& format);

}  // namespace dkn

#endif  // DKN_SRC_NET_CONVOLUTION_STEPS_H_
