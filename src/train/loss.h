#ifndef DKN_SRC_TRAIN_LOSS_H_
#define DKN_SRC_TRAIN_LOSS_H_

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "src/train/training_config.h"

namespace dkn::train {

// Features of VGG-16 (Simonyan and Zisserman 2015, trained for ImageNet) at relu2_2: the layer that
// Johnson et al. (2016, "Perceptual losses for real-time style transfer and super-resolution") take
// for super-resolution. The weights are fixed.
class VggFeatures : public torch::nn::Module {
 public:
  // Reads the convolutions up to relu2_2 from a safetensors file with torchvision's names,
  // features.0.weight and so on, and ignores its other tensors. Throws Error naming the tensor that
  // is missing or of another shape.
  explicit VggFeatures(const std::string& path);

  // depth [N, 1, H, W] with values in [0, 1], or about so: it stands for R, G and B alike, each
  // normalised by the mean and deviation of ImageNet. Returns [N, 128, H / 2, W / 2], rounded down.
  // Throws Error where H or W is less than 2.
  torch::Tensor Forward(const torch::Tensor& depth) const;

 private:
  struct Convolution {
    torch::Tensor weight;
    torch::Tensor bias;
    bool pool_before;  // 2 x 2 max pooling
  };
  std::vector<Convolution> convolutions_;
  torch::Tensor mean_;
  torch::Tensor deviation_;
};

// What training minimises: config.loss. Throws Error as VggFeatures does.
class Loss : public torch::nn::Module {
 public:
  explicit Loss(const TrainingConfig& config);

  // output and truth [N, 1, H, W]. Returns one value, a mean, so that its size depends neither on
  // the batch nor on the crop: 0 where both are equal, else more.
  torch::Tensor Forward(const torch::Tensor& output, const torch::Tensor& truth) const;

  // Each image's mean absolute difference (`squared` 0) or root mean square (1) as a share of what
  // doing nothing costs there by the same measure; the mean over images. kLeastCost is added to the
  // former's cost, and to both of the latter kLeastRms, as squares. What is measured and what is
  // filled are compared each with its own cost, which is often a hundred times larger in holes, and
  // count by their shares of the pixels. `measured` [N, 1, H, W] in [0, 1]; `unfiltered` [N, 2]:
  // the cost of what is measured and of what is filled; `squared` [N].
  static torch::Tensor ForwardRelative(const torch::Tensor& output, const torch::Tensor& truth,
                                       const torch::Tensor& measured,
                                       const torch::Tensor& unfiltered,
                                       const torch::Tensor& squared);

  // Of the range. Where doing nothing costs less, next to nothing may be done. A root has the same
  // slope however small the error is: without kLeastRms in it too, exact depth, which has nothing
  // to teach, drowned noise at 1x, and 12,000 steps unlearned to remove it.
  static constexpr double kLeastCost = 5e-4;
  static constexpr double kLeastRms = 2e-3;

 private:
  LossKind kind_;
  double perceptual_weight_;
  std::shared_ptr<VggFeatures> vgg_;  // kL1Perceptual alone
};

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_LOSS_H_
