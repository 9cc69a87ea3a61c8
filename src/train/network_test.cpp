#include "src/train/network.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "dkn/error.h"
#include "dkn/model.h"
#include "src/dkn/random_weights.h"

namespace dkn::train {
namespace {

Image ToImage(const torch::Tensor& tensor) {
  const torch::Tensor values = tensor.contiguous();
  Image image(static_cast<int>(values.size(3)), static_cast<int>(values.size(2)),
              static_cast<int>(values.size(1)));
  std::copy_n(values.data_ptr<float>(), image.size(), image.data());
  return image;
}

// What the paper varies (Sections 3 and 5, Tables 8 to 10) and what we add, one field or two a
// time.
constexpr const char* kVariants[] = {
    R"({"kind": "fdkn"})",
    R"({"kind": "dkn"})",
    R"({"kind": "fdkn", "guide": "luma", "kernel_size": 5, "residual": false})",
    R"({"kind": "dkn", "guide": "luma", "kernel_size": 7})",
    R"({"kind": "fdkn", "guide": "none"})",
    R"({"kind": "dkn", "guide": "none", "residual": false})",
    R"({"kind": "fdkn", "streams": "one"})",
    R"({"kind": "dkn", "streams": "one", "offsets_from": "none", "window": 3})",
    R"({"kind": "fdkn", "weights_from": "guide"})",
    R"({"kind": "fdkn", "weights_from": "target", "offsets_from": "guide"})",
    R"({"kind": "dkn", "weights_from": "guide", "offsets_from": "guide"})",
    R"({"kind": "dkn", "weights_from": "target", "offsets_from": "target"})",
    R"({"kind": "fdkn", "offsets_from": "none", "kernel_size": 25, "window": 25, "n2": 16})",
    R"({"kind": "dkn", "offsets_from": "none", "kernel_size": 15, "window": 15, "n2": 16})",
    R"({"kind": "fdkn", "weight_activation": "softmax"})",
    R"({"kind": "dkn", "weight_activation": "softmax", "residual": false})",
    R"({"kind": "fdkn", "weight_activation": "linear", "mean_subtraction": false})",
    R"({"kind": "fdkn", "mean_subtraction": false, "window": 7})",
    R"({"kind": "dkn", "n1": 256, "n2": 192})",
    R"({"kind": "dkn", "dkn_features": "plain", "n1": 64})",
    R"({"kind": "dkn", "dkn_features": "dilated", "guide": "none"})",
    R"({"kind": "dkn", "dkn_features": "small", "streams": "one"})",
    R"({"kind": "fdkn", "window_rule": "zero", "border_rule": "zero", "channel_order": "bgr"})",
    R"({"kind": "fdkn", "blocks": 2, "n1": 32})",
    R"({"kind": "fdkn", "blocks": 4, "streams": "one"})",
    R"({"kind": "dkn", "tap_order": "column_major", "grid_scale": 0.9, "grid_origin": -0.5})",
};

class VariantTest : public testing::TestWithParam<const char*> {};

// Training and inference are one network, by LibTorch and by oneDNN, and the file tells which.
TEST_P(VariantTest, EqualsTheModelOnRandomWeights) {
  torch::manual_seed(1);
  const std::string path = testing::TempDir() + "network_test.safetensors";
  const Architecture architecture = ArchitectureFromJson(GetParam());
  const TensorFile weights = RandomWeights(architecture, 7);
  JointNetwork network(architecture);
  LoadTensors(weights, network);
  network.eval();
  const torch::NoGradGuard no_gradients;
  const auto guide = torch::rand({1, 3, 28, 36});
  const auto target = torch::rand({1, 1, 28, 36});
  const Image expected = ToImage(network.Forward(guide, target));

  WriteSafetensors(path, weights);
  FilterOutput output;
  Model::Load(path)->Apply({ToImage(guide), ToImage(target)}, output);
  std::filesystem::remove(path);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_NEAR(output.image.data()[i], expected.data()[i], 1e-4f) << "at " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Variants, VariantTest, testing::ValuesIn(kVariants));

// A step of training that sees one shift has the gradient that the whole image's has for the same
// pixels (Appendix A computes all shifts, 16 times the work).
TEST(NetworkTest, OneShiftHasTheGradientOfItsPixels) {
  torch::manual_seed(5);
  const Architecture architecture = ArchitectureFromJson(R"({"kind": "dkn", "n1": 32, "n2": 32})");
  JointNetwork network(architecture);
  network.eval();  // batch statistics would differ
  const auto guide = torch::rand({1, 3, 20, 24});
  const auto target = torch::rand({1, 1, 20, 24});
  const auto cotangent = torch::randn({1, 1, 5, 6});
  const auto gradients = [&](const torch::Tensor& output) {
    network.zero_grad();
    (output * cotangent).sum().backward();
    std::vector<torch::Tensor> result;
    for (const auto& parameter : network.parameters()) {
      result.push_back(parameter.grad().clone());
    }
    return result;
  };
  const auto dense =
      gradients(network.Forward(guide, target).slice(2, 1, 20, 4).slice(3, 2, 24, 4));
  const auto sparse = gradients(network.ForwardShift(guide, target, 2, 1));
  for (std::size_t i = 0; i < dense.size(); ++i) {
    const double scale = dense[i].abs().max().item<double>();
    EXPECT_GT(scale, 0.0) << i;
    EXPECT_LT((dense[i] - sparse[i]).abs().max().item<double>(), 1e-4 * scale) << i;
  }
}

// In float the layers are LayerOp's, in double LibTorch's.
TEST(NetworkTest, FloatStreamsTrainAsThoseOfDouble) {
  for (const char* json : {R"({"kind": "fdkn", "blocks": 1})", R"({"kind": "dkn"})"}) {
    const Architecture architecture = ArchitectureFromJson(json);
    const auto train = [&](torch::ScalarType type) {
      torch::manual_seed(7);
      StreamNetwork network(architecture, Stream::kGuide);
      const torch::Tensor values = torch::rand({1, 3, 64, 64}).to(type);
      network.to(type);
      network.train();
      const StreamNetwork::Heads heads = network.Forward(
          architecture.kind == NetworkKind::kFdkn ? torch::pixel_unshuffle(values, 4) : values);
      (heads.weights.square().mean() + heads.offsets.square().mean()).backward();
      std::vector<torch::Tensor> result = {heads.weights.detach(), heads.offsets.detach()};
      for (const auto& parameter : network.named_parameters()) {
        // Before batch normalisation a bias has no effect but rounding.
        if (parameter.value().grad().abs().max().item<double>() > 1e-6) {
          result.push_back(parameter.value().grad());
        }
      }
      for (const auto& buffer : network.named_buffers()) {
        if (buffer.key().find("tracked") == std::string::npos) {
          result.push_back(buffer.value());
        }
      }
      return result;
    };
    const auto exact = train(torch::kDouble);
    const auto ours = train(torch::kFloat);
    ASSERT_EQ(ours.size(), exact.size()) << json;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const double difference = (ours[i].to(torch::kDouble) - exact[i]).norm().item<double>();
      EXPECT_LT(difference, 0.01 * exact[i].norm().item<double>()) << json << " tensor " << i;
    }
  }
}

// Steps in bf16 go where those in fp32 go. (LayerOp's own test holds each layer to its precision.)
TEST(NetworkTest, Bf16TrainingFollowsFp32) {
  for (const char* json : {R"({"kind": "fdkn"})", R"({"kind": "dkn"})"}) {
    torch::manual_seed(6);
    JointNetwork network(ArchitectureFromJson(json));
    network.train();
    const auto guide = torch::rand({1, 3, 64, 64});
    const auto target = torch::rand({1, 1, 64, 64});
    const auto run = [&](Precision precision) {
      network.SetTrainingPrecision(precision);
      network.zero_grad();
      const auto output = network.architecture().kind == NetworkKind::kDkn
                              ? network.ForwardShift(guide, target, 0, 0)
                              : network.Forward(guide, target);
      output.square().mean().backward();
      std::vector<torch::Tensor> result = {output.detach()};
      for (const auto& parameter : network.named_parameters()) {
        // Batch normalisation takes away what a bias before it adds.
        const bool no_effect = parameter.key().find("conv1.bias") != std::string::npos ||
                               parameter.key().find("conv3.bias") != std::string::npos ||
                               parameter.key().find("conv5.bias") != std::string::npos;
        if (!no_effect) {
          result.push_back(parameter.value().grad().clone());
        }
      }
      return result;
    };
    const auto fp32 = run(Precision::kFp32);
    const auto bf16 = run(Precision::kBf16);
    for (std::size_t i = 0; i < fp32.size(); ++i) {
      const auto cosine = (fp32[i] * bf16[i]).sum() / (fp32[i].norm() * bf16[i].norm());
      EXPECT_GT(cosine.item<double>(), 0.95) << json << " tensor " << i;
    }
  }
}

// Training by running statistics computes what inference does, in both precisions, leaves the
// statistics as they are, and still moves every parameter.
TEST(NetworkTest, RunningStatisticsTrainWhatInferenceComputes) {
  torch::manual_seed(8);
  const Architecture architecture;
  JointNetwork network(architecture);
  LoadTensors(RandomWeights(architecture, 3), network);
  const auto guide = torch::rand({1, 3, 32, 32});
  const auto target = torch::rand({1, 1, 32, 32});
  network.eval();
  const auto expected = network.Forward(guide, target).detach();
  network.SetTrainingStatistics(BatchStatistics::kRunning);
  for (const Precision precision : {Precision::kFp32, Precision::kBf16}) {
    network.SetTrainingPrecision(precision);
    network.train();
    network.zero_grad();
    const TensorFile before = ToTensorFile(network);
    const auto output = network.Forward(guide, target);
    output.square().mean().backward();
    const double tolerance = precision == Precision::kFp32 ? 1e-6 : 2e-2;
    EXPECT_LT((output - expected).abs().max().item<double>(), tolerance);
    EXPECT_EQ(ToTensorFile(network).tensors.at("DepthKernel.conv1_bn.running_var").values,
              before.tensors.at("DepthKernel.conv1_bn.running_var").values);
    for (const auto& parameter : network.named_parameters()) {
      EXPECT_GT(parameter.value().grad().abs().max().item<double>(), 0.0) << parameter.key();
    }
  }
}

TEST(NetworkTest, TensorsGoToAFileAndBack) {
  torch::manual_seed(2);
  const Architecture architecture;
  JointNetwork network(architecture);
  const TensorFile file = ToTensorFile(network);
  EXPECT_EQ(file.metadata, ToFields(architecture));
  torch::manual_seed(3);
  JointNetwork other(architecture);
  EXPECT_NE(ToTensorFile(other).tensors.at("ImageKernel.conv1.weight").values,
            file.tensors.at("ImageKernel.conv1.weight").values);
  LoadTensors(file, other);
  for (const auto& [name, tensor] : ToTensorFile(other).tensors) {
    EXPECT_EQ(tensor.values, file.tensors.at(name).values) << name;
  }
}

// A run may start from a network with other heads, or with streams that this one lacks.
TEST(NetworkTest, StartsFromOtherKernelSizesAndMoreStreams) {
  torch::manual_seed(4);
  const TensorFile file = RandomWeights(Architecture(), 9);
  JointNetwork larger(ArchitectureFromJson(R"({"kernel_size": 5})"));
  const auto head = ToTensorFile(larger).tensors.at("DepthKernel.conv_weight.weight").values;
  LoadMatchingTensors(file, larger);
  const TensorFile loaded = ToTensorFile(larger);
  EXPECT_EQ(loaded.tensors.at("DepthKernel.conv6.weight").values,
            file.tensors.at("DepthKernel.conv6.weight").values);
  EXPECT_EQ(loaded.tensors.at("DepthKernel.conv_weight.weight").values, head);
  JointNetwork target_only(ArchitectureFromJson(R"({"guide": "none"})"));
  LoadMatchingTensors(file, target_only);
  EXPECT_EQ(ToTensorFile(target_only).tensors.at("DepthKernel.conv_offset.bias").values,
            file.tensors.at("DepthKernel.conv_offset.bias").values);
  JointNetwork other(ArchitectureFromJson(R"({"n1": 64})"));
  EXPECT_THROW(LoadMatchingTensors(file, other), Error);
}

// Taps of coarser levels lie elsewhere where each level has more, and weights of another activation
// mean something else: of these nothing is taken.
TEST(NetworkTest, StartsFromTapsThatMeanTheSame) {
  const Architecture architecture = ArchitectureFromJson(R"({"levels": 3})");
  const TensorFile file = RandomWeights(architecture, 9);
  const auto load = [&](const char* json) {
    torch::manual_seed(5);
    JointNetwork network(ArchitectureFromJson(json));
    const TensorFile before = ToTensorFile(network);
    LoadMatchingTensors(file, network);
    return std::pair(before, ToTensorFile(network));
  };
  const auto share = [&](const std::string& name, const auto& loaded, std::size_t first,
                         std::size_t count) {
    const std::vector<float>& from = file.tensors.at(name).values;
    const std::vector<float>& to = loaded.second.tensors.at(name).values;
    const std::vector<float>& before = loaded.first.tensors.at(name).values;
    EXPECT_TRUE(std::equal(from.begin(), from.begin() + first, to.begin())) << name;
    EXPECT_TRUE(std::equal(to.begin() + first, to.begin() + first + count, before.begin() + first))
        << name;
  };
  const auto more_levels = load(R"({"levels": 4})");
  share("ImageKernel.conv_weight.bias", more_levels, 11 * 16, 16);
  share("ImageKernel.conv_offset.bias", more_levels, 11 * 32, 32);
  const auto more_of_each = load(R"({"levels": 3, "coarse_kernel_size": 3})");
  share("ImageKernel.conv_weight.bias", more_of_each, 9 * 16, 18 * 16);
  share("ImageKernel.conv_offset.bias", more_of_each, 9 * 32, 18 * 32);
  const auto linear = load(R"({"levels": 3, "weight_activation": "linear"})");
  share("ImageKernel.conv_weight.bias", linear, 0, 11 * 16);
  share("ImageKernel.conv_offset.bias", linear, 11 * 32, 0);
}

TEST(NetworkTest, RefusesTensorsThatDoNotFit) {
  JointNetwork network{Architecture()};
  TensorFile file = ToTensorFile(network);
  file.tensors["DepthKernel.conv2.bias"].shape = {1};
  EXPECT_THROW(LoadTensors(file, network), Error);
  file.tensors.erase("DepthKernel.conv2.bias");
  EXPECT_THROW(LoadTensors(file, network), Error);
  file = ToTensorFile(network);
  file.tensors["conv9.bias"] = {{1}, {0.0f}};
  EXPECT_THROW(LoadTensors(file, network), Error);
}

}  // namespace
}  // namespace dkn::train
