#ifndef DKN_SRC_NET_TEST_GRAPH_H_
#define DKN_SRC_NET_TEST_GRAPH_H_

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "dkn/image.h"
#include "src/net/graph.h"
#include "src/net/layer.h"
#include "src/net/test_primal_dual.h"

namespace dkn {

// For tests: random values for a graph, and what it gives by its definition.

inline TensorFile RandomTensors(const Graph& graph, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0f, 1.0f);
  TensorFile file;
  for (const auto& [name, shape] : TensorShapes(graph)) {
    std::size_t count = 1;
    for (const std::int64_t size : shape) {
      count *= static_cast<std::size_t>(size);
    }
    // So that a layer's results are about as large as what it takes.
    const float deviation =
        shape.size() == 4 ? 1.0f / std::sqrt(static_cast<float>(shape[1] * shape[2] * shape[3]))
                          : 0.3f;
    std::vector<float> values(count);
    const double start = LogarithmAtStart(name).value_or(0.0);
    // Of batch normalisation about 1 times.
    const bool factor =
        name.ends_with(".running_var") || (name.ends_with(".weight") && shape.size() == 1);
    std::generate(values.begin(), values.end(), [&] {
      return factor ? std::exp(deviation * normal(random))
                    : static_cast<float>(start) + deviation * normal(random);
    });
    file.tensors[name] = {shape, std::move(values)};
  }
  return file;
}

class PlainGraph {
 public:
  PlainGraph(const Graph& graph, const TensorFile& file) : graph_(graph), file_(file) {}

