#include "src/train/layer_op.h"

#include <gtest/gtest.h>
#include <malloc.h>
#include <torch/torch.h>

#include <ostream>
#include <string>
#include <vector>

#include "dkn/precision.h"

namespace dkn::train {
namespace {

struct LayerCase {
  std::string name;
  Layer layer;
};

void PrintTo(const LayerCase& c, std::ostream* out) {
  *out << c.name;
}

const LayerCase kCases[] = {
    {"Pads", {"conv", 20, 32, 3, 1, 1, true, Activation::kRelu}},
    {"DownConv", {"conv", 32, 32, 2, 2, 0, false, Activation::kRelu}},
    {"Image", {"conv", 3, 32, 7, 1, 0, true, Activation::kRelu}},
    {"Head", {"conv", 48, 27, 1, 1, 0, false, Activation::kNone}},
    {"InSixteens", {"conv", 48, 32, 3, 1, 1, false, Activation::kRelu}},
    {"HeadInSixteens", {"conv", 32, 48, 1, 1, 0, false, Activation::kNone}},
    {"Dilates", {"conv", 16, 16, 3, 1, 0, true, Activation::kNone, 3}},
    {"OneResult", {"conv", 16, 1, 3, 1, 2, false, Activation::kNone, 2}},
    {"ByChannel", {"conv", 192, 192, 3, 1, 2, true, Activation::kRelu, 2, false, 192}},
    {"ByChannelStrided", {"conv", 24, 24, 3, 2, 1, true, Activation::kNone, 1, false, 24}},
};

class LayerOpTest : public testing::TestWithParam<LayerCase> {
 protected:
  ~LayerOpTest() override { mallopt(M_PERTURB, 0); }
  LayerOpTest() {
    mallopt(M_PERTURB, 0x80);  // memory that was not written holds numbers beyond all others
    torch::manual_seed(1);     // whatever tests were run before
    const Layer& layer = GetParam().layer;
    input_ = torch::rand({2, layer.in, 18, 14});
    values_.weight =
        torch::randn({layer.out, layer.in / layer.groups, layer.kernel, layer.kernel}) * 0.1;
    values_.bias = torch::randn({layer.out});
    if (layer.batch_norm) {
      values_.gamma = torch::rand({layer.out}) + 0.5;
      values_.beta = torch::randn({layer.out});
      values_.running_mean = torch::randn({layer.out});
      values_.running_var = torch::rand({layer.out});
    }
  }

  // The result, its gradients by the input and by the layer's values, and the running statistics.
  template <typename Forward>
  std::vector<torch::Tensor> Run(const Forward& forward) const {
    LayerTensors values = values_;
    std::vector<torch::Tensor> leaves = {input_.clone()};
    for (torch::Tensor* value : {&values.weight, &values.bias, &values.gamma, &values.beta}) {
      if (value->defined()) {
        *value = value->clone();
        leaves.push_back(*value);
      }
    }
    for (torch::Tensor& leaf : leaves) {
      leaf.requires_grad_();
    }
    if (values.gamma.defined()) {
      values.running_mean = values.running_mean.clone();
      values.running_var = values.running_var.clone();
    }
    const torch::Tensor output = forward(leaves[0], values);
    torch::manual_seed(2);
    (output.to(torch::kFloat) * torch::randn(output.sizes())).sum().backward();
    std::vector<torch::Tensor> results = {output.detach()};
    for (const torch::Tensor& leaf : leaves) {
      results.push_back(leaf.grad());
    }
    if (values.gamma.defined()) {
      results.push_back(values.running_mean);
      results.push_back(values.running_var);
    }
    return results;
  }

  std::vector<torch::Tensor> ByLibTorch() const {
    return Run([](const torch::Tensor& input, const LayerTensors& values) {
      const Layer& layer = GetParam().layer;
      torch::Tensor result = torch::conv2d(input, values.weight, values.bias, layer.stride,
                                           layer.padding, layer.dilation, layer.groups);
      if (layer.batch_norm) {
        result = torch::batch_norm(result, values.gamma, values.beta, values.running_mean,
                                   values.running_var, true, kBatchNormMomentum, kBatchNormEpsilon,
                                   false);
      }
      return layer.activation == Activation::kRelu ? result.relu() : result;
    });
  }
  std::vector<torch::Tensor> ByLayerOp(torch::ScalarType type) const {
    return Run([&](const torch::Tensor& input, const LayerTensors& values) {
      return LayerOp(input.to(type), GetParam().layer, values, type);
    });
  }

  // Relative to the tensor's norm.
  static double Error(const torch::Tensor& a, const torch::Tensor& b) {
    return ((a.to(torch::kFloat) - b).norm() / b.norm()).item<double>();
  }
  // The gradient by the bias: batch normalisation takes away what it adds, rounding remains.
  static bool IsNothing(std::size_t tensor) { return tensor == 3 && GetParam().layer.batch_norm; }

  torch::Tensor input_;
  LayerTensors values_;
};

TEST_P(LayerOpTest, InFloatIsWhatLibTorchComputes) {
  const auto expected = ByLibTorch();
  const auto results = ByLayerOp(torch::kFloat);
  ASSERT_EQ(results.size(), expected.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!IsNothing(i)) {
      EXPECT_LT(Error(results[i], expected[i]), 1e-4) << "tensor " << i;
    }
    EXPECT_EQ(results[i].scalar_type(), torch::kFloat);
  }
}

TEST_P(LayerOpTest, InBfloat16HasItsPrecision) {
  if (SupportedPrecision(Precision::kBf16) != Precision::kBf16) {
    GTEST_SKIP() << "this processor has no bfloat16";
  }
  const auto expected = ByLibTorch();
  const auto results = ByLayerOp(torch::kBFloat16);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!IsNothing(i)) {
      // Where a value is near 0, ReLU may let another gradient pass.
      EXPECT_LT(Error(results[i], expected[i]), 0.15) << "tensor " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Layers, LayerOpTest, testing::ValuesIn(kCases),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace dkn::train
