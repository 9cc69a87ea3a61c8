#include "src/train/weighted_average_op.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace dkn::train {
namespace {

// The kernels against LibTorch's own operations and automatic derivatives, in double.
// (src/dkn/plain_gradient_test.cpp holds the kernels' derivatives against central differences.)
TEST(WeightedAverageOpTest, ValuesAndGradientsAreThoseOfComposedOperations) {
  torch::manual_seed(1);
  const auto options = torch::TensorOptions().dtype(torch::kDouble);
  for (const WindowRule window : {WindowRule::kZero, WindowRule::kClamp}) {
    for (const BorderRule border : {BorderRule::kZero, BorderRule::kReplicate}) {
      Architecture architecture;
      architecture.kernel_size = 5;
      architecture.window = 9;
      architecture.window_rule = window;
      architecture.border_rule = border;
      architecture.tap_order = TapOrder::kColumnMajor;
      if (window == WindowRule::kClamp && border == BorderRule::kReplicate) {
        architecture.levels = 3;
      } else {
        architecture.grid_scale = 0.9f;
        architecture.grid_origin = -1.3f;
      }
      const int64_t taps = TapCount(architecture);
      const Lattice lattice = window == WindowRule::kZero ? Lattice{} : Lattice{1, 2, 3};
      const int64_t rows = (11 - lattice.y + lattice.step - 1) / lattice.step;
      const int64_t columns = (14 - lattice.x + lattice.step - 1) / lattice.step;
      const auto target = torch::rand({2, 2, 11, 14}, options);
      const auto cotangent = torch::randn({2, 1, rows, columns}, options);
      const auto weights = torch::randn({2, taps, rows, columns}, options);
      const auto offsets = 3 * torch::randn({2, 2 * taps, rows, columns}, options);
      const auto run = [&](const auto& op) {
        auto t = target.clone().requires_grad_(architecture.levels == 1);
        auto w = weights.clone().requires_grad_();
        auto o = offsets.clone().requires_grad_();
        const auto out = op(t, w, o, architecture, lattice);
        (out * cotangent).sum().backward();
        std::vector<torch::Tensor> results{out.detach(), w.grad(), o.grad()};
        if (t.requires_grad()) {
          results.push_back(t.grad());
        }
        return results;
      };
      const auto kernels = run(WeightedAverageOp);
      const auto composed = run(ComposedWeightedAverage);
      for (std::size_t i = 0; i < kernels.size(); ++i) {
        EXPECT_LT((kernels[i] - composed[i]).abs().max().item<double>(), 1e-6) << i;
        EXPECT_GT(kernels[i].abs().max().item<double>(), 0.1) << i;
      }
    }
  }
}

}  // namespace
}  // namespace dkn::train
