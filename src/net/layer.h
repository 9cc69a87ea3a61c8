#ifndef DKN_SRC_NET_LAYER_H_
#define DKN_SRC_NET_LAYER_H_

#include <string>

namespace dkn {

enum class Activation { kNone, kRelu };

// One convolution and what follows it. Inference (oneDNN) and training (LibTorch) are both built
// from these.
struct Layer {
  std::string name;  // as in model files: <stream>.<name>.weight, <stream>.<name>_bn.running_var
  int in = 0;
  int out = 0;
  int kernel = 1;
  int stride = 1;
  int padding = 0;  // zeros on each side
  bool batch_norm = false;
  Activation activation = Activation::kNone;
  int dilation = 1;  // pixels from one of the kernel's values to the next
  // What the layer before it takes is added to its sums, before the activation: the second layer of
  // a residual block.
  bool residual = false;
  int groups = 1;  // of the channels, each convolved by itself; they divide `in` and `out`
};

// How many results a layer gives along an axis of so many pixels, at least as many as its kernel
// and padding need.
constexpr int ResultsAlong(const Layer& layer, int length) {
  const int extent = layer.dilation * (layer.kernel - 1) + 1;
  return (length + 2 * layer.padding - extent) / layer.stride + 1;
}

// The epsilon of every batch normalisation, in training and inference.
inline constexpr double kBatchNormEpsilon = 1e-5;

}  // namespace dkn

#endif  // DKN_SRC_NET_LAYER_H_
