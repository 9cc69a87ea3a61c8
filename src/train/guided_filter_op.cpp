#include "src/train/guided_filter_op.h"

#include <torch/torch.h>

#include <utility>

#include "src/train/tensor_views.h"

namespace dkn::train {
namespace {

// The means over the pixels of the image in the windows of `radius`: of those of columns those
// along rows, whose numbers of pixels multiply.
torch::Tensor WindowMeans(const torch::Tensor& values, int radius) {
  const auto along = [](const torch::Tensor& x, int64_t rows, int64_t columns) {
    return torch::avg_pool2d(x, {2 * rows + 1, 2 * columns + 1}, {1, 1}, {rows, columns},
                             /*ceil_mode=*/false, /*count_include_pad=*/false);
  };
  return along(along(values, radius, 0), 0, radius);
}

// A and b.
std::pair<torch::Tensor, torch::Tensor> FitWindows(const torch::Tensor& guide,
                                                   const torch::Tensor& target,
                                                   const GuidedLayer& layer) {
  const torch::Tensor x = guide.to(torch::kDouble);
  const torch::Tensor y = target.to(torch::kDouble);
  const torch::Tensor mean_x = WindowMeans(x, layer.radius);
  const torch::Tensor mean_y = WindowMeans(y, layer.radius);
  const torch::Tensor covariance = WindowMeans(x * y, layer.radius) - mean_x * mean_y;
  const torch::Tensor variance = WindowMeans(x * x, layer.radius) - mean_x * mean_x;
  const torch::Tensor a = covariance / (variance + layer.epsilon);
  return {a, mean_y - a * mean_x};
}

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

GuidedLayer LayerOf(AutogradContext* context) {
  return {static_cast<int>(context->saved_data["radius"].toInt()),
          context->saved_data["epsilon"].toDouble()};
}

void Keep(AutogradContext* context, const variable_list& images, const GuidedLayer& layer) {
  context->save_for_backward(images);
  context->saved_data["radius"] = int64_t{layer.radius};
  context->saved_data["epsilon"] = layer.epsilon;
}

// Both take contiguous floats.
class FullFunction : public torch::autograd::Function<FullFunction> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& guide,
                               const torch::Tensor& target, const GuidedLayer& layer) {
    Keep(context, {guide, target}, layer);
    torch::Tensor result = EmptyLike(target);
    for (int64_t n = 0; n < target.size(0); ++n) {
      Store(FullGuidedLayer(layer, ViewOf(guide, n), ViewOf(target, n)), result, n);
    }
    return result;
  }

  static variable_list backward(AutogradContext* context, const variable_list& cotangents) {
    const variable_list images = context->get_saved_variables();
    const torch::Tensor cotangent = Floats(cotangents[0]);
    const variable_list gradients = {EmptyLike(images[0]), EmptyLike(images[1])};
    for (int64_t n = 0; n < cotangent.size(0); ++n) {
      const GuidedGradients of_image = FullGuidedGradients(
          LayerOf(context), ViewOf(images[0], n), ViewOf(images[1], n), ViewOf(cotangent, n));
      Store(of_image.guide, gradients[0], n);
      Store(of_image.target, gradients[1], n);
    }
    return {gradients[0], gradients[1], torch::Tensor()};
  }
};

class FastFunction : public torch::autograd::Function<FastFunction> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& low_guide,
                               const torch::Tensor& low_target, const torch::Tensor& guide,
                               const GuidedLayer& layer) {
    Keep(context, {low_guide, low_target, guide}, layer);
    torch::Tensor result = torch::empty(
        {low_target.size(0), low_target.size(1), guide.size(2), guide.size(3)}, torch::kFloat);
    for (int64_t n = 0; n < low_target.size(0); ++n) {
      Store(FastGuidedLayer(layer, ViewOf(low_guide, n), ViewOf(low_target, n), ViewOf(guide, n)),
            result, n);
    }
    return result;
  }

  static variable_list backward(AutogradContext* context, const variable_list& cotangents) {
    const variable_list images = context->get_saved_variables();
    const torch::Tensor cotangent = Floats(cotangents[0]);
    const variable_list gradients = {EmptyLike(images[0]), EmptyLike(images[1]),
                                     EmptyLike(images[2])};
    for (int64_t n = 0; n < cotangent.size(0); ++n) {
      const GuidedGradients of_image =
          FastGuidedGradients(LayerOf(context), ViewOf(images[0], n), ViewOf(images[1], n),
                              ViewOf(images[2], n), ViewOf(cotangent, n));
      Store(of_image.guide, gradients[0], n);
      Store(of_image.target, gradients[1], n);
      Store(of_image.high_guide, gradients[2], n);
    }
    return {gradients[0], gradients[1], gradients[2], torch::Tensor()};
  }
};

}  // namespace

torch::Tensor FullGuidedFilterOp(const torch::Tensor& guide, const torch::Tensor& target,
                                 const GuidedLayer& layer) {
  if (!OnOurKernels({guide, target})) {
    return ComposedFullGuidedFilter(guide, target, layer);
  }
  return FullFunction::apply(Floats(guide), Floats(target), layer).to(target.scalar_type());
}

torch::Tensor FastGuidedFilterOp(const torch::Tensor& low_guide, const torch::Tensor& low_target,
                                 const torch::Tensor& guide, const GuidedLayer& layer) {
  if (!OnOurKernels({low_guide, low_target, guide})) {
    return ComposedFastGuidedFilter(low_guide, low_target, guide, layer);
  }
  return FastFunction::apply(Floats(low_guide), Floats(low_target), Floats(guide), layer)
      .to(low_target.scalar_type());
}

torch::Tensor ComposedFullGuidedFilter(const torch::Tensor& guide, const torch::Tensor& target,
                                       const GuidedLayer& layer) {
  const auto [a, b] = FitWindows(guide, target, layer);
  const torch::Tensor result = WindowMeans(a, layer.radius) * guide + WindowMeans(b, layer.radius);
  return result.to(target.scalar_type());
}

torch::Tensor ComposedFastGuidedFilter(const torch::Tensor& low_guide,
                                       const torch::Tensor& low_target, const torch::Tensor& guide,
                                       const GuidedLayer& layer) {
  const auto [a, b] = FitWindows(low_guide, low_target, layer);
  const auto enlarged = [&](const torch::Tensor& values) {
    return torch::upsample_bilinear2d(values, {guide.size(2), guide.size(3)},
                                      /*align_corners=*/true);
  };
  return (enlarged(a) * guide + enlarged(b)).to(low_target.scalar_type());
}

}  // namespace dkn::train
