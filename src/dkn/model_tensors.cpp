#include "src/dkn/model_tensors.h"

#include <algorithm>
#include <set>
#include <string>

#include "dkn/error.h"
#include "src/dkn/layers.h"
#include "src/net/batch_norm.h"

namespace dkn {
namespace {

// The tensors of one layer by their names and shapes.
std::vector<std::pair<std::string, TensorShape>> LayerTensors(const Layer& layer, Stream stream) {
  const std::string name = StreamName(stream) + "." + layer.name;
  std::vector<std::pair<std::string, TensorShape>> tensors = {
      {name + ".weight", {layer.out, layer.in, layer.kernel, layer.kernel}},
      {name + ".bias", {layer.out}}};
  if (layer.batch_norm) {
    for (const char* part : {"weight", "bias", "running_mean", "running_var"}) {
      tensors.push_back({name + "_bn." + part, {layer.out}});
    }
  }
  return tensors;
}

// The layer with its batch normalisation as one convolution.
Convolution Fold(const Layer& layer, const std::vector<const std::vector<float>*>& tensors) {
  Convolution folded{layer, *tensors[0], *tensors[1]};
  if (!layer.batch_norm) {
    return folded;
  }
  folded.layer.batch_norm = false;
  const std::vector<float>& variance = *tensors[5];
  if (*std::min_element(variance.begin(), variance.end()) < 0.0f) {
    throw Error("layer '" + layer.name + "' has a negative running variance");
  }
  FoldBatchNorm({*tensors[2], *tensors[3], *tensors[4], variance}, folded.weights, folded.bias);
  return folded;
}

float LargestOutput(const std::string& name, const Tensor& tensor) {
  if (tensor.values.size() != 1 || !(tensor.values[0] > 0.0f)) {
    throw Error("tensor '" + name + "' is not one positive value");
  }
  return tensor.values[0];
}

Convolution Beside(Convolution first, const Convolution& second) {
  first.layer.name += "+" + second.layer.name;
  first.layer.out += second.layer.out;
  first.weights.insert(first.weights.end(), second.weights.begin(), second.weights.end());
  first.bias.insert(first.bias.end(), second.bias.begin(), second.bias.end());
  return first;
}

}  // namespace

std::vector<std::pair<std::string, TensorShape>> TensorShapes(const Architecture& architecture) {
  std::vector<std::pair<std::string, TensorShape>> shapes;
  for (const Stream stream : Streams(architecture)) {
    for (const Layer& layer : Layers(architecture, stream)) {
      const auto tensors = LayerTensors(layer, stream);
      shapes.insert(shapes.end(), tensors.begin(), tensors.end());
    }
  }
  return shapes;
}

std::vector<Convolution> StreamConvolutions(const TensorFile& file,
                                            const Architecture& architecture, Stream stream) {
  std::vector<Convolution> convolutions;
  for (const Layer& layer : Layers(architecture, stream)) {
    std::vector<const std::vector<float>*> tensors;
    for (const auto& [name, shape] : LayerTensors(layer, stream)) {
      tensors.push_back(&TensorValues(file, name, shape));
    }
    convolutions.push_back(Fold(layer, tensors));
    const auto largest = file.tensors.find(LargestOutputName(layer, stream));
    if (largest != file.tensors.end()) {
      convolutions.back().largest_output = LargestOutput(largest->first, largest->second);
    }
  }
  if (GivesWeights(architecture, stream) && GivesOffsets(architecture, stream)) {
    const Convolution offset_head = std::move(convolutions.back());
    convolutions.pop_back();
    convolutions.back() = Beside(std::move(convolutions.back()), offset_head);
  }
  return convolutions;
}

std::string LargestOutputName(const Layer& layer, Stream stream) {
  return std::string(StreamName(stream)) + "." + layer.name + ".largest_output";
}

void RefuseUnknownTensors(const TensorFile& file, const Architecture& architecture) {
  std::set<std::string> known;
  for (const auto& tensor : TensorShapes(architecture)) {
    known.insert(tensor.first);
  }
  for (const Stream stream : Streams(architecture)) {
    for (const Layer& layer : Layers(architecture, stream)) {
      if (layer.activation == Activation::kRelu) {
        known.insert(LargestOutputName(layer, stream));
      }
    }
  }
  for (const auto& [name, tensor] : file.tensors) {
    if (known.count(name) == 0) {
      throw Error("tensor '" + name + "' does not belong to this architecture");
    }
  }
}

}  // namespace dkn
