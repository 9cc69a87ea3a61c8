#include "src/train/segmentation_trainer.h"

#include <cmath>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/eval/mean_iou.h"
#include "src/train/checkpoint.h"

namespace dkn::train {
namespace {

std::shared_ptr<SegmentationNetwork> MakeNetwork(const SegmentationConfig& config) {
  torch::manual_seed(config.seed);
  return std::make_shared<SegmentationNetwork>(config);
}

}  // namespace

SegmentationTrainer::SegmentationTrainer(const SegmentationConfig& config,
                                         const SegmentationData& data)
    : config_(config),
      data_(data),
      device_(torch::cuda::is_available() ? torch::kCUDA : torch::kCPU),
      network_(MakeNetwork(config)) {
  if (data.training.empty()) {
    throw Error("the training set is empty");
  }
  network_->to(device_);
  network_->SetTrainingPrecision(device_.is_cpu() ? config.precision : Precision::kFp32);
  std::vector<torch::optim::OptimizerParamGroup> groups;
  const auto add = [&](const torch::nn::Module& part, double rate) {
    if (rate > 0.0) {
      groups.emplace_back(part.parameters());
      groups.back().set_options(
          std::make_unique<torch::optim::SGDOptions>(torch::optim::SGDOptions(rate)
                                                         .momentum(config.momentum)
                                                         .weight_decay(config.weight_decay)));
      rates_.push_back(rate);
    } else {
      for (torch::Tensor& parameter : part.parameters()) {
        parameter.requires_grad_(false);
      }
    }
  };
  add(network_->backbone(), config.backbone.rate);
  if (network_->filter() != nullptr) {
    add(*network_->filter(), config.filter_part.rate);
  }
  optimizer_ = std::make_unique<torch::optim::SGD>(groups, torch::optim::SGDOptions(rates_[0]));
}

double SegmentationTrainer::Step() {
  for (std::size_t i = 0; i < rates_.size(); ++i) {
    static_cast<torch::optim::SGDOptions&>(optimizer_->param_groups()[i].options())
        .lr(PolyRate(config_, rates_[i], step_));
  }
  const torch::Tensor pictures =
      torch::empty({config_.batch, 3, config_.crop_height, config_.crop_width});
  const torch::Tensor labels =
      torch::empty({config_.batch, config_.crop_height, config_.crop_width}, torch::kLong);
  for (int n = 0; n < config_.batch; ++n) {
    const PictureCrop crop = ChoosePictureCrop(config_, data_.training, step_ * config_.batch + n);
    FillPictureCrop(data_.training[static_cast<std::size_t>(crop.picture)], crop, pictures[n],
                    labels[n]);
  }
  network_->train();
  optimizer_->zero_grad();
  namespace F = torch::nn::functional;
  const torch::Tensor loss =
      F::cross_entropy(network_->Forward(pictures.to(device_)), labels.to(device_),
                       F::CrossEntropyFuncOptions().ignore_index(LabelledPicture::kNoLabel));
  loss.backward();
  optimizer_->step();
  const double value = loss.item<double>();
  if (!std::isfinite(value)) {
    throw Error("the loss is not finite at step " + std::to_string(step_));
  }
  ++step_;
  return value;
}

double SegmentationTrainer::Validate() {
  const torch::NoGradGuard no_gradients;
  network_->eval();
  eval::IouCounts counts;
  for (const LabelledPicture& picture : data_.validation) {
    const std::int64_t height = picture.height;
    const std::int64_t width = picture.width;
    const torch::Tensor rgb = torch::from_blob(const_cast<std::uint8_t*>(picture.rgb.data()),
                                               {1, 3, height, width}, torch::kByte)
                                  .to(torch::kFloat)
                                  .div(255.0);
    const auto padding = [](std::int64_t side) {
      return (kResampling - side % kResampling) % kResampling;
    };
    const torch::Tensor padded =
        torch::replication_pad2d(rgb, {0, padding(width), 0, padding(height)});
    const torch::Tensor result = network_->Forward(padded.to(device_))
                                     .argmax(1)
                                     .slice(1, 0, height)
                                     .slice(2, 0, width)
                                     .to(torch::kCPU, torch::kFloat)
                                     .contiguous();
    Image labels(picture.width, picture.height);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const std::uint8_t label = picture.labels[i];
      labels.data()[i] = label == LabelledPicture::kNoLabel ? NAN : static_cast<float>(label);
    }
    counts.Add(ConstView(result.data_ptr<float>(), picture.width, picture.height, 1, picture.width,
                         static_cast<std::ptrdiff_t>(result.numel())),
               labels);
  }
  return counts.MeanPercent();
}

void SegmentationTrainer::Save(const std::string& path) const {
  SaveCheckpoint(path, {{"network", network_.get()}}, *optimizer_, step_);
}

void SegmentationTrainer::Load(const std::string& path) {
  step_ = LoadCheckpoint(path, device_, {{"network", network_.get()}}, *optimizer_);
}

}  // namespace dkn::train
