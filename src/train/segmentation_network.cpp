#include "src/train/segmentation_network.h"

#include "dkn/error.h"
#include "src/core/in_context.h"
#include "src/core/number_text.h"
#include "src/net/safetensors.h"
#include "src/rivals/dgf.h"
#include "src/train/guided_filter_op.h"

namespace dkn::train {
namespace {

constexpr int kGuideChannels = 64;  // of the guided layer's guide, within: the authors'

}  // namespace

SegmentationNetwork::SegmentationNetwork(const SegmentationConfig& config) : config_(config) {
  DeepLab deeplab = MakeDeepLab(config.network, static_cast<int>(config.classes.size()));
  scale_ = deeplab.scale;
  backbone_ = register_module("backbone", std::make_shared<GraphModule>(std::move(deeplab.graph)));
  if (config.filter == ScoreFilter::kFdkn) {
    fdkn_ = register_module("fdkn", std::make_shared<JointNetwork>(config.architecture));
    fdkn_->SetTrainingStatistics(config.batch_statistics);
  } else if (config.filter == ScoreFilter::kGuided) {
    const int classes = static_cast<int>(config.classes.size());
    guided_guide_ =
        register_module("guided", std::make_shared<GraphModule>(DgfGuide(kGuideChannels, classes)));
  }
  backbone_->SetTrainingStatistics(config.batch_statistics);
  const auto start = [](const std::string& path, const auto& load) {
    if (!path.empty()) {
      InContext("init_from: " + path, [&] { load(ReadSafetensors(path)); });
    }
  };
  start(config.backbone.init_from, [&](const TensorFile& file) { backbone_->Load(file); });
  start(config.filter_part.init_from, [&](const TensorFile& file) {
    fdkn_ ? fdkn_->StartFrom(file) : guided_guide_->Load(file);
  });
}

torch::nn::Module* SegmentationNetwork::filter() const {
  return fdkn_ ? static_cast<torch::nn::Module*>(fdkn_.get()) : guided_guide_.get();
}

TensorFile SegmentationNetwork::FilterFile() const {
  if (fdkn_) {
    return fdkn_->ToFile();
  }
  TensorFile file = guided_guide_->Tensors();
  file.metadata = {{"network", kDgf},
                   {"radius", std::to_string(config_.guided_layer.radius)},
                   {"epsilon", ShortestText(config_.guided_layer.epsilon)}};
  return file;
}

torch::Tensor SegmentationNetwork::Forward(const torch::Tensor& picture) {
  const auto& mean = scale_.mean;
  const torch::Tensor channels = scale_.bgr ? picture.flip(1) : picture;
  const torch::Tensor input =
      scale_.factor *
      (255.0f * channels -
       torch::tensor({mean[0], mean[1], mean[2]}, picture.options()).view({1, 3, 1, 1}));
  const torch::Tensor scores =
      EnlargeScores(backbone_->Forward({input}), picture.size(2), picture.size(3));
  if (guided_guide_) {
    return FullGuidedFilterOp(guided_guide_->Forward({picture}), scores, config_.guided_layer);
  }
  return fdkn_ ? FilterScores(*fdkn_, picture, scores) : scores;
}

void SegmentationNetwork::train(bool on) {
  torch::nn::Module::train(on);
  backbone_->train(on && config_.backbone.rate > 0.0);
  if (filter() != nullptr) {
    filter()->train(on && config_.filter_part.rate > 0.0);
  }
}

void SegmentationNetwork::SetTrainingPrecision(Precision precision) {
  backbone_->SetTrainingPrecision(precision);
  if (fdkn_) {
    fdkn_->SetTrainingPrecision(precision);
  }
}

torch::Tensor EnlargeScores(const torch::Tensor& scores, std::int64_t height, std::int64_t width) {
  namespace F = torch::nn::functional;
  const auto side = [](std::int64_t size) { return kScoreStep * (size - 1) + 1; };
  const std::int64_t rows = side(scores.size(2));
  const std::int64_t columns = side(scores.size(3));
  const torch::Tensor large =
      F::interpolate(scores, F::InterpolateFuncOptions()
                                 .size(std::vector<std::int64_t>{rows, columns})
                                 .mode(torch::kBilinear)
                                 .align_corners(true));
  return torch::replication_pad2d(large, {0, width - columns, 0, height - rows});
}

torch::Tensor FilterScores(JointNetwork& fdkn, const torch::Tensor& picture,
                           const torch::Tensor& scores) {
  const torch::Tensor fixed = scores.detach();
  const torch::Tensor low = fixed.amin({1, 2, 3}, /*keepdim=*/true);
  const torch::Tensor range = (fixed.amax({1, 2, 3}, true) - low).clamp_min(1e-12);
  const torch::Tensor unit = ((scores - low) / range).flatten(0, 1).unsqueeze(1);
  return fdkn.Forward(picture, unit).view_as(scores) * range + low;
}

}  // namespace dkn::train
