#include "src/net/batch_norm.h"

#include <cmath>
#include <cstddef>

#include "src/net/layer.h"

namespace dkn {

void FoldBatchNorm(const BatchNorm& norm, std::vector<float>& weights, std::vector<float>& bias) {
  const std::size_t per_output = weights.size() / bias.size();
  for (std::size_t o = 0; o < bias.size(); ++o) {
    const double factor = norm.gamma[o] / std::sqrt(norm.variance[o] + kBatchNormEpsilon);
    bias[o] = static_cast<float>((bias[o] - norm.mean[o]) * factor + norm.beta[o]);
    for (std::size_t i = o * per_output; i < (o + 1) * per_output; ++i) {
      weights[i] = static_cast<float>(weights[i] * factor);
    }
  }
}

}  // namespace dkn
