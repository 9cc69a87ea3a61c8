#include "src/train/trainer.h"

#include <cmath>

#include "dkn/error.h"
#include "src/core/file.h"

namespace dkn {
namespace {

torch::Device ChooseDevice() {
  return torch::cuda::is_available() ? torch::Device(torch::kCUDA) : torch::Device(torch::kCPU);
}

std::shared_ptr<JointNetwork> MakeNetwork(const TrainingConfig& config) {
  torch::manual_seed(config.seed);
  return std::make_shared<JointNetwork>(config.architecture);
}

std::vector<CropSampler::Size> SizesOf(const std::vector<TrainingImage>& images) {
  std::vector<CropSampler::Size> sizes;
  for (const TrainingImage& image : images) {
    sizes.push_back({image.width, image.height});
  }
  return sizes;
}

// Copies a size x size crop of one plane, mirrored as the crop says. `scale` multiplies the values.
template <typename T>
void CopyCrop(const T* plane, std::ptrdiff_t stride, const Crop& crop, int size, float scale,
              float* out) {
  for (int y = 0; y < size; ++y) {
    const T* row = plane + (crop.y + (crop.flip_y ? size - 1 - y : y)) * stride + crop.x;
    for (int x = 0; x < size; ++x) {
      *out++ = scale * static_cast<float>(row[crop.flip_x ? size - 1 - x : x]);
    }
  }
}

}  // namespace

Trainer::Trainer(const TrainingConfig& config, const std::vector<TrainingImage>& images)
    : config_(config),
      images_(images),
      sampler_(SizesOf(images), config.crop, config.crop_step, config.flip, config.seed),
      device_(ChooseDevice()),
      network_(MakeNetwork(config)) {
  network_->to(device_);
  optimizer_ = std::make_unique<torch::optim::Adam>(
      network_->parameters(), torch::optim::AdamOptions(config.schedule.rate));
}

void Trainer::FillBatch(torch::Tensor& guide, torch::Tensor& input, torch::Tensor& truth) {
  const int size = config_.crop;
  const std::ptrdiff_t area = static_cast<std::ptrdiff_t>(size) * size;
  for (int n = 0; n < config_.batch; ++n) {
    const Crop crop = sampler_.At(step_ * config_.batch + n);
    const TrainingImage& image = images_[crop.image];
    const std::ptrdiff_t plane = static_cast<std::ptrdiff_t>(image.width) * image.height;
    for (int c = 0; c < 3; ++c) {
      CopyCrop(image.guide.data() + c * plane, image.width, crop, size, 1.0f / 255.0f,
               guide.data_ptr<float>() + (n * 3 + c) * area);
    }
    CopyCrop(image.input.data(), image.width, crop, size, 1.0f, input.data_ptr<float>() + n * area);
    CopyCrop(image.truth.data(), image.width, crop, size, 1.0f, truth.data_ptr<float>() + n * area);
  }
}

double Trainer::Step() {
  const double rate = LearningRate(config_.schedule, step_, config_.steps);
  static_cast<torch::optim::AdamOptions&>(optimizer_->param_groups()[0].options()).lr(rate);
  torch::Tensor guide = torch::empty({config_.batch, 3, config_.crop, config_.crop});
  torch::Tensor input = torch::empty({config_.batch, 1, config_.crop, config_.crop});
  torch::Tensor truth = torch::empty_like(input);
  FillBatch(guide, input, truth);

  network_->train();
  optimizer_->zero_grad();
  const torch::Tensor output = network_->Forward(guide.to(device_), input.to(device_));
  const torch::Tensor loss = torch::l1_loss(output, truth.to(device_));
  loss.backward();
  optimizer_->step();
  const double value = loss.item<double>();
  if (!std::isfinite(value)) {
    throw Error("the loss is not finite at step " + std::to_string(step_));
  }
  ++step_;
  return value;
}

std::vector<double> Trainer::Errors(const std::vector<TrainingImage>& images, int border) {
  const torch::NoGradGuard no_gradients;
  network_->eval();
  std::vector<double> errors;
  for (const TrainingImage& image : images) {
    const int width = image.width;
    const int height = image.height;
    const auto tensor = [&](const Image& values) {
      return torch::from_blob(const_cast<float*>(values.data()), {1, 1, height, width});
    };
    const torch::Tensor guide = torch::from_blob(const_cast<std::uint8_t*>(image.guide.data()),
                                                 {1, 3, height, width}, torch::kByte)
                                    .to(torch::kFloat) /
                                255.0f;
    const torch::Tensor output =
        network_->Forward(guide.to(device_), tensor(image.input).to(device_)).to(torch::kCPU);
    const torch::Tensor difference = (output - tensor(image.truth))
                                         .slice(2, border, height - border)
                                         .slice(3, border, width - border);
    errors.push_back(image.range *
                     std::sqrt(difference.to(torch::kDouble).square().mean().item<double>()));
  }
  return errors;
}

void Trainer::Save(const std::string& path) const {
  torch::serialize::OutputArchive archive;
  torch::serialize::OutputArchive network;
  torch::serialize::OutputArchive optimizer;
  network_->save(network);
  optimizer_->save(optimizer);
  archive.write("network", network);
  archive.write("optimizer", optimizer);
  archive.write("step", torch::tensor(step_));
  std::vector<std::uint8_t> bytes;
  archive.save_to([&](const void* data, std::size_t size) {
    const auto* from = static_cast<const std::uint8_t*>(data);
    bytes.insert(bytes.end(), from, from + size);
    return size;
  });
  WriteFileBytes(path, bytes);
}

void Trainer::Load(const std::string& path) {
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(path, device_);
    torch::serialize::InputArchive network;
    torch::serialize::InputArchive optimizer;
    torch::Tensor step;
    archive.read("network", network);
    archive.read("optimizer", optimizer);
    archive.read("step", step);
    network_->load(network);
    optimizer_->load(optimizer);
    step_ = step.item<std::int64_t>();
  } catch (const c10::Error& error) {
    throw Error(path + ": is no checkpoint of this network: " + error.what_without_backtrace());
  }
}

}  // namespace dkn
