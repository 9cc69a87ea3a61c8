#include "src/train/network.h"

#include <algorithm>
#include <map>
#include <utility>

#include "dkn/error.h"
#include "src/dkn/layers.h"
#include "src/train/batch_norm_op.h"
#include "src/train/ranks.h"
#include "src/train/shuffle_op.h"
#include "src/train/weighted_average_op.h"

namespace dkn::train {
namespace {

// What the logits of coarser levels begin with: next to no weight.
constexpr double kCoarseLogit = -2.0;

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

void CheckShape(const std::string& name, torch::IntArrayRef expected, torch::IntArrayRef shape) {
  if (shape != expected) {
    throw Error("tensor '" + name + "' is of another shape than the architecture's");
  }
}

}  // namespace

StreamNetwork::StreamNetwork(const Architecture& architecture, Stream stream) {
  for (const Layer& layer : Layers(architecture, stream)) {
    Step step;
    step.layer = layer;
    step.convolution = register_module(
        layer.name, torch::nn::Conv2d(torch::nn::Conv2dOptions(layer.in, layer.out, layer.kernel)
                                          .stride(layer.stride)
                                          .padding(layer.padding)
                                          .dilation(layer.dilation)));
    if (layer.batch_norm) {
      step.batch_norm = register_module(
          layer.name + "_bn", torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(layer.out)
                                                         .eps(kBatchNormEpsilon)
                                                         .momentum(kBatchNormMomentum)));
    }
    const torch::NoGradGuard no_gradients;
    if (layer.residual) {  // blocks begin as the identity, so that depth does no harm
      step.convolution->weight.zero_();
      step.convolution->bias.zero_();
    }
    if (layer.name == "conv_weight") {
      step.convolution->bias
          .slice(0, layer.out / TapCount(architecture) * FineTapCount(architecture))
          .fill_(kCoarseLogit);
      weight_head_ = step;
    } else if (layer.name == "conv_offset") {
      offset_head_ = step;
    } else {
      features_.push_back(step);
    }
  }
}

void StreamNetwork::train(bool on) {
  torch::nn::Module::train(on);
  if (on && training_statistics_ == BatchStatistics::kRunning) {
    for (Step& step : features_) {
      if (step.batch_norm) {
        step.batch_norm->eval();
      }
    }
  }
}

StreamNetwork::Heads StreamNetwork::Forward(torch::Tensor values) {
  torch::Tensor earlier;  // what the layer before the next one took
  for (Step& step : features_) {
    torch::Tensor result = RunLayer(step, values, earlier, torch::kBFloat16);
    earlier = std::exchange(values, std::move(result));
  }
  const auto run = [&](Step& head) {
    return head.convolution ? RunLayer(head, values, {}, torch::kFloat) : torch::Tensor();
  };
  return {run(weight_head_), run(offset_head_)};
}

LayerTensors StreamNetwork::NormalisationOf(Step& step) {
  return {{},
          {},
          step.batch_norm->weight,
          step.batch_norm->bias,
          step.batch_norm->running_mean,
          step.batch_norm->running_var};
}

torch::Tensor StreamNetwork::RunLayer(Step& step, const torch::Tensor& values,
                                      const torch::Tensor& earlier, torch::ScalarType bf16_output) {
  if (is_training() && values.device().is_cpu() && values.scalar_type() != torch::kDouble) {
    const torch::ScalarType output =
        training_precision_ == Precision::kBf16 ? bf16_output : torch::kFloat;
    Layer layer = step.layer;
    LayerTensors tensors = step.batch_norm ? NormalisationOf(step) : LayerTensors();
    tensors.weight = step.convolution->weight;
    tensors.bias = step.convolution->bias;
    layer.batch_norm = step.batch_norm && step.batch_norm->is_training();
    if (step.batch_norm && !layer.batch_norm) {
      FoldRunningStatistics(tensors);
    }
    if (layer.residual) {
      layer.activation = Activation::kNone;  // what is added comes first
    }
    const bool image = values.scalar_type() == torch::kFloat;
    const torch::Tensor result =
        LayerOp(values, layer, tensors, image ? torch::kFloat : output).to(output);
    return layer.residual ? (result + earlier).relu() : result;
  }
  torch::Tensor result = step.convolution->forward(values);
  if (step.batch_norm && step.batch_norm->is_training() && RankCount() > 1) {
    result = BatchNormOp(result, NormalisationOf(step));
  } else if (step.batch_norm) {
    result = step.batch_norm->forward(result);
  }
  if (step.layer.residual) {
    result = result + earlier;
  }
  return step.layer.activation == Activation::kRelu ? result.relu() : result;
}

