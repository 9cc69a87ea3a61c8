#ifndef DKN_SRC_EXPORT_ONNX_SAMPLING_H_
#define DKN_SRC_EXPORT_ONNX_SAMPLING_H_

#include "dkn/architecture.h"
#include "src/export/onnx_graph.h"

namespace dkn {

// Paper: Eq. (4) to (7), the sum of Eq. (3) without f_p, as WeightedAverage: [1, 1, H, W].
//   target   [1, 1, H, W]
//   weights  [k * k, 1, H, W]
//   offsets  [k * k, 2, H, W], x and y in pixels; empty: 0
OnnxGraph::Value AddWeightedAverage(const Architecture& architecture,
                                    const OnnxGraph::Value& target, OnnxGraph::Value weights,
                                    const OnnxGraph::Value& offsets, OnnxGraph& graph);

}  // namespace dkn

#endif  // DKN_SRC_EXPORT_ONNX_SAMPLING_H_
