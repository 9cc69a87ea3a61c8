#ifndef DKN_SRC_EVAL_RELIABILITY_H_
#define DKN_SRC_EVAL_RELIABILITY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "dkn/image.h"
#include "src/eval/confidence_histogram.h"

namespace dkn::eval {

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

// Parts the pixels of any number of images; each part's confidence is known to half a bin of the
// histogram. Pixels of one of its bins are taken as equal: where two parts meet in a bin, each gets
// its share. Throws Error when fewer pixels than bins are known.
std::vector<ReliabilityBin> Reliability(const ConfidenceHistogram& histogram, int bins = 10);

// The parts as a table for people, one row each.
std::string ReliabilityTable(const std::vector<ReliabilityBin>& bins);

// How errors fall as pixels are dropped, those first whose confidence is least: E. Ilg et al.,
// Uncertainty Estimates and Multi-Hypotheses Networks for Optical Flow, ECCV 2018.
struct Sparsification {
  // [i]: the RMSE of what is left without i % of the pixels, i from 0 to 99, in the truth's unit.
  std::vector<double> rmse;
  std::vector<double> oracle;  // the largest errors dropped first: no confidence does better
  // Area under the sparsification error: the mean of (rmse - oracle) / rmse[0]. 0 is best.
  double ause = 0.0;
  double random_ause = 0.0;  // where pixels are dropped at random: rmse stays as it is
};

// Throws Error when the histogram is empty. Without errors all is 0.
Sparsification Sparsify(const ConfidenceHistogram& histogram);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_RELIABILITY_H_
