#include "src/train/trainer.h"

#include <algorithm>
#include <cmath>

#include "dkn/error.h"
#include "src/core/hash.h"
#include "src/core/in_context.h"
#include "src/core/size_text.h"
#include "src/core/split_mix.h"
#include "src/train/pair_files.h"
#include "src/train/rank_averages.h"
#include "src/train/ranks.h"

namespace dkn::train {
namespace {

torch::Device ChooseDevice() {
  return torch::cuda::is_available() ? torch::Device(torch::kCUDA) : torch::Device(torch::kCPU);
}

std::shared_ptr<TrainedNetwork> MakeNetwork(const TrainingConfig& config, const Task& task) {
  torch::manual_seed(config.seed);
  auto network = task.MakeNetwork();
  if (!config.init_from.empty()) {
    InContext("init_from: " + config.init_from,
              [&] { network->StartFrom(ReadSafetensors(config.init_from)); });
  }
  return network;
}

template <typename Sized>
std::vector<CropSampler::Size> SizesOf(const std::vector<Sized>& images) {
  std::vector<CropSampler::Size> sizes;
  for (const Sized& image : images) {
    sizes.push_back({image.width, image.height});
  }
  return sizes;
}

// The square of a pair, `factor` times as large as the crop and where that lies.
RgbdPair CropAround(const RgbdPair& pair, const Crop& crop, int size, int factor) {
  const auto place = [&](int at, int side) {
    return side == size ? 0 : at * (side - factor * size) / (side - size);
  };
  if (std::min(pair.width, pair.height) < factor * size) {
    throw Error("a training image is " + SizeText(pair.width, pair.height) +
                ", too small for a crop of " + std::to_string(size) + " reduced from " +
                std::to_string(factor) + " times as much");
  }
  return CropPair(pair, place(crop.x, pair.width), place(crop.y, pair.height), factor * size);
}

// What a crop's estimate of noise is multiplied by: half to twice as much, since at test time the
// whole image, with noisier and cleaner parts, has but one.
float NoiseError(std::uint64_t seed) {
  return static_cast<float>(std::exp2(2.0 * SplitMix(seed, 2).Unit() - 1.0));
}

}  // namespace

Trainer::Trainer(const TrainingConfig& config, const TrainingData& data)
    : config_(config),
      data_(data),
      sampler_(data.pairs.empty() ? SizesOf(data.images) : SizesOf(data.pairs), config.crop,
               config.crop_step, config.augmentation, config.seed),
      device_(ChooseDevice()),
      task_(MakeTask(config)),
      network_(MakeNetwork(config, *task_)),
      loss_(config) {
  if (data.rooms > 0) {
    const std::vector<CropSampler::Size> sizes = SizesOf(data.pairs);
    room_sampler_.emplace(std::vector<CropSampler::Size>(sizes.end() - data.rooms, sizes.end()),
                          config.crop, config.crop_step, config.augmentation,
                          Hash(config.seed + 1));
  }
  if (!data.pictures.empty()) {
    picture_sampler_.emplace(SizesOf(data.pictures), config.crop, config.crop_step,
                             config.augmentation, Hash(config.seed));
  }
  network_->to(device_);
  loss_.to(device_);
  // Elsewhere than on the CPU, LibTorch chooses.
  network_->SetTrainingPrecision(device_.is_cpu() ? config.precision : Precision::kFp32);
  network_->SetTrainingStatistics(config.batch_statistics);
  optimizer_ = std::make_unique<torch::optim::Adam>(
      network_->parameters(), torch::optim::AdamOptions(config.schedule.rate));
  if (config.average_decay > 0.0) {
    average_ = MakeNetwork(config, *task_);
    average_->to(device_);
  }
}

Batch Trainer::NextBatch() {
  Batch batch = task_->EmptyBatch();
  for (int n = 0; n < config_.batch; ++n) {
    const std::int64_t index = (step_ * RankCount() + Rank()) * config_.batch + n;
    Crop crop = sampler_.At(index);
    if (config_.cases.empty()) {
      Fill(data_.images[crop.image], crop, config_.loss, n, batch);
      continue;
    }
    const std::uint64_t seed = Hash(Hash(config_.seed) + static_cast<std::uint64_t>(index));
    const TrainingCase& item = ChooseCase(config_.cases, seed);
    const bool of_pictures = item.picture && item.picture->of_pictures;
    if (of_pictures) {
      crop = picture_sampler_->At(index);
    } else if (SplitMix(seed, 3).Unit() < item.rooms) {
      crop = room_sampler_->At(index);
      crop.image += static_cast<int>(data_.pairs.size()) - data_.rooms;
    }
    const RgbdPair& pair = (of_pictures ? data_.pictures : data_.pairs)[crop.image];
    const int factor = item.picture ? item.picture->reduced : 1;
    TrainingImage measured = MeasurePair(CropAround(pair, crop, config_.crop, factor), pair, item,
                                         config_.units, Hash(seed));
    const float error = NoiseError(seed);
    measured.facts.noise *= error;
    measured.facts.correlated_noise *= error;
    crop.x = crop.y = 0;
    Fill(measured, crop, item.loss.value_or(config_.loss), n, batch);
  }
  return batch;
}

void Trainer::Fill(const TrainingImage& image, const Crop& crop, LossKind loss, int n,
                   Batch& batch) const {
  task_->Fill(image, crop, n, batch);
  const bool squared = loss == LossKind::kL2;
  const auto cost = [&](const UnfilteredCost::Difference& difference) {
    return squared ? difference.rms : difference.l1;
  };
  batch.squared[n] = squared ? 1.0f : 0.0f;
  batch.unfiltered[n][0] = cost(image.unfiltered.measured);
  batch.unfiltered[n][1] = cost(image.unfiltered.filled);
}

double Trainer::Step() {
  const double rate = LearningRate(config_.schedule, step_, config_.steps);
  static_cast<torch::optim::AdamOptions&>(optimizer_->param_groups()[0].options()).lr(rate);
  const Batch batch = NextBatch();

  network_->train();
  optimizer_->zero_grad();
  const torch::Tensor truth = batch.truth.to(device_);
  const torch::Tensor output = task_->Forward(*network_, batch, device_);
  const torch::Tensor loss =
      config_.cases.empty()
          ? loss_.Forward(output, truth)
          : Loss::ForwardRelative(output, truth, batch.measured.to(device_),
                                  batch.unfiltered.to(device_), batch.squared.to(device_));
  loss.backward();
  AverageGradients(network_->parameters());
  if (config_.largest_gradient > 0.0) {
    torch::nn::utils::clip_grad_norm_(network_->parameters(), config_.largest_gradient);
  }
  optimizer_->step();
  const double value = AverageOverRanks(loss.item<double>());
  if (!std::isfinite(value)) {
    throw Error("the loss is not finite at step " + std::to_string(step_));
  }
  ++step_;
  if (average_) {
    UpdateAverage();
  }
  return value;
}

// The first steps count more, so that the average soon forgets where the run started.
void Trainer::UpdateAverage() {
  const torch::NoGradGuard no_gradients;
  const auto steps = static_cast<double>(step_);
  const double decay = std::min(config_.average_decay, steps / (steps + 10.0));
  const std::vector<torch::Tensor> weights = network_->parameters();
  const std::vector<torch::Tensor> averages = average_->parameters();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    averages[i].lerp_(weights[i], 1.0 - decay);
  }
  const std::vector<torch::Tensor> statistics = network_->buffers();
  const std::vector<torch::Tensor> averaged_statistics = average_->buffers();
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    averaged_statistics[i].copy_(statistics[i]);
  }
}

