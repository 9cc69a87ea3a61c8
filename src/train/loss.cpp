#include "src/train/loss.h"

#include "dkn/error.h"
#include "src/core/in_context.h"
#include "src/core/size_text.h"
#include "src/net/safetensors.h"

namespace dkn::train {
namespace {

constexpr int kVggKernel = 3;

// A convolution of VGG-16, with zeros around the image and ReLU after it.
struct VggLayer {
  const char* index;  // in torchvision's `features`
  int in;
  int out;
  bool pool_before;
};
constexpr VggLayer kVggLayers[] = {
    {"0", 3, 64, false}, {"2", 64, 64, false}, {"5", 64, 128, true}, {"7", 128, 128, false}};
constexpr int kVggMinSize = 2;  // pixels a side, of which pooling leaves one

torch::Tensor TakeTensor(const TensorFile& file, const std::string& name,
                         torch::IntArrayRef shape) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end()) {
    throw Error("tensor '" + name + "' is missing");
  }
  const Tensor& tensor = found->second;
  if (shape != torch::IntArrayRef(tensor.shape)) {
    throw Error("tensor '" + name + "' has the shape " +
                c10::str(torch::IntArrayRef(tensor.shape)) + ", expected " + c10::str(shape));
  }
  return torch::from_blob(const_cast<float*>(tensor.values.data()), shape).clone();
}

// One value for each of R, G and B. It holds the mean and the deviation of ImageNet's images in
// [0, 1], which torchvision's weights expect.
torch::Tensor ChannelValues(double r, double g, double b) {
  return torch::tensor({r, g, b}, torch::kFloat).view({1, 3, 1, 1});
}

}  // namespace

VggFeatures::VggFeatures(const std::string& path)
    : mean_(register_buffer("mean", ChannelValues(0.485, 0.456, 0.406))),
      deviation_(register_buffer("deviation", ChannelValues(0.229, 0.224, 0.225))) {
  const TensorFile file = ReadSafetensors(path);
  InContext(path + ": is no VGG-16", [&] {
    for (const VggLayer& layer : kVggLayers) {
      // Buffers follow the module to another device or type, and have no gradients.
      const std::string index = layer.index;
      const auto take = [&](const std::string& name, torch::IntArrayRef shape) {
        return register_buffer(name + index,
                               TakeTensor(file, "features." + index + "." + name, shape));
      };
      const torch::Tensor weight = take("weight", {layer.out, layer.in, kVggKernel, kVggKernel});
      convolutions_.push_back({weight, take("bias", {layer.out}), layer.pool_before});
    }
  });
}

torch::Tensor VggFeatures::Forward(const torch::Tensor& depth) const {
  if (depth.size(2) < kVggMinSize || depth.size(3) < kVggMinSize) {
    throw Error("VGG-16's features need images of at least " + SizeText(kVggMinSize, kVggMinSize) +
                " pixels, this one has " +
                SizeText(static_cast<int>(depth.size(3)), static_cast<int>(depth.size(2))));
  }
  torch::Tensor features = (depth - mean_) / deviation_;
  for (const Convolution& convolution : convolutions_) {
    if (convolution.pool_before) {
      features = torch::max_pool2d(features, 2);
    }
    features = torch::conv2d(features, convolution.weight, convolution.bias, /*stride=*/1,
                             /*padding=*/kVggKernel / 2)
                   .relu();
  }
  return features;
}

Loss::Loss(const TrainingConfig& config)
    : kind_(config.loss), perceptual_weight_(config.perceptual.weight) {
  if (kind_ == LossKind::kL1Perceptual) {
    vgg_ = InContext("perceptual", [&] {
      return register_module("vgg", std::make_shared<VggFeatures>(config.perceptual.vgg));
    });
  }
}

torch::Tensor Loss::Forward(const torch::Tensor& output, const torch::Tensor& truth) const {
  if (kind_ == LossKind::kL2) {
    return torch::mse_loss(output, truth);
  }
  torch::Tensor loss = torch::l1_loss(output, truth);
  if (kind_ == LossKind::kL1Perceptual) {
    loss = loss + perceptual_weight_ * torch::mse_loss(vgg_->Forward(output), vgg_->Forward(truth));
  }
  return loss;
}

torch::Tensor Loss::ForwardRelative(const torch::Tensor& output, const torch::Tensor& truth,
                                    const torch::Tensor& measured, const torch::Tensor& unfiltered,
                                    const torch::Tensor& squared) {
  const torch::Tensor difference = (output - truth).flatten(1);
  const auto part = [&](const torch::Tensor& weight, int column) {
    const torch::Tensor share = weight.mean(1);
    const auto mean = [&](const torch::Tensor& costs) {
      return (weight * costs).mean(1) / share.clamp_min(1e-6);
    };
    const torch::Tensor nothing = unfiltered.select(1, column);
    const torch::Tensor absolute = mean(difference.abs()) / (nothing + kLeastCost);
    const torch::Tensor root = ((mean(difference.square()) + kLeastRms * kLeastRms) /
                                (nothing.square() + kLeastRms * kLeastRms))
                                   .sqrt();
    return share * torch::where(squared > 0.5, root, absolute);
  };
  const torch::Tensor weight = measured.flatten(1);
  return (part(weight, 0) + part(1.0 - weight, 1)).mean();
}

}  // namespace dkn::train
