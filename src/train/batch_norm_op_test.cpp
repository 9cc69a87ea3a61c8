#include "src/train/batch_norm_op.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <vector>

#include "src/net/layer.h"

namespace dkn::train {
namespace {

LayerTensors Values(std::int64_t channels) {
  return {{},
          {},
          (torch::rand({channels}) + 0.5).requires_grad_(),
          torch::randn({channels}).requires_grad_(),
          torch::randn({channels}),
          torch::rand({channels})};
}

LayerTensors Copied(const LayerTensors& values) {
  return {{},
          {},
          values.gamma.detach().clone().requires_grad_(),
          values.beta.detach().clone().requires_grad_(),
          values.running_mean.clone(),
          values.running_var.clone()};
}

// tests/e2e/ranks_test.py holds several ranks against one.
TEST(BatchNormOpTest, OfOneRankIsLibTorchs) {
  torch::manual_seed(3);
  const torch::Tensor image = 3.0 * torch::randn({2, 5, 7, 6}) + 20.0;
  const torch::Tensor wanted = torch::randn({2, 5, 7, 6});
  const LayerTensors ours = Values(5);
  const LayerTensors theirs = Copied(ours);
  const auto gradients = [&](const LayerTensors& values, const auto& normalise) {
    const torch::Tensor input = image.clone().requires_grad_();
    const torch::Tensor result = normalise(input, values);
    (result * wanted).sum().backward();
    return std::vector<torch::Tensor>{result.detach(),    input.grad(),        values.gamma.grad(),
                                      values.beta.grad(), values.running_mean, values.running_var};
  };
  const auto a = gradients(ours, BatchNormOp);
  const auto b = gradients(theirs, [](const torch::Tensor& input, const LayerTensors& values) {
    return torch::batch_norm(input, values.gamma, values.beta, values.running_mean,
                             values.running_var, /*training=*/true, kBatchNormMomentum,
                             kBatchNormEpsilon, /*cudnn_enabled=*/false);
  });
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(torch::allclose(a[i], b[i], 1e-4, 1e-5)) << i;
  }
}

TEST(BatchNormOpTest, KeepsBfloat16) {
  torch::manual_seed(4);
  const torch::Tensor image = torch::randn({1, 3, 8, 8});
  const LayerTensors values = Values(3);
  const torch::Tensor exact = BatchNormOp(image, values);
  const torch::Tensor rounded = BatchNormOp(image.to(torch::kBFloat16), values);
  EXPECT_EQ(rounded.scalar_type(), torch::kBFloat16);
  EXPECT_TRUE(torch::allclose(exact, rounded.to(torch::kFloat), 0.03, 0.03));
}

}  // namespace
}  // namespace dkn::train
