#include "src/train/network.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "dkn/error.h"
#include "dkn/model.h"
#include "src/dkn/random_weights.h"

namespace dkn {
namespace {

Image ToImage(const torch::Tensor& tensor) {
  const torch::Tensor values = tensor.contiguous();
  Image image(static_cast<int>(values.size(3)), static_cast<int>(values.size(2)),
              static_cast<int>(values.size(1)));
  std::copy_n(values.data_ptr<float>(), image.size(), image.data());
  return image;
}

// Training and inference are one network, by LibTorch and by oneDNN.
TEST(NetworkTest, EqualsTheModelOnRandomWeights) {
  torch::manual_seed(1);
  const std::string path = testing::TempDir() + "network_test.safetensors";
  for (const int variant : {0, 1, 2, 3}) {
    Architecture architecture;
    architecture.kernel_size = variant == 1 ? 5 : 3;
    architecture.residual = variant != 1;
    architecture.guide = variant == 2 ? GuideInput::kLuma : GuideInput::kRgb;
    architecture.window_rule = variant == 3 ? WindowRule::kZero : WindowRule::kClamp;
    architecture.border_rule = variant == 3 ? BorderRule::kZero : BorderRule::kReplicate;
    architecture.channel_order = variant == 3 ? ChannelOrder::kBgr : ChannelOrder::kRgb;
    architecture.n1 = variant == 3 ? 64 : 128;
    const TensorFile weights = RandomWeights(architecture, 7);
    JointNetwork network(architecture);
    LoadTensors(weights, network);
    network.eval();
    const torch::NoGradGuard no_gradients;
    const auto guide = torch::rand({1, 3, 44, 60});
    const auto target = torch::rand({1, 1, 44, 60});
    const Image expected = ToImage(network.Forward(guide, target));

    WriteSafetensors(path, weights);
    FilterOutput output;
    Model::Load(path)->Apply({ToImage(guide), ToImage(target)}, output);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_NEAR(output.image.data()[i], expected.data()[i], 1e-4f) << variant << " at " << i;
    }
  }
  std::filesystem::remove(path);
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
}  // namespace dkn
