#include "src/train/loss.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "src/core/test_files.h"
#include "src/net/safetensors.h"
#include "src/train/trainer.h"

namespace dkn::train {
namespace {

using testing::HasSubstr;

// The deviation keeps features of about the same size from layer to layer.
void AddConvolution(TensorFile& file, int index, int in, int out) {
  const std::string name = "features." + std::to_string(index);
  const auto add = [&](const std::string& part, torch::IntArrayRef shape, double deviation) {
    const torch::Tensor values = deviation * torch::randn(shape);
    const float* data = values.data_ptr<float>();
    file.tensors[name + part] = {shape.vec(), {data, data + values.numel()}};
  };
  add(".weight", {out, in, 3, 3}, std::sqrt(2.0 / (9 * in)));
  add(".bias", {out}, 0.1);
}

// As torchvision names them, with tensors behind relu2_2 too.
TensorFile RandomVgg() {
  torch::manual_seed(5);
  TensorFile file;
  AddConvolution(file, 0, 3, 64);
  AddConvolution(file, 2, 64, 64);
  AddConvolution(file, 5, 64, 128);
  AddConvolution(file, 7, 128, 128);
  AddConvolution(file, 10, 128, 256);
  file.tensors["classifier.6.bias"] = {{1}, {0.0f}};
  return file;
}

class LossTest : public FolderTest {
 protected:
  std::string Write(const TensorFile& file) const {
    WriteSafetensors(Path("vgg16.safetensors"), file);
    return Path("vgg16.safetensors");
  }
  TrainingConfig PerceptualConfig(double weight) const {
    TrainingConfig config;
    config.loss = LossKind::kL1Perceptual;
    config.perceptual = {Write(RandomVgg()), weight};
    return config;
  }
};

// Step by step, with the numbers of the published VGG-16.
torch::Tensor ComposedFeatures(const TensorFile& file, const torch::Tensor& depth) {
  const auto layer = [&](const torch::Tensor& input, const std::string& name) {
    const Tensor& weight = file.tensors.at(name + ".weight");
    const Tensor& bias = file.tensors.at(name + ".bias");
    return torch::relu(torch::conv2d(input, torch::tensor(weight.values).view(weight.shape),
                                     torch::tensor(bias.values), 1, 1));
  };
  const torch::Tensor colour =
      torch::cat({(depth - 0.485) / 0.229, (depth - 0.456) / 0.224, (depth - 0.406) / 0.225}, 1);
  const torch::Tensor relu1_2 = layer(layer(colour, "features.0"), "features.2");
  const torch::Tensor pool1 = torch::max_pool2d(relu1_2, {2, 2}, {2, 2});
  return layer(layer(pool1, "features.5"), "features.7");
}

TEST_F(LossTest, FeaturesAreThoseOfComposedOperations) {
  const TensorFile file = RandomVgg();
  const VggFeatures vgg(Write(file));
  for (const auto& [height, width] : {std::pair(2, 2), std::pair(13, 18)}) {
    const auto depth = torch::rand({2, 1, height, width});
    const auto features = vgg.Forward(depth);
    EXPECT_EQ(features.sizes().vec(), (std::vector<std::int64_t>{2, 128, height / 2, width / 2}));
    EXPECT_LT((features - ComposedFeatures(file, depth)).abs().max().item<double>(), 1e-5);
    EXPECT_GT(features.max().item<double>(), 0.1);
  }
}

TEST_F(LossTest, RefusesImagesThatPoolingLeavesEmpty) {
  const VggFeatures vgg(Write(RandomVgg()));
  EXPECT_THAT(ErrorText([&] { vgg.Forward(torch::rand({1, 1, 8, 1})); }), HasSubstr("1 x 8"));
  EXPECT_THAT(ErrorText([&] { vgg.Forward(torch::rand({1, 1, 1, 8})); }), HasSubstr("8 x 1"));
}

TEST_F(LossTest, RefusesFilesThatAreNoVgg16) {
  const auto message = [&](const TensorFile& file) {
    return ErrorText([&, path = Write(file)] { VggFeatures{path}; });
  };
  const TensorFile good = RandomVgg();
  EXPECT_EQ(message(good), "");
  TensorFile file = good;
  file.tensors.erase("features.7.bias");
  EXPECT_THAT(message(file), HasSubstr("vgg16.safetensors: is no VGG-16: tensor 'features.7.bias' "
                                       "is missing"));
  file = good;
  file.tensors["features.5.weight"] = good.tensors.at("features.2.weight");
  EXPECT_THAT(message(file), HasSubstr("'features.5.weight' has the shape [64, 64, 3, 3], expected "
                                       "[128, 64, 3, 3]"));
  EXPECT_THAT(ErrorText([&] { VggFeatures{Path("none")}; }), HasSubstr("none"));
}

TEST_F(LossTest, IsTheMeanThatItsNameSays) {
  const auto truth = torch::rand({2, 1, 12, 8});
  const auto output = truth + 0.25 * torch::randn({2, 1, 12, 8});
  const auto difference = output - truth;
  const auto value = [&](const TrainingConfig& config) {
    const Loss loss(config);
    EXPECT_EQ(loss.Forward(truth, truth).item<double>(), 0.0);
    return loss.Forward(output, truth).item<double>();
  };
  TrainingConfig config;
  const double l1 = difference.abs().mean().item<double>();
  EXPECT_NEAR(value(config), l1, 1e-6);
  config.loss = LossKind::kL2;
  EXPECT_NEAR(value(config), difference.square().mean().item<double>(), 1e-6);

  const TensorFile vgg = RandomVgg();
  const double term =
      (ComposedFeatures(vgg, output) - ComposedFeatures(vgg, truth)).square().mean().item<double>();
  EXPECT_GT(term, 0.01);
  EXPECT_NEAR(value(PerceptualConfig(0.3)), l1 + 0.3 * term, 1e-5 * (l1 + term));
}

TEST_F(LossTest, GradientsAreCentralDifferences) {
  const double step = 1e-6;
  TrainingConfig config = PerceptualConfig(0.3);
  for (const LossKind kind : {LossKind::kL1, LossKind::kL2, LossKind::kL1Perceptual}) {
    config.loss = kind;
    Loss loss(config);
    EXPECT_TRUE(loss.parameters().empty());  // there is nothing to train in it
    loss.to(torch::kDouble);
    torch::manual_seed(6);
    const auto truth = torch::rand({1, 1, 6, 8}, torch::kDouble);
    auto output = torch::rand({1, 1, 6, 8}, torch::kDouble).requires_grad_();
    loss.Forward(output, truth).backward();
    const torch::NoGradGuard no_gradients;
    for (int pixel = 0; pixel < output.numel(); ++pixel) {
      const auto value = [&](double change) {
        auto changed = output.clone();
        changed.view(-1)[pixel] += change;
        return loss.Forward(changed, truth).item<double>();
      };
      const double expected = (value(step) - value(-step)) / (2 * step);
      EXPECT_NEAR(output.grad().view(-1)[pixel].item<double>(), expected, 1e-6) << pixel;
    }
    EXPECT_GT(output.grad().abs().max().item<double>(), 1e-3);
  }
}

// A plane before another one, whose edge colour and depth share.
TrainingImage EdgeImage() {
  RgbdPair pair{32, 32, {}, {}};
  const auto near = [](int i) { return i % 32 + i / 64 > 20; };
  for (int c = 0; c < 3; ++c) {
    for (int i = 0; i < 32 * 32; ++i) {
      pair.rgb.push_back(static_cast<std::uint8_t>(near(i) ? 200 - 40 * c : 30 + 20 * c));
    }
  }
  for (int i = 0; i < 32 * 32; ++i) {
    pair.depth.push_back(static_cast<std::uint16_t>(near(i) ? 1000 + i / 32 : 2000 + i % 32));
  }
  return MakeTrainingImage(pair, Degradation{}, /*seed=*/1);
}

TEST_F(LossTest, TrainingLowersThePerceptualLoss) {
  TrainingConfig config = PerceptualConfig(0.1);
  config.architecture.n1 = 16;
  config.architecture.n2 = 16;
  config.crop = 32;
  config.augmentation.flip = false;
  TrainingData data;
  data.images.push_back(EdgeImage());
  Trainer trainer(config, data);
  const double first = trainer.Step();
  double last = first;
  for (int step = 0; step < 60; ++step) {
    last = trainer.Step();
  }
  // The same weights and the same crop without the features: what remains is the features' term.
  config.loss = LossKind::kL1;
  const double term = first - Trainer(config, data).Step();
  EXPECT_GT(term, 0.1 * first);
  EXPECT_LT(last, term);  // so it fell too
}

// The mean over images of each one's share of what doing nothing costs.
TEST_F(LossTest, AShareOfWhatDoingNothingCosts) {
  const auto truth = torch::zeros({2, 1, 4, 4});
  auto output = torch::zeros({2, 1, 4, 4});
  output[0].fill_(0.1);
  output[1].fill_(-0.004);
  auto measured = torch::ones({2, 1, 4, 4});
  measured[1][0][0].fill_(0.0);  // a quarter of the second
  output[1][0][0].fill_(0.3);
  const auto unfiltered = torch::tensor({{0.2, 7.0}, {0.01, 0.6}});
  const auto share = [](bool squared, double cost, double nothing) {
    return squared ? std::hypot(cost, Loss::kLeastRms) / std::hypot(nothing, Loss::kLeastRms)
                   : cost / (nothing + Loss::kLeastCost);
  };
  for (const bool first : {false, true}) {
    for (const bool second : {false, true}) {  // of constants both are the same
      const double expected = 0.5 * (share(first, 0.1, 0.2) + 0.75 * share(second, 0.004, 0.01) +
                                     0.25 * share(second, 0.3, 0.6));
      EXPECT_NEAR(Loss::ForwardRelative(output, truth, measured, unfiltered,
                                        torch::tensor({first ? 1.0f : 0.0f, second ? 1.0f : 0.0f}))
                      .item<double>(),
                  expected, 1e-4);
    }
  }
  // Where half of the pixels are wrong the two differ.
  auto uneven = torch::zeros({2, 1, 4, 4});
  uneven.slice(2, 0, 2).fill_(0.2);
  const auto all = torch::ones({2, 1, 4, 4});
  EXPECT_NEAR(Loss::ForwardRelative(uneven, truth, all, unfiltered, torch::tensor({0.0f, 1.0f}))
                  .item<double>(),
              0.5 * (share(false, 0.1, 0.2) + share(true, 0.2 / std::sqrt(2.0), 0.01)), 1e-4);
}

}  // namespace
}  // namespace dkn::train
