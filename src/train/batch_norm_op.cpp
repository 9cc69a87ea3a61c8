#include "src/train/batch_norm_op.h"

#include <torch/torch.h>

#include "src/net/layer.h"
#include "src/train/ranks.h"

namespace dkn::train {
namespace {

// [C] beside an image.
torch::Tensor ByChannel(const torch::Tensor& values) {
  return values.view({1, -1, 1, 1});
}

torch::Tensor SumOfChannels(const torch::Tensor& image) {
  return image.sum({0, 2, 3}, /*keepdim=*/false, torch::kFloat);
}

// y = gamma x + beta, where x = (image - mean) / sqrt(variance + epsilon) and mean and variance are
// of all n values that the ranks have of a channel. By the image,
//   dy (gamma / sqrt(variance + epsilon)) (1 - (sum(dy) + x sum(dy x)) / (n dy)),
// the sums over the ranks; by gamma and beta each rank has its part of them, which are summed with
// all other gradients.
class BatchNormFunction : public torch::autograd::Function<BatchNormFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& image, const torch::Tensor& gamma,
                               const torch::Tensor& beta, const LayerTensors& tensors) {
    const double count =
        static_cast<double>(RankCount()) * static_cast<double>(image.numel() / image.size(1));
    const torch::Tensor mean = SumOfChannels(image);
    SumOverRanks(mean);
    mean.div_(count);
    const torch::Tensor centred = image.to(torch::kFloat) - ByChannel(mean);
    const torch::Tensor variance = SumOfChannels(centred.square());
    SumOverRanks(variance);
    variance.div_(count);
    torch::Tensor running_mean = tensors.running_mean;
    torch::Tensor running_var = tensors.running_var;
    running_mean.lerp_(mean, kBatchNormMomentum);
    running_var.lerp_(variance * (count / (count - 1.0)), kBatchNormMomentum);
    const torch::Tensor scale = (variance + kBatchNormEpsilon).rsqrt();
    const torch::Tensor normalised = centred * ByChannel(scale);
    context->save_for_backward({normalised, gamma, scale});
    context->saved_data["count"] = count;
    return (normalised * ByChannel(gamma) + ByChannel(beta)).to(image.scalar_type());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor& normalised = saved[0];
    const torch::Tensor gradient = gradients[0].to(torch::kFloat);
    const torch::Tensor by_beta = SumOfChannels(gradient);
    const torch::Tensor by_gamma = SumOfChannels(gradient * normalised);
    const torch::Tensor sums = torch::stack({by_beta, by_gamma});
    SumOverRanks(sums);
    const torch::Tensor means = sums / context->saved_data["count"].toDouble();
    const torch::Tensor by_image =
        (gradient - ByChannel(means[0]) - normalised * ByChannel(means[1])) *
        ByChannel(saved[1] * saved[2]);
    return {by_image.to(gradients[0].scalar_type()), by_gamma, by_beta, torch::Tensor()};
  }
};

}  // namespace

torch::Tensor BatchNormOp(const torch::Tensor& image, const LayerTensors& tensors) {
  return BatchNormFunction::apply(image, tensors.gamma, tensors.beta, tensors);
}

}  // namespace dkn::train
