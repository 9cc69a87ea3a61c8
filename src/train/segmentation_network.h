#ifndef DKN_SRC_TRAIN_SEGMENTATION_NETWORK_H_
#define DKN_SRC_TRAIN_SEGMENTATION_NETWORK_H_

#include <torch/torch.h>

#include <memory>

#include "src/segmentation/deeplab.h"
#include "src/train/graph_module.h"
#include "src/train/network.h"
#include "src/train/segmentation_config.h"

namespace dkn::train {

// A DeepLab and what follows its scores, as a trainable module (paper: Section 4.3).
class SegmentationNetwork : public torch::nn::Module {
 public:
  // With random weights by LibTorch's generator, or those that the configuration's parts start
  // from. Throws Error naming the file that does not fit.
  explicit SegmentationNetwork(const SegmentationConfig& config);

  // picture [N, 3, H, W], values in [0, 1], H and W multiples of 4. Returns scores
  // [N, classes, H, W].
  torch::Tensor Forward(const torch::Tensor& picture);

  // Parts without a rate stay as at inference.
  void train(bool on = true) override;
  void SetTrainingPrecision(Precision precision);

  GraphModule& backbone() { return *backbone_; }
  const GraphModule& backbone() const { return *backbone_; }
  // What filters scores; nullptr: nothing does.
  torch::nn::Module* filter() const;
  // Its model file, without what is known of its training. There is a filter.
  TensorFile FilterFile() const;

 private:
  SegmentationConfig config_;
  DeepLab::PictureScale scale_;
  std::shared_ptr<GraphModule> backbone_;
  std::shared_ptr<JointNetwork> fdkn_;         // or
  std::shared_ptr<GraphModule> guided_guide_;  // what makes the guided layer's guide, or neither
};

// Scores [N, C, h, w] of a network of stride kScoreStep at H x W pixels: bilinear, the last ones
// repeated.
torch::Tensor EnlargeScores(const torch::Tensor& scores, std::int64_t height, std::int64_t width);

// Each channel of scores [N, C, H, W] by an FDKN with picture [N, 3, H, W] as guide: what
// FilterImage does. Scores reach the network scaled by the least and the largest of all of a
// picture's, to [0, 1], and their own unit after it.
torch::Tensor FilterScores(JointNetwork& fdkn, const torch::Tensor& picture,
                           const torch::Tensor& scores);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_SEGMENTATION_NETWORK_H_