JointNetwork::JointNetwork(const Architecture& architecture)
    : architecture_(architecture), streams_(Streams(architecture)) {
  for (const Stream stream : streams_) {
    networks_.push_back(
        register_module(StreamName(stream), std::make_shared<StreamNetwork>(architecture, stream)));
  }
}

void JointNetwork::SetTrainingPrecision(Precision precision) {
  for (const auto& network : networks_) {
    network->SetTrainingPrecision(precision);
  }
}

void JointNetwork::SetTrainingStatistics(BatchStatistics statistics) {
  for (const auto& network : networks_) {
    network->SetTrainingStatistics(statistics);
  }
}

torch::Tensor JointNetwork::StreamInput(Stream stream, const torch::Tensor& guide,
                                        const torch::Tensor& target) const {
  if (stream == Stream::kTarget) {
    return target;
  }
  torch::Tensor channels = guide;
  if (architecture_.guide == GuideInput::kLuma) {
    channels =
        0.299 * guide.slice(1, 0, 1) + 0.587 * guide.slice(1, 1, 2) + 0.114 * guide.slice(1, 2, 3);
  } else if (architecture_.channel_order == ChannelOrder::kBgr) {
    channels = guide.flip(1);
  }
  return stream == Stream::kGuide ? channels : torch::cat({channels, target}, 1);
}

torch::Tensor JointNetwork::Forward(const torch::Tensor& guide, const torch::Tensor& target) {
  if (architecture_.kind == NetworkKind::kFdkn) {
    return Filter(guide, target, target, {});
  }
  const int stride = FootprintOf(architecture_).stride;
  std::vector<torch::Tensor> results;
  for (int y = 0; y < stride; ++y) {
    for (int x = 0; x < stride; ++x) {
      results.push_back(ForwardShift(guide, target, x, y));
    }
  }
  return torch::pixel_shuffle(torch::cat(results, 1), stride);
}

torch::Tensor JointNetwork::ForwardShift(const torch::Tensor& guide, const torch::Tensor& target,
                                         int x, int y) {
  const Footprint footprint = FootprintOf(architecture_);
  const auto padded = [&](const torch::Tensor& image) {
    const auto pad = [&](int shift) {
      const int before = footprint.before - shift;
      return std::pair(before, footprint.size - footprint.stride - before);
    };
    const auto [left, right] = pad(x);
    const auto [top, bottom] = pad(y);
    return torch::constant_pad_nd(image, {left, right, top, bottom});
  };
  return ForwardLattice(padded(guide), padded(target), target, {x, y, footprint.stride});
}

torch::Tensor JointNetwork::ForwardLattice(const torch::Tensor& guide, const torch::Tensor& target,
                                           const torch::Tensor& samples, const Lattice& lattice) {
  return Filter(guide, target, samples, lattice);
}

// [N, taps, h, w]: the streams' activated weights multiplied, those of the target itself made to
// sum to 0, or all to 1.
torch::Tensor JointNetwork::CombineWeights(const std::vector<StreamNetwork::Heads>& heads) const {
  const int64_t taps = TapCount(architecture_);
  const int64_t fine_taps = FineTapCount(architecture_);
  torch::Tensor fine;
  torch::Tensor coarse;
  const auto multiply = [](torch::Tensor& product, const torch::Tensor& factor) {
    product = product.defined() ? product * factor : factor;
  };
  for (const StreamNetwork::Heads& stream : heads) {
    if (!stream.weights.defined()) {
      continue;
    }
    torch::Tensor weights = stream.weights.slice(1, 0, fine_taps);
    if (architecture_.weight_activation == WeightActivation::kSigmoid) {
      weights = weights.sigmoid();
    } else if (architecture_.weight_activation == WeightActivation::kSoftmax) {
      weights = weights.softmax(1);
    }
    multiply(fine, weights);
    multiply(coarse, stream.weights.slice(1, fine_taps, taps).sigmoid());
  }
  if (!architecture_.residual) {
    const torch::Tensor weights = torch::cat({fine, coarse}, 1);
    return weights / weights.sum(1, true);
  }
  if (architecture_.mean_subtraction) {
    fine = fine - fine.mean(1, true);
  }
  return torch::cat({fine, coarse}, 1);
}

