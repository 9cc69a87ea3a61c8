#ifndef DKN_SRC_TRAIN_RANK_AVERAGES_H_
#define DKN_SRC_TRAIN_RANK_AVERAGES_H_

#include <torch/types.h>

#include <vector>

namespace dkn::train {

// Over the ranks, for each of them (ranks.h).
double AverageOverRanks(double value);

// The gradients of the ranks' losses become that of the losses' average. Those that are undefined
// must be so in each rank.
void AverageGradients(const std::vector<torch::Tensor>& parameters);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_RANK_AVERAGES_H_
