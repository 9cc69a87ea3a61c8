#include "src/train/own_layer.h"

#include <omp.h>
#include <torch/torch.h>

#include <cstddef>
#include <span>
#include <vector>

#include "src/net/weight_gradient.h"

namespace dkn::train {
namespace {

// Kept from one layer to the next.
float* Scratch(std::size_t floats) {
  thread_local std::vector<float> scratch;
  if (scratch.size() < floats) {
    scratch.resize(floats);
  }
  return scratch.data();
}

std::span<const float> Values(const torch::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

}  // namespace

std::optional<OwnAlgorithm> ChooseOwn(const torch::Tensor& input, const torch::Tensor& output,
                                      const Layer& layer) {
  const bool fp32 = input.scalar_type() == torch::kFloat && output.scalar_type() == torch::kFloat;
  return fp32 ? ChooseOwnConvolution(layer) : std::nullopt;
}

void ConvolveOwn(OwnAlgorithm own, const torch::Tensor& input, const Layer& layer,
                 const torch::Tensor& weight, const torch::Tensor& bias,
                 const torch::Tensor& output) {
  const auto convolution = MakeOwnConvolution(own, layer, Values(weight), Values(bias));
  const int threads = omp_get_max_threads();
  float* const scratch = Scratch(OwnScratchFloats(own, layer, threads));
  for (int64_t n = 0; n < input.size(0); ++n) {
    convolution->Run(input[n].data_ptr<float>(), static_cast<int>(input.size(3)),
                     static_cast<int>(input.size(2)), output[n].data_ptr<float>(), threads,
                     scratch);
  }
}

torch::Tensor OwnWeightGradient(const torch::Tensor& input, const torch::Tensor& weight,
                                const torch::Tensor& gradient, const Layer& layer) {
  if (input.scalar_type() != torch::kFloat || !HasOwnWeightGradient(layer)) {
    return {};
  }
  const torch::Tensor result = torch::zeros_like(weight);
  const int width = static_cast<int>(input.size(3));
  const int height = static_cast<int>(input.size(2));
  float* const scratch = Scratch(WeightGradientScratchFloats(layer, width, height));
  for (int64_t n = 0; n < input.size(0); ++n) {
    AddWeightGradient(layer, input[n].data_ptr<float>(), width, height,
                      gradient[n].data_ptr<float>(), result.data_ptr<float>(), scratch);
  }
  return result;
}

}  // namespace dkn::train