std::vector<double> Trainer::Errors(const std::vector<TrainingImage>& images, int border) {
  const torch::NoGradGuard no_gradients;
  TrainedNetwork& shown = average_ ? *average_ : *network_;
  shown.eval();
  const torch::Tensor errors = torch::zeros(static_cast<int64_t>(images.size()), torch::kDouble);
  for (int i = Rank(); i < static_cast<int>(images.size()); i += RankCount()) {
    const TrainingImage& image = images[static_cast<std::size_t>(i)];
    const int width = image.width;
    const int height = image.height;
    const auto [result, lattice] = task_->Show(shown, image, i, device_);
    const torch::Tensor truth =
        torch::from_blob(const_cast<float*>(image.truth.data()), {1, 1, height, width});
    torch::Tensor difference =
        result.to(torch::kCPU) -
        truth.slice(2, lattice.y, height, lattice.step).slice(3, lattice.x, width, lattice.step);
    const auto inside = [&, step = lattice.step](int dimension, int first, int size) {
      const auto index = [&](int pixel) { return (pixel - first + step - 1) / step; };
      difference = difference.slice(dimension, index(border), index(size - border));
    };
    inside(2, lattice.y, height);
    inside(3, lattice.x, width);
    errors[i] =
        image.range * std::sqrt(difference.to(torch::kDouble).square().mean().item<double>());
  }
  SumOverRanks(errors);
  const double* values = errors.data_ptr<double>();
  return {values, values + errors.numel()};
}

void Trainer::Save(const std::string& path) const {
  SaveCheckpoint(path, Modules(), {{"optimizer", optimizer_.get()}}, step_);
}

void Trainer::Load(const std::string& path) {
  step_ = LoadCheckpoint(path, device_, Modules(), {{"optimizer", optimizer_.get()}});
}

NamedModules Trainer::Modules() const {
  NamedModules modules = {{"network", network_.get()}};
  if (average_) {
    modules.emplace_back("average", average_.get());
  }
  return modules;
}

}  // namespace dkn::train
