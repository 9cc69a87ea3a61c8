#include "src/dkn/random_weights.h"

#include <cmath>
#include <random>

#include "src/dkn/model_tensors.h"

namespace dkn {

TensorFile RandomWeights(const Architecture& architecture, unsigned seed) {
  TensorFile file;
  file.metadata = ToFields(architecture);
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0f, 1.0f);
  for (const auto& [name, shape] : TensorShapes(architecture)) {
    std::size_t count = 1;
    std::size_t inputs = 1;  // values that one output sums
    for (std::size_t i = 0; i < shape.size(); ++i) {
      count *= static_cast<std::size_t>(shape[i]);
      inputs *= i > 0 ? static_cast<std::size_t>(shape[i]) : 1;
    }
    const bool variance = name.ends_with("running_var");
    const float deviation = shape.size() == 4 ? std::sqrt(2.0f / static_cast<float>(inputs)) : 0.1f;
    std::vector<float> values(count);
    for (float& value : values) {
      value = deviation * normal(random);
      value = variance ? 1.0f + std::abs(value) : value;
    }
    if (name.ends_with("_bn.weight")) {
      for (float& value : values) {
        value += 1.0f;
      }
    }
    file.tensors[name] = {shape, std::move(values)};
  }
  return file;
}

}  // namespace dkn
