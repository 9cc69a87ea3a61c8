#ifndef DKN_SRC_EVAL_RELIABILITY_H_
#define DKN_SRC_EVAL_RELIABILITY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "dkn/image.h"

namespace dkn {

// Pixels of like confidence, and how wrong their values are.
struct ReliabilityBin {
  float confidence = 0.0f;  // the mean
  double rmse = 0.0;        // in the truth's unit
  std::size_t pixels = 0;
};

// The pixels whose error is known (finite), in `bins` parts of equal number by their confidence,
// the least first: a confidence means something where the RMSE falls from part to part.
//   error       result - truth, of either sign; 1 channel
//   confidence  of its size, 1 channel
// Throws Error when sizes differ or fewer pixels than bins are known.
std::vector<ReliabilityBin> Reliability(ConstView error, ConstView confidence, int bins = 10);

// As a table, for the reader.
std::string ReliabilityTable(const std::vector<ReliabilityBin>& bins);

}  // namespace dkn

#endif  // DKN_SRC_EVAL_RELIABILITY_H_
