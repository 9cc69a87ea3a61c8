#ifndef DKN_SRC_DKN_MODEL_TENSORS_H_
#define DKN_SRC_DKN_MODEL_TENSORS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "src/dkn/architecture.h"
#include "src/net/convolution_network.h"
#include "src/net/safetensors.h"

// What a model file's tensors are called, which it must and may have, and what they make.
namespace dkn {

// The names and shapes of the tensors that a model file of this architecture holds.
using TensorShape = std::vector<std::int64_t>;
std::vector<std::pair<std::string, TensorShape>> TensorShapes(const Architecture& architecture);

// One stream's convolutions from a model file's tensors, batch normalisation folded in. The weight
// head and the offset head, which take the same features, become one last layer: k * k weight
// outputs, then 2 * k * k offset outputs (times the phases for FDKN); or one of them, where the
// stream has no other.
// Throws Error where a tensor is missing or of another shape than the architecture's.
std::vector<Convolution> StreamConvolutions(const TensorFile& file,
                                            const Architecture& architecture, Stream stream);

// The tensor of one value that says how large the results of a layer with ReLU become, which int8
// needs (see Calibration). A model file may have those of all such layers.
std::string LargestOutputName(const Layer& layer, Stream stream);

// Throws Error when the file has a tensor that the architecture does not.
void RefuseUnknownTensors(const TensorFile& file, const Architecture& architecture);

}  // namespace dkn

#endif  // DKN_SRC_DKN_MODEL_TENSORS_H_