torch::Tensor JointNetwork::Filter(const torch::Tensor& guide, const torch::Tensor& target,
                                   const torch::Tensor& samples, const Lattice& lattice) {
  const bool fdkn = architecture_.kind == NetworkKind::kFdkn;
  const int64_t targets = target.size(0) / guide.size(0);  // of each guide
  const auto repeated = [&](const torch::Tensor& values) {
    return targets > 1 && values.defined() ? values.repeat_interleave(targets, 0) : values;
  };
  std::vector<StreamNetwork::Heads> heads;
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    const bool once = streams_[i] == Stream::kGuide;
    const torch::Tensor input = StreamInput(streams_[i], once ? guide : repeated(guide), target);
    heads.push_back(
        networks_[i]->Forward(fdkn ? torch::pixel_unshuffle(input, kResampling) : input));
    for (torch::Tensor* head : {&heads.back().weights, &heads.back().offsets}) {
      if (head->defined()) {
        *head = fdkn ? ShuffleOp(*head) : head->contiguous();
      }
    }
    if (once) {
      heads.back() = {repeated(heads.back().weights), repeated(heads.back().offsets)};
    }
  }
  const torch::Tensor weights = CombineWeights(heads);
  torch::Tensor offsets;
  for (const StreamNetwork::Heads& stream : heads) {
    if (stream.offsets.defined()) {
      offsets = offsets.defined() ? offsets * stream.offsets : stream.offsets;
    }
  }
  if (!offsets.defined()) {
    offsets = torch::zeros({weights.size(0), 2 * weights.size(1), weights.size(2), weights.size(3)},
                           weights.options());
  }
  const torch::Tensor average =
      WeightedAverageOp(samples, weights, offsets, architecture_, lattice);
  if (!architecture_.residual) {
    return average;
  }
  const torch::Tensor values = samples.slice(1, 0, 1);
  const auto centres = [&](int64_t dimension, int first) {
    const int64_t last = first + lattice.step * (average.size(dimension) - 1);
    return torch::indexing::Slice(first, last + 1, lattice.step);
  };
  return values.index({torch::indexing::Ellipsis, centres(2, lattice.y), centres(3, lattice.x)}) +
         average;
}

TensorFile JointNetwork::ToFile() const {
  return ToTensorFile(*this);
}

void JointNetwork::StartFrom(const TensorFile& file) {
  LoadMatchingTensors(file, *this);
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
  const auto tensors = NamedTensors(network);
  for (const auto& [name, values] : file.tensors) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
      throw Error("tensor '" + name + "' does not belong to this architecture");
    }
    CheckShape(name, found->second.sizes(), values.shape);
  }
  LoadMatchingTensors(file, network);
}

void LoadMatchingTensors(const TensorFile& file, JointNetwork& network) {
  const torch::NoGradGuard no_gradients;
  const Architecture& architecture = network.architecture();
  const Architecture from = FromFields(file.metadata);
  const bool has_same_kernel = from.kernel_size == architecture.kernel_size;
  // Taps of both that mean the same: those of coarser levels move where each level has more.
  const int taps = from.coarse_kernel_size == architecture.coarse_kernel_size
                       ? std::min(TapCount(from), TapCount(architecture))
                       : FineTapCount(architecture);
  for (const auto& [name, tensor] : NamedTensors(network)) {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end()) {
      if (name.find(".block") != std::string::npos) {
        continue;
      }
      throw Error("tensor '" + name + "' is missing");
    }
    const Tensor& values = found->second;
    const bool weight_head = name.find(".conv_weight.") != std::string::npos;
    const bool head = weight_head || name.find(".conv_offset.") != std::string::npos;
    torch::Tensor destination = tensor;
    torch::Tensor source =
        torch::from_blob(const_cast<float*>(values.values.data()), values.shape, torch::kFloat);
    if (weight_head && from.weight_activation != architecture.weight_activation) {
      continue;  // its logits mean something else
    }
    if (values.shape != tensor.sizes().vec()) {
      const bool more_inputs = name.ends_with(".conv1.weight") && values.shape.size() == 4 &&
                               values.shape[1] < tensor.size(1);
      if (head && !has_same_kernel) {
        continue;
      }
      if (head && values.shape[0] % TapCount(from) == 0) {
        const std::int64_t shared = taps * (values.shape[0] / TapCount(from));
        destination = tensor.slice(0, 0, shared);
        source = source.slice(0, 0, shared);
      } else if (more_inputs) {
        destination.zero_();
        destination = tensor.slice(1, 0, values.shape[1]);
      }
    }
    CheckShape(name, destination.sizes(), source.sizes());
    destination.copy_(source);
  }
}

}  // namespace dkn::train
