#ifndef DKN_WEB_WASM_ONNX_CHAIN_H_
#define DKN_WEB_WASM_ONNX_CHAIN_H_

#include <cstdint>
#include <vector>

#include "src/net/convolution_network.h"

namespace dkn {

// A chain of convolutions as the bytes of an ONNX file, operator set 16, for images of any size:
// input `image` [1, H, W, in], output `values` [1, H', W', out], channels innermost as in a
// ConvolutionNetwork::Session. (src/export writes whole networks, by a library that the page would
// have to carry.)
std::vector<std::uint8_t> OnnxChain(const std::vector<Convolution>& chain);

}  // namespace dkn

#endif  // DKN_WEB_WASM_ONNX_CHAIN_H_
