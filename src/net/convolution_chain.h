#ifndef DKN_SRC_NET_CONVOLUTION_CHAIN_H_
#define DKN_SRC_NET_CONVOLUTION_CHAIN_H_

#include <vector>

#include "src/net/convolution_network.h"

namespace dkn {

// Throws Error unless each convolution takes what the one before it gives and has the values that
// its layer asks for.
void CheckChain(const std::vector<Convolution>& chain);

}  // namespace dkn

#endif  // DKN_SRC_NET_CONVOLUTION_CHAIN_H_
