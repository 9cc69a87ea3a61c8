#include "src/export/onnx_sampling.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
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

// The place of each tap [begin, end) without an offset, x and y in turn.
std::vector<float> TapPlaces(const SamplingGrid<float>& grid, int begin, int end, float scale,
                             float origin) {
  std::vector<float> places;
  for (int tap = begin; tap < end; ++tap) {
    for (const int index : {grid.Column(tap), grid.Row(tap)}) {
      places.push_back(scale * static_cast<float>(index) + origin);
    }
  }
  return places;
}

std::vector<float> TapPlaces(const SamplingGrid<float>& grid) {
  return TapPlaces(grid, 0, grid.fine_taps, grid.scale, grid.origin);
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
  Value taps = graph.AddFloats("taps", {grid.fine_taps, 2, 1, 1}, TapPlaces(grid));
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

// Reads levels of the target for each of its pixels.
class Sampler {
 public:
  Sampler(const SamplingGrid<float>& grid, const Value& target, OnnxGraph& graph)
      : border_(grid.replicate_border ? "border" : "zeros"), graph_(graph) {
    const Value shape = graph_.AddNode("Shape", "shape", {target});
    const Value size = AddSize("size", target);
    pixels_ = graph_.AddNode(
        "Concat", "pixels",
        {AddCoordinate("x", 0, size, shape), AddCoordinate("y", 1, size, shape)}, {{"axis", 1}});
  }

  // What `count` taps read of a level, [count, 1, H, W]. Positions, [count, 2, H, W], are in pixels
  // of the level from each pixel's centre.
  Value Sample(const Value& image, int level, const Value& positions, int count) {
    const std::string name = "level" + std::to_string(level);
    // GridSample takes one image of places: those of the taps one below the other.
    const Value taps =
        graph_.AddNode("Transpose", name + ".taps", {AddNormalized(name, image, level, positions)},
                       {{"perm", Sizes{0, 2, 3, 1}}});
    const Value sampled =
        graph_.AddNode("GridSample", name + ".sampled",
                       {image, graph_.Reshape(name + ".grid", taps, {1, -1, 0, 2})},
                       {{"align_corners", 1}, {"mode", "bilinear"}, {"padding_mode", border_}});
    return graph_.Reshape(name + ".samples", sampled, {count, 1, -1, 0});
  }

 private:
  // Width and height, [2].
  Value AddSize(const std::string& name, const Value& image) {
    const Value shape = graph_.AddNode("Shape", name + ".shape", {image});
    const Value integers = graph_.AddNode("Gather", name + ".integers",
                                          {shape, graph_.AddIntegers(name + ".axes", {3, 2})});
    return graph_.AddNode("Cast", name, {integers},
                          {{"to", std::int64_t{onnx::TensorProto::FLOAT}}});
  }

  // [1, 1, H, W]: each pixel's column (index 0) or row (1). `size` is W, H.
  Value AddCoordinate(const std::string& name, std::int64_t index, const Value& size,
                      const Value& image_shape) {
    const Value count =
        graph_.AddNode("Squeeze", name + ".count",
                       {graph_.AddNode("Gather", name + ".size",
                                       {size, graph_.AddIntegers(name + ".index", {index})})});
    const Value range = graph_.AddNode(
        "Range", name + ".range",
        {graph_.AddScalar(name + ".first", 0.0f), count, graph_.AddScalar(name + ".step", 1.0f)});
    const Sizes along = index == 0 ? Sizes{1, 1, 1, -1} : Sizes{1, 1, -1, 1};
    return graph_.AddNode("Expand", name,
                          {graph_.Reshape(name + ".along", range, along), image_shape});
  }

  // Where GridSample is to read: -1 at the level's first column or row, 1 at its last; of a level
  // of one column or row there is nothing but that. [taps, 2, H, W].
  Value AddNormalized(const std::string& name, const Value& image, int level,
                      const Value& positions) {
    const Value one = graph_.AddScalar(name + ".one", 1.0f);
    const Value last = graph_.AddNode(
        "Max", name + ".last",
        {graph_.AddNode("Sub", name + ".less_one", {AddSize(name + ".size", image), one}), one});
    const Value step =
        graph_.Reshape(name + ".pixel",
                       graph_.AddNode("Div", name + ".pixel_sizes",
                                      {graph_.AddScalar(name + ".extent", 2.0f), last}),
                       {1, 2, 1, 1});
    const Value centres =
        graph_.AddNode("Mul", name + ".centres.scaled", {AddCentres(name, level), step});
    const Value origin = graph_.AddNode("Sub", name + ".centres.normalized", {centres, one});
    return graph_.AddNode(
        "Add", name + ".normalized",
        {graph_.AddNode("Mul", name + ".positions.scaled", {positions, step}), origin});
  }

  // Each pixel's centre in pixels of a level (TargetPyramid).
  Value AddCentres(const std::string& name, int level) {
    if (level == 0) {
      return pixels_;
    }
    const float scale = std::ldexp(1.0f, -level);
    return graph_.AddNode("Add", name + ".centres",
                          {graph_.AddNode("Mul", name + ".centres.steps",
                                          {pixels_, graph_.AddScalar(name + ".scale", scale)}),
                           graph_.AddScalar(name + ".first", 0.5f * scale - 0.5f)});
  }

  const std::string border_;
  OnnxGraph& graph_;
  Value pixels_;  // the target's columns and rows, [1, 2, H, W]
};

// SampleTap of all taps of a coarser level.
Value AddLevel(const SamplingGrid<float>& grid, const std::vector<Value>& pyramid, int level,
               const Value& offsets, Sampler& sampler, OnnxGraph& graph) {
  const std::string name = "level" + std::to_string(level);
  const int count = grid.coarse_size * grid.coarse_size;
  const int begin = grid.fine_taps + (level - 1) * count;
  const Value own = graph.Slice(name + ".offsets", offsets, 0, begin, begin + count);
  // SamplingGrid::LevelPosition, less the pixel's centre.
  const float origin = -0.5f * static_cast<float>(grid.coarse_size - 1);
  const Value positions = graph.AddNode(
      "Add", name + ".positions",
      {graph.Clip(name + ".offsets.clamped", own, -grid.max_coarse_offset, grid.max_coarse_offset),
       graph.AddFloats(name + ".grid_places", {count, 2, 1, 1},
                       TapPlaces(grid, begin, begin + count, 1.0f, origin))});
  const Value samples =
      sampler.Sample(pyramid[static_cast<std::size_t>(level)], level, positions, count);
  return grid.residual ? graph.AddNode("Sub", name + ".differences", {samples, pyramid.front()})
                       : samples;
}

}  // namespace

