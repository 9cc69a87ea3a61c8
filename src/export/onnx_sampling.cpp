#include "src/export/onnx_sampling.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "src/dkn/plain_kernel.h"

namespace dkn {
namespace {

using Value = OnnxGraph::Value;
using Sizes = OnnxGraph::Sizes;

// Where the target is sampled, in pixels from each pixel, [taps, 2, H, W], and, where the window
// fades, a factor for each sample, [taps, 1, H, W]. Without offsets height and width are 1.
struct SamplePlaces {
  Value positions;
  Value fade;  // empty: 1
};

std::int64_t TapCount(const SamplingGrid<float>& grid) {
  return std::int64_t{grid.kernel_size} * grid.kernel_size;
}

// Each tap's place without an offset, x and y in turn.
std::vector<float> TapPlaces(const SamplingGrid<float>& grid) {
  std::vector<float> places;
  for (int tap = 0; tap < TapCount(grid); ++tap) {
    for (const int index : {grid.Column(tap), grid.Row(tap)}) {
      places.push_back(grid.scale * static_cast<float>(index) + grid.origin);
    }
  }
  return places;
}

// The farthest that a tap lies from its pixel where offsets are clamped.
float Reach(const SamplingGrid<float>& grid, const std::vector<float>& places) {
  float reach = 0.0f;
  for (const float place : places) {
    reach = std::max(reach, std::abs(place) + std::abs(grid.scale) * grid.max_offset);
  }
  return reach;
}

// Paper: Eq. (4), as SamplingGrid::Position.
Value AddPositions(const SamplingGrid<float>& grid, Value offsets, OnnxGraph& graph) {
  Value taps = graph.AddFloats("taps", {TapCount(grid), 2, 1, 1}, TapPlaces(grid));
  if (offsets.empty()) {
    return taps;
  }
  if (grid.clamp_window) {
    offsets = graph.Clip("offsets.clamped", offsets, -grid.max_offset, grid.max_offset);
  }
  if (grid.scale != 1.0f) {
    offsets = graph.AddNode("Mul", "offsets.scaled",
                            {offsets, graph.AddScalar("grid_scale", grid.scale)});
  }
  return graph.AddNode("Add", "positions", {taps, offsets});
}

// The rules of the window. Between the last pixel of a window of kZero and the 0 beyond it, a
// bilinear sample is the sample at that last pixel and fades with the distance from it.
SamplePlaces AddWindow(const SamplingGrid<float>& grid, const Value& positions, OnnxGraph& graph) {
  const auto radius = static_cast<float>(grid.radius);
  const float beyond = radius + 1.0f;
  if (grid.clamp_window) {
    return {Reach(grid, TapPlaces(grid)) > beyond
                ? graph.Clip("positions.limited", positions, -beyond, beyond)
                : positions,
            ""};
  }
  const Value distance = graph.AddNode("Abs", "fade.distance", {positions});
  const Value left =
      graph.AddNode("Sub", "fade.left", {graph.AddScalar("fade.window", beyond), distance});
  const Value fade =
      graph.AddNode("ReduceProd", "fade", {graph.Clip("fade.directions", left, 0.0f, 1.0f)},
                    {{"axes", Sizes{1}}, {"keepdims", 1}});
  return {graph.Clip("positions.limited", positions, -radius, radius), fade};
}

// [1, 1, H, W]: each pixel's column (index 0) or row (1). `size` is W, H.
Value AddCoordinate(const std::string& name, std::int64_t index, const Value& size,
                    const Value& image_shape, OnnxGraph& graph) {
  const Value count =
      graph.AddNode("Squeeze", name + ".count",
                    {graph.AddNode("Gather", name + ".size",
                                   {size, graph.AddIntegers(name + ".index", {index})})});
  const Value range = graph.AddNode(
      "Range", name + ".range",
      {graph.AddScalar(name + ".first", 0.0f), count, graph.AddScalar(name + ".step", 1.0f)});
  const Sizes along = index == 0 ? Sizes{1, 1, 1, -1} : Sizes{1, 1, -1, 1};
  return graph.AddNode("Expand", name, {graph.Reshape(name + ".along", range, along), image_shape});
}

// From pixels from each pixel to what GridSample takes: -1 at the image's first column or row, 1 at
// its last. [taps, 2, H, W].
Value AddNormalization(const Value& target, const Value& positions, OnnxGraph& graph) {
  const Value one = graph.AddScalar("one", 1.0f);
  const Value shape = graph.AddNode("Shape", "shape", {target});
  const Value integers =
      graph.AddNode("Gather", "size.integers", {shape, graph.AddIntegers("size.axes", {3, 2})});
  const Value size =
      graph.AddNode("Cast", "size", {integers}, {{"to", std::int64_t{onnx::TensorProto::FLOAT}}});
  const Value last = graph.AddNode("Sub", "size.last", {size, one});
  const Value step = graph.Reshape(
      "pixel", graph.AddNode("Div", "pixel.sizes", {graph.AddScalar("two", 2.0f), last}),
      {1, 2, 1, 1});
  const Value pixels = graph.AddNode(
      "Concat", "pixels",
      {AddCoordinate("x", 0, size, shape, graph), AddCoordinate("y", 1, size, shape, graph)},
      {{"axis", 1}});
  const Value origin = graph.AddNode("Sub", "pixels.normalized",
                                     {graph.AddNode("Mul", "pixels.scaled", {pixels, step}), one});
  const Value scaled = graph.AddNode("Mul", "positions.scaled", {positions, step});
  return graph.AddNode("Add", "positions.normalized", {scaled, origin});
}

}  // namespace

Value AddWeightedAverage(const Architecture& architecture, const Value& target, Value weights,
                         const Value& offsets, OnnxGraph& graph) {
  const SamplingGrid<float> grid(architecture);
  const SamplePlaces places = AddWindow(grid, AddPositions(grid, offsets, graph), graph);
  const Value normalized = AddNormalization(target, places.positions, graph);
  // GridSample takes one image of places: those of the taps one below the other.
  const Value list = graph.Reshape(
      "grid", graph.AddNode("Transpose", "grid.taps", {normalized}, {{"perm", Sizes{0, 2, 3, 1}}}),
      {1, -1, 0, 2});
  const Value sampled =
      graph.AddNode("GridSample", "samples", {target, list},
                    {{"align_corners", 1},
                     {"mode", "bilinear"},
                     {"padding_mode", grid.replicate_border ? "border" : "zeros"}});
  const Value samples = graph.Reshape("samples.taps", sampled, {TapCount(grid), 1, -1, 0});
  if (!places.fade.empty()) {
    weights = graph.AddNode("Mul", "weights.faded", {weights, places.fade});
  }
  return graph.AddNode("ReduceSum", "average",
                       {graph.AddNode("Mul", "samples.weighted", {weights, samples}),
                        graph.AddIntegers("average.axes", {0})},
                       {{"keepdims", 1}});
}

}  // namespace dkn
