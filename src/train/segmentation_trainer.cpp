#include "src/train/segmentation_trainer.h"

#include <cmath>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/eval/mean_iou.h"
#include "src/train/rank_averages.h"
#include "src/train/ranks.h"

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
  AddLearner("backbone", network_->backbone(), config.backbone);
  if (network_->filter() != nullptr) {
    AddLearner("filter", *network_->filter(), config.filter_part);
  }
}

void SegmentationTrainer::AddLearner(const std::string& name, torch::nn::Module& part,
                                     const PartConfig& config) {
  const std::vector<torch::Tensor> parameters = part.parameters();
  if (config.rate == 0.0) {
    for (const torch::Tensor& parameter : parameters) {
      parameter.requires_grad_(false);
    }
    return;
  }
  std::unique_ptr<torch::optim::Optimizer> optimizer;
  if (config.optimizer == PartOptimizer::kAdam) {
    optimizer =
        std::make_unique<torch::optim::Adam>(parameters, torch::optim::AdamOptions(config.rate));
  } else {
    optimizer =
        std::make_unique<torch::optim::SGD>(parameters, torch::optim::SGDOptions(config.rate)
                                                            .momentum(config_.momentum)
                                                            .weight_decay(config_.weight_decay));
  }
  learners_.push_back({name, config.rate, std::move(optimizer)});
}

NamedOptimizers SegmentationTrainer::Optimizers() const {
  NamedOptimizers optimizers;
  for (const Learner& learner : learners_) {
    optimizers.emplace_back(learner.name + "_optimizer", learner.optimizer.get());
  }
  return optimizers;
}

double SegmentationTrainer::Step() {
  for (const Learner& learner : learners_) {
    learner.optimizer->param_groups()[0].options().set_lr(PolyRate(config_, learner.rate, step_));
    learner.optimizer->zero_grad();
  }
  const torch::Tensor pictures =
      torch::empty({config_.batch, 3, config_.crop_height, config_.crop_width});
  const torch::Tensor labels =
      torch::empty({config_.batch, config_.crop_height, config_.crop_width}, torch::kLong);
  const std::int64_t first = (step_ * RankCount() + Rank()) * config_.batch;
  for (int n = 0; n < config_.batch; ++n) {
    const PictureCrop crop = ChoosePictureCrop(config_, data_.training, first + n);
    FillPictureCrop(data_.training[static_cast<std::size_t>(crop.picture)], crop, pictures[n],
                    labels[n]);
  }
  network_->train();
  namespace F = torch::nn::functional;
  const torch::Tensor sum = F::cross_entropy(
      network_->Forward(pictures.to(device_)), labels.to(device_),
      F::CrossEntropyFuncOptions().ignore_index(LabelledPicture::kNoLabel).reduction(torch::kSum));
  // The mean over the pixels that have labels, of which the ranks may have more or fewer.
  const torch::Tensor loss =
      sum / AverageOverRanks((labels != LabelledPicture::kNoLabel).sum().item<double>());
  loss.backward();
  AverageGradients(network_->parameters());
  for (const Learner& learner : learners_) {
    learner.optimizer->step();
  }
  const double value = AverageOverRanks(loss.item<double>());
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
  SaveCheckpoint(path, {{"network", network_.get()}}, Optimizers(), step_);
}

void SegmentationTrainer::Load(const std::string& path) {
  step_ = LoadCheckpoint(path, device_, {{"network", network_.get()}}, Optimizers());
}

}  // namespace dkn::train
