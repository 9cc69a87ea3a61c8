#ifndef DKN_SRC_EXPORT_ONNX_PYRAMID_H_
#define DKN_SRC_EXPORT_ONNX_PYRAMID_H_

#include <vector>

#include "src/export/onnx_graph.h"

namespace dkn {

// The target and its averages as TargetPyramid has them: `levels` images, the target itself first.
//   target    [1, 1, H, W]
//   measured  [1, 1, H, W], the share of each pixel that is measured
std::vector<OnnxGraph::Value> AddTargetPyramid(const OnnxGraph::Value& target,
                                               const OnnxGraph::Value& measured, int levels,
                                               OnnxGraph& graph);

}  // namespace dkn

#endif  // DKN_SRC_EXPORT_ONNX_PYRAMID_H_
