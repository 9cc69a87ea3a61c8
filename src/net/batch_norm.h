#ifndef DKN_SRC_NET_BATCH_NORM_H_
#define DKN_SRC_NET_BATCH_NORM_H_

#include <vector>

namespace dkn {

// The values of a batch normalisation, one for each channel; variances are not negative.
struct BatchNorm {
  const std::vector<float>& gamma;
  const std::vector<float>& beta;
  const std::vector<float>& mean;
  const std::vector<float>& variance;
};

// A convolution, then gamma (x - mean) / sqrt(variance + kBatchNormEpsilon) + beta, as one
// convolution: its weights [out][...] and its bias change.
void FoldBatchNorm(const BatchNorm& norm, std::vector<float>& weights, std::vector<float>& bias);

}  // namespace dkn

#endif  // DKN_SRC_NET_BATCH_NORM_H_
