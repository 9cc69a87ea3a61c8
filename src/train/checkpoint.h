#ifndef DKN_SRC_TRAIN_CHECKPOINT_H_
#define DKN_SRC_TRAIN_CHECKPOINT_H_

#include <torch/torch.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace dkn::train {

// The state of a run: its modules and optimisers by name, and the steps taken.
using NamedModules = std::vector<std::pair<std::string, torch::nn::Module*>>;
using NamedOptimizers = std::vector<std::pair<std::string, torch::optim::Optimizer*>>;

// The file is written whole or not at all.
void SaveCheckpoint(const std::string& path, const NamedModules& modules,
                    const NamedOptimizers& optimizers, std::int64_t step);

// Of several ranks, from what rank 0 finds in its file. Returns the steps taken. Throws Error where
// the file is none, or of other modules.
std::int64_t LoadCheckpoint(const std::string& path, torch::Device device,
                            const NamedModules& modules, const NamedOptimizers& optimizers);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_CHECKPOINT_H_
