#ifndef DKN_SRC_DKN_RANDOM_WEIGHTS_H_
#define DKN_SRC_DKN_RANDOM_WEIGHTS_H_

#include "src/dkn/architecture.h"
#include "src/net/safetensors.h"

namespace dkn {

// For tests: a model file's content of this architecture with values at random, scaled so that
// features stay near 1 and offsets reach a few pixels.
TensorFile RandomWeights(const Architecture& architecture, unsigned seed);

}  // namespace dkn

#endif  // DKN_SRC_DKN_RANDOM_WEIGHTS_H_
