#ifndef DKN_SRC_TRAIN_TENSOR_VIEWS_H_
#define DKN_SRC_TRAIN_TENSOR_VIEWS_H_

#include <torch/torch.h>

#include <algorithm>
#include <cstddef>

#include "dkn/image.h"

// For operations whose kernels are ours: batches of images [N, C, H, W] seen as our images.
namespace dkn::train {

// Whether our kernels take them: floats, or shorter, on the CPU.
inline bool OnOurKernels(const torch::autograd::variable_list& images) {
  return std::all_of(images.begin(), images.end(), [](const torch::Tensor& image) {
    return image.device().is_cpu() && image.scalar_type() != torch::kDouble;
  });
}

inline torch::Tensor Floats(const torch::Tensor& images) {
  return images.to(torch::kFloat).contiguous();
}

// Image n of contiguous floats.
inline View ViewOf(const torch::Tensor& images, int64_t n) {
  const auto channels = static_cast<int>(images.size(1));
  const auto height = static_cast<int>(images.size(2));
  const auto width = static_cast<int>(images.size(3));
  const std::ptrdiff_t plane = std::ptrdiff_t{width} * height;
  return View(images.data_ptr<float>() + n * channels * plane, width, height, channels, width,
              plane);
}

inline void Store(const Image& image, const torch::Tensor& images, int64_t n) {
  std::copy_n(image.data(), image.size(),
              images.data_ptr<float>() + n * static_cast<int64_t>(image.size()));
}

inline torch::Tensor EmptyLike(const torch::Tensor& images) {
  return torch::empty(images.sizes(), torch::kFloat);
}

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_TENSOR_VIEWS_H_
