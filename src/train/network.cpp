#include "src/train/network.h"

#include <algorithm>
#include <map>

#include "dkn/error.h"
#include "src/train/weighted_average_op.h"

namespace dkn {
namespace {

// Parameters and running statistics by their names in model files.
std::map<std::string, torch::Tensor> NamedTensors(const JointNetwork& network) {
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& item : network.named_parameters()) {
    tensors[item.key()] = item.value();
  }
  for (const auto& item : network.named_buffers()) {
    if (item.value().is_floating_point()) {  // not num_batches_tracked
      tensors[item.key()] = item.value();
    }
  }
  return tensors;
}

}  // namespace

StreamNetwork::StreamNetwork(const Architecture& architecture, Stream stream) {
  for (const Layer& layer : Layers(architecture, stream)) {
    Step step;
    step.convolution = register_module(
        layer.name, torch::nn::Conv2d(torch::nn::Conv2dOptions(layer.in, layer.out, layer.kernel)
                                          .stride(layer.stride)
                                          .padding(layer.padding)));
    if (layer.batch_norm) {
      step.batch_norm = register_module(
          layer.name + "_bn",
          torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(layer.out).eps(kBatchNormEpsilon)));
    }
    step.activation = layer.activation;
    steps_.push_back(step);
  }
}

StreamNetwork::Heads StreamNetwork::Forward(torch::Tensor features) {
  const std::size_t heads = steps_.size() - 2;
  for (std::size_t i = 0; i < heads; ++i) {
    Step& step = steps_[i];
    features = step.convolution->forward(features);
    if (step.batch_norm) {
      features = step.batch_norm->forward(features);
    }
    if (step.activation == Activation::kRelu) {
      features = features.relu();
    }
  }
  return {steps_[heads].convolution->forward(features),
          steps_[heads + 1].convolution->forward(features)};
}

JointNetwork::JointNetwork(const Architecture& architecture) : architecture_(architecture) {
  if (architecture.kind != NetworkKind::kFdkn) {
    throw Error("training knows kind 'fdkn' alone so far");
  }
  guide_stream_ = register_module(StreamName(Stream::kGuide),
                                  std::make_shared<StreamNetwork>(architecture, Stream::kGuide));
  target_stream_ = register_module(StreamName(Stream::kTarget),
                                   std::make_shared<StreamNetwork>(architecture, Stream::kTarget));
}

torch::Tensor JointNetwork::PrepareGuide(const torch::Tensor& guide) const {
  if (architecture_.guide == GuideInput::kLuma) {
    return 0.299 * guide.slice(1, 0, 1) + 0.587 * guide.slice(1, 1, 2) +
           0.114 * guide.slice(1, 2, 3);
  }
  return architecture_.channel_order == ChannelOrder::kBgr ? guide.flip(1) : guide;
}

torch::Tensor JointNetwork::Forward(const torch::Tensor& guide, const torch::Tensor& target) {
  const auto guide_heads =
      guide_stream_->Forward(torch::pixel_unshuffle(PrepareGuide(guide), kResampling));
  const auto target_heads = target_stream_->Forward(torch::pixel_unshuffle(target, kResampling));

  // Kernels are combined at a quarter of the size, [N, taps, phases, H / 4, W / 4], where there is
  // less to move, and shuffled to full size (Fig. 4) once.
  const int64_t taps = architecture_.kernel_size * architecture_.kernel_size;
  torch::Tensor weights = guide_heads.weights.sigmoid() * target_heads.weights.sigmoid();
  const auto sizes = weights.sizes().vec();
  weights = weights.view({sizes[0], taps, kPhases, sizes[2], sizes[3]});
  weights =
      architecture_.residual ? weights - weights.mean(1, true) : weights / weights.sum(1, true);
  weights = torch::pixel_shuffle(weights.view(sizes), kResampling);
  const torch::Tensor offsets =
      torch::pixel_shuffle(guide_heads.offsets * target_heads.offsets, kResampling);
  const torch::Tensor average = WeightedAverageOp(target, weights, offsets, architecture_);
  return architecture_.residual ? target + average : average;
}

TensorFile ToTensorFile(const JointNetwork& network) {
  TensorFile file;
  file.metadata = ToFields(network.architecture());
  for (const auto& [name, tensor] : NamedTensors(network)) {
    const torch::Tensor values = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
    const float* data = values.data_ptr<float>();
    file.tensors[name] = {tensor.sizes().vec(), {data, data + values.numel()}};
  }
  return file;
}

void LoadTensors(const TensorFile& file, JointNetwork& network) {
  const torch::NoGradGuard no_gradients;
  const auto tensors = NamedTensors(network);
  for (const auto& [name, values] : file.tensors) {
    if (tensors.count(name) == 0) {
      throw Error("tensor '" + name + "' does not belong to this architecture");
    }
  }
  for (const auto& [name, tensor] : tensors) {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end() || found->second.shape != tensor.sizes().vec()) {
      throw Error("tensor '" + name + "' is missing or of another shape than the architecture's");
    }
    torch::Tensor destination = tensor;
    destination.copy_(torch::from_blob(const_cast<float*>(found->second.values.data()),
                                       tensor.sizes(), torch::kFloat));
  }
}

}  // namespace dkn