  Image Run(const std::vector<Image>& inputs) const {
    std::vector<GraphSize> sizes;
    for (const Image& input : inputs) {
      sizes.push_back({input.width(), input.height()});
    }
    sizes = NodeSizes(graph_, sizes);
    std::vector<Image> results;
    std::size_t input = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const Node& node = graph_.nodes()[i];
      if (node.kind == NodeKind::kInput) {
        results.push_back(Image::Clone(inputs[input++]));
        continue;
      }
      Image result(sizes[i].width, sizes[i].height, node.channels);
      switch (node.kind) {
        case NodeKind::kConvolution:
          Convolve(node, results[Before(node)], result);
          break;
        case NodeKind::kTransposedConvolution:
          Spread(node, results[Before(node)], result);
          break;
        case NodeKind::kPixelAdaptive:
          Adapt(node, results[Before(node)], results[static_cast<std::size_t>(node.inputs[1])],
                result);
          break;
        case NodeKind::kReduction:
          Reduce(node, results[Before(node)], result);
          break;
        case NodeKind::kMaxPooling:
          Pool(node, results[Before(node)], result);
          break;
        case NodeKind::kSum:
          Add(node, results, result);
          break;
        case NodeKind::kPrimalDual:
          result = PlainPrimalDual(LayerOf(node), results[Before(node)],
                                   results[static_cast<std::size_t>(node.inputs[1])])
                       .primal();
          break;
        default:
          Concatenate(node, results, result);
      }
      results.push_back(std::move(result));
    }
    return std::move(results.back());
  }

 private:
  static std::size_t Before(const Node& node) {
    return static_cast<std::size_t>(node.inputs.front());
  }
  static bool Inside(const Image& image, int x, int y) {
    return x >= 0 && y >= 0 && x < image.width() && y < image.height();
  }
  // Of [first][second][kernel][kernel].
  float Weight(const Node& node, int seconds, int first, int second, int i, int j) const {
    const int k = node.window.kernel;
    return file_.tensors.at(node.name + ".weight")
        .values[static_cast<std::size_t>(((first * seconds + second) * k + j) * k + i)];
  }
  float Follow(const Node& node, int channel, double sum) const {
    const auto c = static_cast<std::size_t>(channel);
    const std::string& norm = node.follower.batch_norm;
    const auto of = [&](const std::string& name) -> double {
      return file_.tensors.at(name).values[c];
    };
    const double value = norm.empty()
                             ? sum + of(node.name + ".bias")
                             : of(norm + ".weight") * (sum - of(norm + ".running_mean")) /
                                       std::sqrt(of(norm + ".running_var") + kBatchNormEpsilon) +
                                   of(norm + ".bias");
    if (value >= 0.0) {
      return static_cast<float>(value);
    }
    if (!node.follower.prelu.empty()) {
      return static_cast<float>(value * file_.tensors.at(node.follower.prelu + ".slope").values[c]);
    }
    return node.follower.activation == Activation::kRelu ? 0.0f : static_cast<float>(value);
  }

  void Convolve(const Node& node, const Image& from, Image& to) const {
    const Window& w = node.window;
    const int ins = from.channels() / node.groups;
    for (int o = 0; o < to.channels(); ++o) {
      const int first = o / (to.channels() / node.groups) * ins;
      for (int y = 0; y < to.height(); ++y) {
        for (int x = 0; x < to.width(); ++x) {
          double sum = 0.0;
          for (int c = 0; c < ins; ++c) {
            for (int j = 0; j < w.kernel; ++j) {
              for (int i = 0; i < w.kernel; ++i) {
                const int u = w.stride * x + w.dilation * i - w.padding;
                const int v = w.stride * y + w.dilation * j - w.padding;
                sum += Inside(from, u, v) ? static_cast<double>(from(u, v, first + c)) *
                                                Weight(node, ins, o, c, i, j)
                                          : 0.0;
              }
            }
          }
          to(x, y, o) = Follow(node, o, sum);
        }
      }
    }
  }

  void Spread(const Node& node, const Image& from, Image& to) const {
    const Window& w = node.window;
    std::vector<double> sums(to.size());
    for (int c = 0; c < from.channels(); ++c) {
      for (int y = 0; y < from.height(); ++y) {
        for (int x = 0; x < from.width(); ++x) {
          for (int o = 0; o < to.channels(); ++o) {
            for (int j = 0; j < w.kernel; ++j) {
              for (int i = 0; i < w.kernel; ++i) {
                const int u = w.stride * x + i - w.padding;
                const int v = w.stride * y + j - w.padding;
                if (Inside(to, u, v)) {
                  sums[static_cast<std::size_t>((o * to.height() + v) * to.width() + u)] +=
                      static_cast<double>(from(x, y, c)) * Weight(node, to.channels(), c, o, i, j);
                }
              }
            }
          }
        }
      }
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const auto plane = static_cast<std::size_t>(to.width()) * to.height();
      to.data()[i] = Follow(node, static_cast<int>(i / plane), sums[i]);
    }
  }

  // By the formula, zeros and all.
  void Adapt(const Node& node, const Image& from, const Image& features, Image& to) const {
    const int reach = (node.window.kernel - 1) / 2;
    for (int o = 0; o < to.channels(); ++o) {
      for (int y = 0; y < to.height(); ++y) {
        for (int x = 0; x < to.width(); ++x) {
          double sum = 0.0;
          for (int j = 0; j < node.window.kernel; ++j) {
            for (int i = 0; i < node.window.kernel; ++i) {
              const int u = x + i - reach;
              const int v = y + j - reach;
              if (!Inside(to, u, v) || u % 2 != 0 || v % 2 != 0) {
                continue;
              }
              double distance = 0.0;
              for (int c = 0; c < features.channels(); ++c) {
                distance += std::pow(features(x, y, c) - features(u, v, c), 2.0);
              }
              for (int c = 0; c < from.channels(); ++c) {
                sum += std::exp(-0.5 * distance) * from(u / 2, v / 2, c) *
                       Weight(node, to.channels(), c, o, i, j);
              }
            }
          }
          to(x, y, o) = Follow(node, o, sum);
        }
      }
    }
  }

  // Bilinear, at the centres of cells.
  static void Reduce(const Node& node, const Image& from, Image& to) {
    const double step = node.window.stride;
    for (int c = 0; c < to.channels(); ++c) {
      for (int y = 0; y < to.height(); ++y) {
        for (int x = 0; x < to.width(); ++x) {
          const int u = static_cast<int>((x + 0.5) * step - 0.5);  // half a pixel before the centre
          const int v = static_cast<int>((y + 0.5) * step - 0.5);
          to(x, y, c) = 0.25f * (from(u, v, c) + from(u + 1, v, c) + from(u, v + 1, c) +
                                 from(u + 1, v + 1, c));
        }
      }
    }
  }

  static void Pool(const Node& node, const Image& from, Image& to) {
    const Window& w = node.window;
    for (int c = 0; c < to.channels(); ++c) {
      for (int y = 0; y < to.height(); ++y) {
        for (int x = 0; x < to.width(); ++x) {
          float largest = -std::numeric_limits<float>::infinity();
          for (int j = 0; j < w.kernel; ++j) {
            for (int i = 0; i < w.kernel; ++i) {
              const int u = w.stride * x + i - w.padding;
              const int v = w.stride * y + j - w.padding;
              largest = Inside(from, u, v) ? std::max(largest, from(u, v, c)) : largest;
            }
          }
          to(x, y, c) = largest;
        }
      }
    }
  }

  static void Concatenate(const Node& node, const std::vector<Image>& results, Image& to) {
    int channel = 0;
    for (const int input : node.inputs) {
      const Image& from = results[static_cast<std::size_t>(input)];
      for (int c = 0; c < from.channels(); ++c) {
        Copy(from.view().Channel(c), to.view().Channel(channel++));
      }
    }
  }

  static void Add(const Node& node, const std::vector<Image>& results, Image& to) {
    for (std::size_t i = 0; i < to.size(); ++i) {
      double sum = 0.0;
      for (const int input : node.inputs) {
        sum += results[static_cast<std::size_t>(input)].data()[i];
      }
      const bool relu = node.follower.activation == Activation::kRelu;
      to.data()[i] = static_cast<float>(relu ? std::max(sum, 0.0) : sum);
    }
  }

  PrimalDualLayer LayerOf(const Node& node) const {
    return PrimalDualFrom([&](const char* of) -> const auto& {
      return file_.tensors.at(node.name + "." + of).values;
    });
  }

  const Graph& graph_;
  const TensorFile& file_;
};

