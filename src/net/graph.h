#ifndef DKN_SRC_NET_GRAPH_H_
#define DKN_SRC_NET_GRAPH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/net/layer.h"
#include "src/net/safetensors.h"

namespace dkn {

enum class NodeKind {
  kInput,
  kConvolution,
  kTransposedConvolution,
  kPixelAdaptive,
  kMaxPooling,
  kReduction,
  kConcatenation,
  kSum,
  kPrimalDual
};

// How a window moves over an image.
struct Window {
  int kernel = 1;
  int stride = 1;
  int padding = 0;   // zeros on each side; of a transposed convolution what its result loses there
  int dilation = 1;  // pixels from one of the kernel's values to the next
};

// What follows a convolution.
struct Follower {
  Activation activation = Activation::kNone;
  // Where it has a name: batch normalisation before the activation, by running statistics. The
  // convolution then has no bias of its own.
  std::string batch_norm = "";
  // Where it has a name: v below 0 becomes slope v, with a slope for each channel, instead of an
  // activation.
  std::string prelu = "";
};

// One step of a graph, and its result.
struct Node {
  NodeKind kind = NodeKind::kInput;
  std::string name;         // of an input, and of a convolution as in model files
  std::vector<int> inputs;  // earlier nodes
  int channels = 0;         // of the result
  Window window = {};
  Follower follower = {};
  int groups = 1;      // of a convolution's channels, each by itself
  int iterations = 0;  // of PrimalDual
};

// A network that is no chain: images go in, the last node is what it gives. Inference (oneDNN) and
// training (LibTorch) both walk it. Model files have of a convolution NAME.weight, out x in x
// kernel x kernel (in: of a group; of a transposed and of a pixel-adaptive one in x out), and
// NAME.bias, of PReLU NAME.slope, and of batch normalisation NAME.weight, NAME.bias,
// NAME.running_mean and NAME.running_var, of primal-dual iterations what primal_dual.h tells.
//
// A transposed convolution of a pixel (x, y) adds weight[in][out][j][i] times it to the result's
// pixel (stride x + i - padding, stride y + j - padding), and is of
// stride (size - 1) + kernel - 2 padding pixels.
class Graph {
 public:
  // Each returns the new node's index, which later ones take it by.
  int Input(const std::string& name, int channels);
  int Convolution(const std::string& name, int from, int channels, const Window& window,
                  const Follower& follower = {});
  // Of each channel by itself, of as many as go in.
  int DepthwiseConvolution(const std::string& name, int from, const Window& window,
                           const Follower& follower = {});
  int TransposedConvolution(const std::string& name, int from, int channels, const Window& window,
                            const Follower& follower = {});
  // PixelAdaptive: twice the size of `from`, which `features` have.
  int PixelAdaptive(const std::string& name, int from, int features, int channels, int kernel,
                    const Follower& follower = {});
  // Bilinear samples at the centres of cells of factor x factor pixels, an even number: the means
  // of the 2 x 2 pixels around them.
  int Reduction(int from, int factor);
  // The largest value of each window of kernel x kernel pixels that lies whole in the image and
  // `padding` pixels around it, which never are the largest. padding < kernel.
  int MaxPooling(int from, int kernel, int stride, int padding = 0);
  // The channels of nodes of one size after each other.
  int Concatenation(const std::vector<int>& from);
  // Of nodes of one size and number of channels.
  int Sum(const std::vector<int>& from, Activation activation = Activation::kNone);
  // What the iterations of primal_dual.h make of `from`, of 1 channel, by `affinities`, of 24.
  int PrimalDual(const std::string& name, int from, int affinities, int iterations);

  const std::vector<Node>& nodes() const { return nodes_; }
  // Channels of the images that go in, in the order of Input.
  std::vector<int> InputChannels() const;
  int ChannelsBefore(const Node& node) const { return nodes_[node.inputs.front()].channels; }

 private:
  int Add(Node node);

  std::vector<Node> nodes_;
};

struct GraphSize {
  int width = 0;
  int height = 0;
  bool operator==(const GraphSize&) const = default;
};

// The size of each node's result for inputs of these sizes, in the order of Input. Throws Error
// where an image is too small for a window, and where sizes do not go together.
std::vector<GraphSize> NodeSizes(const Graph& graph, const std::vector<GraphSize>& inputs);

// The names and shapes of the tensors that a model file of this graph holds.
std::vector<std::pair<std::string, std::vector<std::int64_t>>> TensorShapes(const Graph& graph);

// What a tensor of logarithms begins training with; none for all others.
std::optional<double> LogarithmAtStart(const std::string& name);

// Throws Error naming the tensor that is missing, of another shape, or none of the graph's, and
// that whose values cannot be: negative variances, logarithms of what no float holds.
void CheckTensors(const Graph& graph, const TensorFile& file);

// Trained values: running statistics left out.
std::int64_t ParameterCount(const Graph& graph);

// Multiplications and additions of the convolutions, those of padding zeros included, and of
// primal-dual iterations.
double Operations(const Graph& graph, const std::vector<GraphSize>& inputs);

}  // namespace dkn

#endif  // DKN_SRC_NET_GRAPH_H_
