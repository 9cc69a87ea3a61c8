#ifndef DKN_SRC_EXPORT_ONNX_NETWORK_H_
#define DKN_SRC_EXPORT_ONNX_NETWORK_H_

#include <cstdint>
#include <vector>

#include "dkn/architecture.h"
#include "src/net/safetensors.h"

namespace dkn {

// The images that an exported network takes; 0: of any size. Multiples of 4 otherwise.
struct OnnxImageSize {
  int width = 0;
  int height = 0;
};

// A network and its weights as an ONNX file (docs/model_format.md), for every Architecture. Results
// are those of Model in fp32, to rounding, images of any multiples of 4 from 4 x 4 included. What
// FilterInput tells of holes and ratio are inputs of the graph. Throws Error where a size is no
// multiple of 4, and as StreamConvolutions and CheckArchitecture do.
std::vector<std::uint8_t> OnnxNetwork(const TensorFile& file, const Architecture& architecture,
                                      const OnnxImageSize& size = {});

}  // namespace dkn

#endif  // DKN_SRC_EXPORT_ONNX_NETWORK_H_