Value AddWeightedAverage(const Architecture& architecture, const std::vector<Value>& pyramid,
                         Value weights, const Value& offsets, OnnxGraph& graph) {
  const SamplingGrid<float> grid(architecture);
  const Value& target = pyramid.front();
  Sampler sampler(grid, target, graph);
  const Value own =
      grid.levels == 1 ? offsets : graph.Slice("offsets.own", offsets, 0, 0, grid.fine_taps);
  const SamplePlaces places = AddWindow(grid, AddPositions(grid, own, graph), graph);
  std::vector<Value> levels{sampler.Sample(target, 0, places.positions, grid.fine_taps)};
  for (int level = 1; level < grid.levels; ++level) {
    levels.push_back(AddLevel(grid, pyramid, level, offsets, sampler, graph));
  }
  const Value samples =
      grid.levels == 1 ? levels.front() : graph.AddNode("Concat", "samples", levels, {{"axis", 0}});
  if (!places.fade.empty()) {
    weights = graph.AddNode("Mul", "weights.faded", {weights, places.fade});
  }
  return graph.AddNode("ReduceSum", "average",
                       {graph.AddNode("Mul", "samples.weighted", {weights, samples}),
                        graph.AddIntegers("average.axes", {0})},
                       {{"keepdims", 1}});
}

}  // namespace dkn
