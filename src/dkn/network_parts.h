#ifndef DKN_SRC_DKN_NETWORK_PARTS_H_
#define DKN_SRC_DKN_NETWORK_PARTS_H_

#include <vector>

#include "dkn/precision.h"
#include "src/net/convolution_network.h"

// The parts that a stream's convolutions are executed in, and the types of the values between them.
namespace dkn {

// FDKN: the layers that are computed for the whole image, and the head, which is not.
struct FdknParts {
  explicit FdknParts(std::vector<Convolution> chain);
  static NetworkTypes FeatureTypes(Precision precision);
  static NetworkTypes HeadTypes(Precision precision, float largest_feature);

  std::vector<Convolution> features;
  std::vector<Convolution> head;  // of one layer: weights, offsets, or both
};

// DKN with the layers of Table 1: those before the first DownConv, those up to the second, and the
// rest. Between the parts, values stay in the precision's type.
struct DownConvParts {
  explicit DownConvParts(const std::vector<Convolution>& chain);
  static NetworkTypes WholeTypes(Precision precision);
  NetworkTypes HalvesTypes(Precision precision) const;
  NetworkTypes QuartersTypes(Precision precision) const;

  std::vector<Convolution> whole;     // for all shifts, on the whole padded image
  std::vector<Convolution> halves;    // for each of the 4 phases of what `whole` gives
  std::vector<Convolution> quarters;  // for each of the 4 phases of what `halves` gives
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_NETWORK_PARTS_H_
