#include "src/export/onnx_pyramid.h"

#include <string>

#include "src/dkn/target_pyramid.h"

namespace dkn {
namespace {

using Value = OnnxGraph::Value;
using Sizes = OnnxGraph::Sizes;

// Means of 2 x 2 pixels. The last row and column are repeated once: where their number is even
// already, the pool leaves the repeated ones out.
Value AddHalf(const std::string& name, const Value& image, OnnxGraph& graph) {
  const Value padded = graph.AddNode(
      "Pad", name + ".padded",
      {image, graph.AddIntegers(name + ".padding", {0, 0, 0, 0, 0, 0, 1, 1})}, {{"mode", "edge"}});
  return graph.AddNode("AveragePool", name, {padded},
                       {{"kernel_shape", Sizes{2, 2}}, {"strides", Sizes{2, 2}}});
}

}  // namespace

std::vector<Value> AddTargetPyramid(const Value& target, const Value& measured, int levels,
                                    OnnxGraph& graph) {
  std::vector<Value> pyramid{target};
  if (levels == 1) {
    return pyramid;
  }
  const Value weight = graph.AddNode(
      "Max", "pyramid.weight", {measured, graph.AddScalar("pyramid.filled_weight", kFilledWeight)});
  const Value weighted = graph.AddNode("Mul", "pyramid.weighted", {target, weight});
  // The mean of weighted values, and of weights: their ratio is the weighted mean.
  Value means = graph.AddNode("Concat", "pyramid.means", {weighted, weight}, {{"axis", 1}});
  for (int level = 1; level < levels; ++level) {
    const std::string name = "pyramid" + std::to_string(level);
    means = AddHalf(name + ".means", means, graph);
    pyramid.push_back(graph.AddNode("Div", name,
                                    {graph.Slice(name + ".weighted", means, 1, 0, 1),
                                     graph.Slice(name + ".weight", means, 1, 1, 2)}));
  }
  return pyramid;
}

}  // namespace dkn
