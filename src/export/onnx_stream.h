#ifndef DKN_SRC_EXPORT_ONNX_STREAM_H_
#define DKN_SRC_EXPORT_ONNX_STREAM_H_

#include <string>

#include "src/dkn/architecture.h"
#include "src/export/onnx_graph.h"
#include "src/net/safetensors.h"

namespace dkn {

// What the heads of one stream give, [count, phases, h, w]: the taps (a weight, two offsets for
// each of TapCount) outermost, and for each of h x w places the pixels that AddStitch makes of it.
// Empty where the stream has no such head.
struct OnnxHeads {
  OnnxGraph::Value weights;
  OnnxGraph::Value offsets;
};

// Adds a stream's convolutions. `image` is what the stream sees: the guide's channels (R, G, B
// whatever the architecture's order, or luma), the target's (TargetInput), or one after the other.
OnnxHeads AddStream(const TensorFile& file, const Architecture& architecture, Stream stream,
                    const OnnxGraph::Value& image, OnnxGraph& graph);

// Pixels from their phases: [n, phases, h, w] becomes [n, 1, H, W].
OnnxGraph::Value AddStitch(const std::string& name, OnnxGraph::Value value,
                           const Architecture& architecture, OnnxGraph& graph);

}  // namespace dkn

#endif  // DKN_SRC_EXPORT_ONNX_STREAM_H_
