#include "src/train/rank_averages.h"

#include <torch/torch.h>

#include "src/train/ranks.h"

namespace dkn::train {

double AverageOverRanks(double value) {
  const torch::Tensor sum = torch::tensor({value}, torch::kDouble);
  SumOverRanks(sum);
  return sum.item<double>() / RankCount();
}

// All in one message, for many small ones wait for the network more than they use it.
void AverageGradients(const std::vector<torch::Tensor>& parameters) {
  if (RankCount() == 1) {
    return;
  }
  std::vector<torch::Tensor> gradients;
  std::vector<torch::Tensor> flat;
  for (const torch::Tensor& parameter : parameters) {
    if (parameter.grad().defined()) {
      gradients.push_back(parameter.grad());
      flat.push_back(gradients.back().flatten());
    }
  }
  const torch::Tensor all = torch::cat(flat).to(torch::kCPU);
  SumOverRanks(all);
  all.div_(RankCount());
  std::int64_t place = 0;
  for (torch::Tensor& gradient : gradients) {
    const std::int64_t end = place + gradient.numel();
    gradient.copy_(all.slice(0, place, end).view(gradient.sizes()));
    place = end;
  }
}

}  // namespace dkn::train