// Another one: features of 4 w x 4 h pixels enlarge an image of w x h.
inline Graph AdaptiveGraph() {
  Graph graph;
  const int image = graph.Input("image", 2);
  const int guide = graph.Input("guide", 3);
  const int features = graph.Convolution("features", guide, 3, {.kernel = 3, .padding = 1});
  const int twice = graph.PixelAdaptive("first", image, graph.Reduction(features, 2), 4, 5,
                                        {.activation = Activation::kRelu});
  graph.PixelAdaptive("second", twice, features, 3, 3, {.prelu = "second_prelu"});
  return graph;
}

// With batch normalisation, layers by channel and sums, as residual networks have them.
inline Graph ResidualGraph() {
  Graph graph;
  const Follower relu{.activation = Activation::kRelu, .batch_norm = "bn1"};
  const int image = graph.Input("image", 3);
  const int first =
      graph.Convolution("conv1", image, 8, {.kernel = 3, .stride = 2, .padding = 1}, relu);
  const int half = graph.MaxPooling(first, 3, 2, 1);
  const int each =
      graph.DepthwiseConvolution("each", half, {.kernel = 3, .padding = 2, .dilation = 2},
                                 {.activation = Activation::kRelu, .batch_norm = "each_bn"});
  const int back = graph.Convolution("back", each, 8, {}, {.batch_norm = "back_bn"});
  const int block = graph.Sum({half, back}, Activation::kRelu);
  const int near = graph.Convolution("near", block, 4, {.kernel = 3, .padding = 1});
  const int far = graph.Convolution("far", block, 4, {.kernel = 3, .padding = 3, .dilation = 3});
  graph.Sum({near, far});
  return graph;
}

// With primal-dual iterations, and affinities of a layer's size.
inline Graph IteratingGraph() {
  Graph graph;
  const int depth = graph.Input("depth", 1);
  const int features = graph.Convolution("features", depth, 3, {.kernel = 3, .padding = 1});
  const int detail = graph.Convolution("detail", features, 1, {.kernel = 1});
  const int affinities = graph.Convolution("affinities", features, kPrimalDualDirections, {});
  graph.PrimalDual("iterations", graph.Sum({depth, detail}), affinities, 5);
  return graph;
}

// A small graph with each kind of node but those of the others.
inline Graph SmallGraph() {
  Graph graph;
  const int guide = graph.Input("guide", 3);
  const int depth = graph.Input("depth", 1);
  const int fine = graph.Convolution("fine", guide, 5, {.kernel = 5, .padding = 4, .dilation = 2},
                                     {.prelu = "fine_prelu"});
  const int coarse = graph.MaxPooling(fine, 3, 2);
  const int halved = graph.Convolution("halved", coarse, 6, {.kernel = 3, .padding = 1},
                                       {.activation = Activation::kRelu});
  const int large = graph.TransposedConvolution(
      "large", depth, 4, {.kernel = 5, .stride = 2, .padding = 2}, {.prelu = "large_prelu"});
  const int both = graph.Concatenation({halved, large});
  const int enlarged =
      graph.TransposedConvolution("enlarged", both, 3, {.kernel = 5, .stride = 2, .padding = 1});
  graph.Convolution("last", graph.Concatenation({enlarged, fine}), 2, {.kernel = 1});
  return graph;
}

}  // namespace dkn

#endif  // DKN_SRC_NET_TEST_GRAPH_H_
