#ifndef DKN_SRC_EXPORT_ONNX_SAMPLING_H_
#define DKN_SRC_EXPORT_ONNX_SAMPLING_H_

#include <vector>

#include "dkn/architecture.h"
#include "src/export/onnx_graph.h"

namespace dkn {

// Paper: Eq. (4) to (7), the sum of Eq. (3) without f_p, as WeightedAverage: [1, 1, H, W].
//   pyramid  the target, [1, 1, H, W], and its coarser levels (AddTargetPyramid)
//   weights  [taps, 1, H, W], as many as TapCount
//   offsets  [taps, 2, H, W], x and y in pixels of the tap's level; empty: 0
OnnxGraph::Value AddWeightedAverage(const Architecture& architecture,
                                    const std::vector<OnnxGraph::Value>& pyramid,
                                    OnnxGraph::Value weights, const OnnxGraph::Value& offsets,
                                    OnnxGraph& graph);

}  // namespace dkn

#endif  // DKN_SRC_EXPORT_ONNX_SAMPLING_H_
