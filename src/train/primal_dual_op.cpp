#include "src/train/primal_dual_op.h"

#include <torch/torch.h>

#include <utility>
#include <vector>

#include "src/net/primal_dual.h"
#include "src/train/tensor_views.h"

namespace dkn::train {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

PrimalDualLayer LayerOf(const torch::Tensor& numbers, const torch::Tensor& sharpness) {
  PrimalDualLayer layer;
  layer.sharpness = sharpness.item<double>();
  layer.steps.resize(static_cast<std::size_t>(numbers.size(1)));
  const torch::Tensor values = numbers.to(torch::kDouble).contiguous();
  const auto at = values.accessor<double, 2>();
  for (std::size_t i = 0; i < layer.steps.size(); ++i) {
    for (std::size_t n = 0; n < kPrimalDualNumbers.size(); ++n) {
      layer.steps[i].*kPrimalDualNumbers[n].value =
          at[static_cast<int64_t>(n)][static_cast<int64_t>(i)];
    }
  }
  return layer;
}

// Takes contiguous floats, and numbers of float.
class PrimalDualFunction : public torch::autograd::Function<PrimalDualFunction> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& target,
                               const torch::Tensor& affinities, const torch::Tensor& numbers,
                               const torch::Tensor& sharpness) {
    context->save_for_backward({target, affinities, numbers, sharpness});
    const PrimalDualLayer layer = LayerOf(numbers, sharpness);
    torch::Tensor result = EmptyLike(target);
    for (int64_t n = 0; n < target.size(0); ++n) {
      Store(PrimalDual(layer, ViewOf(target, n), ViewOf(affinities, n)).primal, result, n);
    }
    return result;
  }

  static variable_list backward(AutogradContext* context, const variable_list& cotangents) {
    const variable_list saved = context->get_saved_variables();
    const torch::Tensor cotangent = Floats(cotangents[0]);
    const PrimalDualLayer layer = LayerOf(saved[2], saved[3]);
    const torch::Tensor by_target = EmptyLike(saved[0]);
    const torch::Tensor by_affinities = EmptyLike(saved[1]);
    torch::Tensor by_numbers = torch::zeros(saved[2].sizes(), torch::kDouble);
    double by_sharpness = 0.0;
    auto sums = by_numbers.accessor<double, 2>();
    for (int64_t n = 0; n < cotangent.size(0); ++n) {
      const PrimalDualGradients gradients = GradientsOfPrimalDual(
          layer, ViewOf(saved[0], n), ViewOf(saved[1], n), ViewOf(cotangent, n));
      Store(gradients.target, by_target, n);
      Store(gradients.affinities, by_affinities, n);
      by_sharpness += gradients.layer.sharpness;
      for (std::size_t i = 0; i < layer.steps.size(); ++i) {
        for (std::size_t of = 0; of < kPrimalDualNumbers.size(); ++of) {
          sums[static_cast<int64_t>(of)][static_cast<int64_t>(i)] +=
              gradients.layer.steps[i].*kPrimalDualNumbers[of].value;
        }
      }
    }
    return {by_target, by_affinities, by_numbers.to(torch::kFloat),
            torch::full_like(saved[3], by_sharpness)};
  }
};

// The images where pixels q and q + d of a direction d both lie inside: as many columns and rows,
// from where.
struct Overlap {
  Overlap(const torch::Tensor& image, const PrimalDualOffset& direction)
      : height(std::max<int64_t>(0, image.size(2) + direction.dy)),
        width(std::max<int64_t>(0, image.size(3) - std::abs(direction.dx))),
        top(-direction.dy),
        left(std::max(0, -direction.dx)),
        dx(direction.dx) {}

  torch::Tensor Own(const torch::Tensor& values) const { return Part(values, top, left); }
  torch::Tensor Neighbours(const torch::Tensor& values) const { return Part(values, 0, left + dx); }
  // Zeros around what lies there.
  torch::Tensor AtOwn(const torch::Tensor& part, const torch::Tensor& image) const {
    return Around(part, image, top, left);
  }
  torch::Tensor AtNeighbours(const torch::Tensor& part, const torch::Tensor& image) const {
    return Around(part, image, 0, left + dx);
  }
  bool empty() const { return height == 0 || width == 0; }

  int64_t height;
  int64_t width;
  int64_t top;
  int64_t left;
  int64_t dx;

 private:
  torch::Tensor Part(const torch::Tensor& values, int64_t y, int64_t x) const {
    return values.slice(2, y, y + height).slice(3, x, x + width);
  }
  torch::Tensor Around(const torch::Tensor& part, const torch::Tensor& image, int64_t y,
                       int64_t x) const {
    return torch::constant_pad_nd(part,
                                  {x, image.size(3) - width - x, y, image.size(2) - height - y});
  }
};

torch::Tensor Differences(const torch::Tensor& image) {
  std::vector<torch::Tensor> planes;
  for (const PrimalDualOffset& direction : kPrimalDualOffsets) {
    const Overlap part(image, direction);
    planes.push_back(part.empty() ? torch::zeros_like(image)
                                  : part.AtOwn(part.Neighbours(image) - part.Own(image), image));
  }
  return torch::cat(planes, 1);
}

torch::Tensor Adjoint(const torch::Tensor& dual, const torch::Tensor& image) {
  torch::Tensor sum = torch::zeros_like(image);
  for (std::size_t k = 0; k < kPrimalDualOffsets.size(); ++k) {
    const Overlap part(image, kPrimalDualOffsets[k]);
    const auto channel = static_cast<int64_t>(k);
    if (!part.empty()) {
      const torch::Tensor inside = part.Own(dual.slice(1, channel, channel + 1));
      sum = sum + part.AtNeighbours(inside, image) - part.AtOwn(inside, image);
    }
  }
  return sum;
}

}  // namespace

torch::Tensor PrimalDualOp(const torch::Tensor& target, const torch::Tensor& affinities,
                           const torch::Tensor& numbers, const torch::Tensor& sharpness) {
  if (!OnOurKernels({target, affinities, numbers, sharpness})) {
    return ComposedPrimalDual(target, affinities, numbers, sharpness);
  }
  return PrimalDualFunction::apply(Floats(target), Floats(affinities), Floats(numbers),
                                   Floats(sharpness))
      .to(target.scalar_type());
}

torch::Tensor ComposedPrimalDual(const torch::Tensor& target, const torch::Tensor& affinities,
                                 const torch::Tensor& numbers, const torch::Tensor& sharpness) {
  const torch::Tensor bounds = torch::softmax(-sharpness * affinities.abs(), 1) + kLeastBound;
  torch::Tensor primal = target;
  torch::Tensor relaxed = target;
  torch::Tensor dual = Differences(target);
  for (int64_t i = 0; i < numbers.size(1); ++i) {
    const torch::Tensor step = numbers.select(1, i);
    const torch::Tensor lambda = step[0];
    const torch::Tensor epsilon = step[1];
    const torch::Tensor sigma = step[2];
    const torch::Tensor tau = step[3];
    const torch::Tensor theta = step[4];
    dual = (dual + sigma * Differences(relaxed)) / (1.0 + sigma * epsilon);
    dual = dual / (dual.abs() / bounds).clamp_min(1.0);
    const torch::Tensor next =
        (primal - tau * Adjoint(dual, target) + tau * lambda * target) / (1.0 + tau * lambda);
    relaxed = next + theta * (next - primal);
    primal = next;
  }
  return primal;
}

}  // namespace dkn::train
