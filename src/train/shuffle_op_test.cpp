#include "src/train/shuffle_op.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <utility>

#include "src/dkn/architecture.h"

namespace dkn::train {
namespace {

TEST(ShuffleOpTest, IsLibTorchsPixelShuffle) {
  torch::manual_seed(1);
  for (const torch::ScalarType type : {torch::kFloat, torch::kDouble}) {
    for (const auto layout : {torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast}) {
      const torch::Tensor heads =
          torch::rand({2, 3 * kPhases, 5, 7}, torch::dtype(type)).contiguous(layout);
      const torch::Tensor cotangent =
          torch::randn({2, 3, 5 * kResampling, 7 * kResampling}, torch::dtype(type));
      const auto run = [&](const auto& shuffle) {
        torch::Tensor leaf = heads.clone().requires_grad_();
        const torch::Tensor full = shuffle(leaf);
        (full * cotangent).sum().backward();
        return std::pair(full.detach(), leaf.grad());
      };
      const auto [full, gradient] = run(ShuffleOp);
      const auto [expected, expected_gradient] = run(
          [](const torch::Tensor& values) { return torch::pixel_shuffle(values, kResampling); });
      EXPECT_TRUE(full.is_contiguous());
      EXPECT_TRUE(torch::equal(full, expected));
      EXPECT_TRUE(torch::equal(gradient, expected_gradient));
    }
  }
}

}  // namespace
}  // namespace dkn::train
