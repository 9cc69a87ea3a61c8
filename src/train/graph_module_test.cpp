#include "src/train/graph_module.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/core/test_images.h"
#include "src/net/graph_network.h"
#include "src/net/test_graph.h"
#include "src/rivals/test_rivals.h"

namespace dkn::train {
namespace {

torch::Tensor TensorOf(const Image& image) {
  return torch::from_blob(const_cast<float*>(image.data()),
                          {1, image.channels(), image.height(), image.width()})
      .clone();
}

// Inference and training walk the same graph to the same result.
void ExpectSameAsInference(const Graph& graph, const std::vector<Image>& inputs) {
  const TensorFile file = RandomTensors(graph, 3);
  GraphModule module(graph);
  module.Load(file);
  module.eval();
  std::vector<torch::Tensor> tensors;
  for (const Image& input : inputs) {
    tensors.push_back(TensorOf(input));
  }
  const Image expected = GraphNetwork(graph, file).Run(inputs);
  const torch::NoGradGuard no_gradients;
  const torch::Tensor result = module.Forward(tensors);
  EXPECT_LT((result - TensorOf(expected)).abs().max().item<float>(), 2e-5f);

  const TensorFile kept = module.Tensors();
  ASSERT_EQ(kept.tensors.size(), file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) {
    EXPECT_EQ(kept.tensors.at(name).shape, tensor.shape);
    EXPECT_EQ(kept.tensors.at(name).values, tensor.values);
  }
}

TEST(GraphModuleTest, ComputesWhatInferenceDoes) {
  std::vector<Image> inputs;
  inputs.push_back(RandomImage(23, 11, 3, -1.0f, 1.0f, 1));
  inputs.push_back(RandomImage(6, 3, 1, -1.0f, 1.0f, 2));
  ExpectSameAsInference(SmallGraph(), inputs);
  inputs[0] = RandomImage(3, 5, 2, -1.0f, 1.0f, 1);
  inputs[1] = RandomImage(12, 20, 3, -1.0f, 1.0f, 2);
  ExpectSameAsInference(AdaptiveGraph(), inputs);
  inputs.resize(1);
  inputs[0] = RandomImage(21, 14, 3, -1.0f, 1.0f, 1);
  ExpectSameAsInference(ResidualGraph(), inputs);
  inputs[0] = RandomImage(21, 14, 1, -1.0f, 1.0f, 1);
  ExpectSameAsInference(IteratingGraph(), inputs);
  for (const RivalInfo& info : ListRivals()) {
    const Rival rival = FindRival(info.name);
    const FilterSettings values = CompleteSettings(rival.parameters, {});
    const Image guide = RandomImage(40, 32, 3, 3);
    const Image target = RandomImage(40, 32, 1, 4);
    ExpectSameAsInference(rival.graph(values), rival.prepare(values, {guide, target}).inputs);
  }
}

// By central differences in double precision, for every tensor and every input.
void ExpectGradients(const Graph& graph, std::vector<torch::Tensor> inputs) {
  GraphModule module(graph);
  module.Load(RandomTensors(module.graph(), 5));
  module.to(torch::kDouble);
  for (torch::Tensor& input : inputs) {
    input.requires_grad_();
  }
  const auto loss = [&] { return module.Forward(inputs).square().sum(); };
  loss().backward();
  std::vector<torch::Tensor> leaves = module.parameters();
  leaves.insert(leaves.end(), inputs.begin(), inputs.end());
  const torch::NoGradGuard no_gradients;
  constexpr double kStep = 1e-6;
  for (torch::Tensor& leaf : leaves) {
    const torch::Tensor flat = leaf.view({-1});
    for (const int64_t at : {int64_t{0}, flat.numel() / 2, flat.numel() - 1}) {
      const double value = flat[at].item<double>();
      flat[at].fill_(value + kStep);
      const double above = loss().item<double>();
      flat[at].fill_(value - kStep);
      const double below = loss().item<double>();
      flat[at].fill_(value);
      const double expected = (above - below) / (2.0 * kStep);
      EXPECT_NEAR(leaf.grad().view({-1})[at].item<double>(), expected,
                  1e-5 * (1.0 + std::abs(expected)));
    }
  }
}

TEST(GraphModuleTest, HasTheGradientsOfCentralDifferences) {
  torch::manual_seed(1);
  const auto random = [](std::initializer_list<int64_t> shape) {
    return torch::randn(shape, torch::kDouble);
  };
  ExpectGradients(SmallGraph(), {random({2, 3, 11, 7}), random({2, 1, 3, 2})});
  ExpectGradients(AdaptiveGraph(), {random({2, 2, 3, 2}), random({2, 3, 12, 8})});
  ExpectGradients(ResidualGraph(), {random({2, 3, 17, 12})});
  ExpectGradients(IteratingGraph(), {random({2, 1, 11, 7})});
}

// How far float's gradients are from those of double with these first weights: the largest share of
// a parameter's gradient, less what its rounding may be beside the largest gradient.
double GradientErrorOfFloat(const Graph& graph, const std::vector<torch::Tensor>& inputs,
                            std::uint64_t seed) {
  const auto gradients = [&](torch::ScalarType type) {
    torch::manual_seed(seed);
    GraphModule module(graph);
    module.to(type);
    std::vector<torch::Tensor> typed;
    for (const torch::Tensor& input : inputs) {
      typed.push_back(input.to(type));
    }
    module.Forward(typed).square().sum().backward();
    std::map<std::string, torch::Tensor> result;
    for (const auto& parameter : module.named_parameters()) {
      result[parameter.key()] = parameter.value().grad().to(torch::kDouble);
    }
    return result;
  };
  const auto exact = gradients(torch::kDouble);
  double largest = 0.0;
  for (const auto& [name, gradient] : exact) {
    EXPECT_GT(gradient.norm().item<double>(), 0.0) << name;
    largest = std::max(largest, gradient.norm().item<double>());
  }
  // PAC sees differences of the guide's features: what is left of their biases is rounding.
  double error = 0.0;
  for (const auto& [name, gradient] : gradients(torch::kFloat)) {
    const double difference = (gradient - exact.at(name)).norm().item<double>();
    error = std::max(error, (difference - 1e-7 * largest) / exact.at(name).norm().item<double>());
  }
  return error;
}

// Our own kernels, which take floats, against LibTorch's, which take doubles. Where a value before
// a ReLU is as near to 0 as rounding, float may let another gradient pass, and every layer before
// it differs by 0.1 %: not with all of these weights.
TEST(GraphModuleTest, HasInFloatTheGradientsOfDouble) {
  for (const RivalInfo& info : ListRivals()) {
    const Rival rival = FindRival(info.name);
    const FilterSettings values = CompleteSettings(rival.parameters, {});
    const Image guide = RandomImage(40, 32, 3, 3);
    const Image target = RandomImage(40, 32, 1, 4);
    const NetworkFrame frame = rival.prepare(values, {guide, target});
    std::vector<torch::Tensor> inputs;
    for (const Image& input : frame.inputs) {
      inputs.push_back(TensorOf(input));
    }
    double error = 1.0;
    for (std::uint64_t seed = 1; seed <= 4 && error > 1e-4; ++seed) {
      error = std::min(error, GradientErrorOfFloat(rival.graph(values), inputs, seed));
    }
    EXPECT_LE(error, 1e-4) << info.name;
  }
}

// In bfloat16 a layer's values have 8 bits; results and gradients in training change by as much.
TEST(GraphModuleTest, TrainsInBfloat16) {
  if (SupportedPrecision(Precision::kBf16) != Precision::kBf16) {
    GTEST_SKIP() << "this processor has no bfloat16";
  }
  GraphModule module(SmallGraph());
  module.Load(RandomTensors(module.graph(), 5));
  torch::manual_seed(1);
  const std::vector<torch::Tensor> inputs = {torch::randn({2, 3, 23, 19}),
                                             torch::randn({2, 1, 6, 5})};
  const auto run = [&](Precision precision) {
    module.SetTrainingPrecision(precision);
    module.zero_grad();
    const torch::Tensor result = module.Forward(inputs);
    result.square().sum().backward();
    return std::pair(result.detach(), module.parameters()[0].grad().clone());
  };
  const auto [exact, exact_gradient] = run(Precision::kFp32);
  const auto [rounded, rounded_gradient] = run(Precision::kBf16);
  const auto share = [](const torch::Tensor& a, const torch::Tensor& b) {
    return ((a - b).norm() / a.norm()).item<float>();
  };
  EXPECT_GT(share(exact, rounded), 0.0f);
  EXPECT_LT(share(exact, rounded), 0.02f);
  EXPECT_LT(share(exact_gradient, rounded_gradient), 0.05f);
  module.eval();
  EXPECT_LT(share(exact, module.Forward(inputs)), 1e-6f);
}

// Batch normalisation, by the batch and by running statistics, in both precisions.
TEST(GraphModuleTest, TrainsResidualLayersInBfloat16) {
  torch::manual_seed(1);
  const std::vector<torch::Tensor> inputs = {torch::randn({2, 3, 37, 30})};
  for (const BatchStatistics statistics : {BatchStatistics::kBatch, BatchStatistics::kRunning}) {
    const auto run = [&](Precision precision) {
      GraphModule module(ResidualGraph());
      module.Load(RandomTensors(module.graph(), 5));
      module.SetTrainingPrecision(precision);
      module.SetTrainingStatistics(statistics);
      const torch::Tensor result = module.Forward(inputs);
      result.square().sum().backward();
      std::vector<torch::Tensor> known = {result.detach()};
      for (const auto& parameter : module.named_parameters()) {
        known.push_back(parameter.value().grad());
      }
      for (const torch::Tensor& buffer : module.buffers()) {
        known.push_back(buffer);
      }
      return known;
    };
    const std::vector<torch::Tensor> exact = run(Precision::kFp32);
    const std::vector<torch::Tensor> rounded = run(Precision::kBf16);
    ASSERT_EQ(exact.size(), rounded.size());
    for (std::size_t i = 0; i < exact.size(); ++i) {
      ASSERT_TRUE(rounded[i].defined());
      EXPECT_LT(((exact[i] - rounded[i]).norm() / exact[i].norm()).item<float>(), 0.06f) << i;
    }
    const torch::Tensor variance = GraphModule(ResidualGraph()).buffers()[1];
    EXPECT_TRUE(variance.equal(torch::ones({8})));
  }
}

TEST(GraphModuleTest, StartsFromWhatANetworkForAnotherScaleHas) {
  const Rival rival = FindRival("pac");
  GraphModule module(rival.graph({{"levels", 2.0}}));
  const TensorFile before = module.Tensors();
  const TensorFile other = RandomTensors(rival.graph({{"levels", 1.0}}), 3);
  module.StartFrom(other);
  const TensorFile after = module.Tensors();
  for (const char* name : {"target.conv1.weight", "up_x2.bias", "joint.conv2.weight"}) {
    EXPECT_EQ(after.tensors.at(name).values, other.tensors.at(name).values) << name;
  }
  EXPECT_EQ(after.tensors.at("up_x4.weight").values, before.tensors.at("up_x4.weight").values);
  EXPECT_THROW(module.StartFrom(RandomTensors(SmallGraph(), 1)), Error);
}

TEST(GraphModuleTest, RefusesWhatDoesNotFit) {
  GraphModule module(SmallGraph());
  TensorFile file = RandomTensors(module.graph(), 1);
  file.tensors.erase("last.bias");
  EXPECT_THROW(module.Load(file), Error);
  EXPECT_THROW(module.Forward({torch::zeros({1, 3, 12, 11}), torch::zeros({1, 1, 3, 3})}), Error);
}

}  // namespace
}  // namespace dkn::train
