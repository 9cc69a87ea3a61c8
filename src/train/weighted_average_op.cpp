#include "src/train/weighted_average_op.h"

#include <torch/torch.h>

#include <type_traits>
#include <vector>

#include "src/dkn/plain_kernel.h"
#include "src/dkn/plain_kernel_gradient.h"
#include "src/dkn/training_kernel.h"

namespace dkn::train {
namespace {

// Image `n` of a contiguous batch [N, C, H, W].
template <typename T>
BasicView<T> BatchView(const torch::Tensor& batch, int64_t n) {
  const int64_t height = batch.size(2);
  const int64_t width = batch.size(3);
  T* data = batch.data_ptr<std::remove_const_t<T>>() + n * batch.stride(0);
  return BasicView<T>(data, static_cast<int>(width), static_cast<int>(height),
                      static_cast<int>(batch.size(1)), width, height * width);
}

// Level 0 and what is coarser, of image `n` of samples [N, 1 or more, H, W]: values, measured.
template <typename T>
TargetPyramid<T> PyramidOf(const torch::Tensor& samples, int64_t n, int levels) {
  const auto channels = BatchView<const T>(samples, n);
  const bool measured = channels.channels > 1;
  return {channels.Channel(0), measured ? channels.Channel(1) : BasicView<const T>(), levels};
}

// WeightedAverage and its gradient: a vector of pixels at once where there is a kernel for that.
template <typename T>
void Average(const TargetPyramid<T>& target, const BasicView<const T>& weights,
             const BasicView<const T>& offsets, const SamplingGrid<T>& grid,
             const BasicView<T>& out, const Lattice& lattice) {
  if constexpr (std::is_same_v<T, float>) {
    if (HasTrainingKernel(grid)) {
      return AverageForTraining(target, weights, offsets, grid, out, lattice);
    }
  }
  WeightedAverage(target, weights, offsets, grid, out, lattice);
}
template <typename T>
void Gradient(const TargetPyramid<T>& target, const BasicView<const T>& weights,
              const BasicView<const T>& offsets, const SamplingGrid<T>& grid,
              const BasicView<const T>& out_gradient, const BasicView<T>& weights_gradient,
              const BasicView<T>& offsets_gradient, const Lattice& lattice) {
  if constexpr (std::is_same_v<T, float>) {
    if (HasTrainingKernel(grid)) {
      return GradientForTraining(target, weights, offsets, grid, out_gradient, weights_gradient,
                                 offsets_gradient, lattice);
    }
  }
  WeightedAverageGradient(target, weights, offsets, grid, out_gradient, weights_gradient,
                          offsets_gradient, lattice);
}

class CpuFunction : public torch::autograd::Function<CpuFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& target, const torch::Tensor& weights,
                               const torch::Tensor& offsets, const Architecture& architecture,
                               const Lattice& lattice) {
    context->save_for_backward({target, weights, offsets});
    context->saved_data["kernel"] = Pack(architecture);
    context->saved_data["lattice"] = std::vector<int64_t>{lattice.x, lattice.y, lattice.step};
    torch::Tensor out =
        torch::empty({target.size(0), 1, weights.size(2), weights.size(3)}, target.options());
    AT_DISPATCH_FLOATING_TYPES(target.scalar_type(), "WeightedAverage", [&] {
      const SamplingGrid<scalar_t> grid(architecture);
      for (int64_t n = 0; n < target.size(0); ++n) {
        Average(PyramidOf<scalar_t>(target, n, architecture.levels),
                BatchView<const scalar_t>(weights, n), BatchView<const scalar_t>(offsets, n), grid,
                BatchView<scalar_t>(out, n), lattice);
      }
    });
    return out;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor& target = saved[0];
    const torch::Tensor& weights = saved[1];
    const torch::Tensor& offsets = saved[2];
    const Architecture architecture = Unpack(context->saved_data["kernel"]);
    const auto place = context->saved_data["lattice"].toIntVector();
    const Lattice lattice{static_cast<int>(place[0]), static_cast<int>(place[1]),
                          static_cast<int>(place[2])};
    const torch::Tensor out_gradient = gradients[0].contiguous();
    torch::Tensor weights_gradient = torch::empty_like(weights);
    torch::Tensor offsets_gradient = torch::empty_like(offsets);
    AT_DISPATCH_FLOATING_TYPES(target.scalar_type(), "WeightedAverageGradient", [&] {
      const SamplingGrid<scalar_t> grid(architecture);
      for (int64_t n = 0; n < target.size(0); ++n) {
        Gradient(PyramidOf<scalar_t>(target, n, architecture.levels),
                 BatchView<const scalar_t>(weights, n), BatchView<const scalar_t>(offsets, n), grid,
                 BatchView<const scalar_t>(out_gradient, n),
                 BatchView<scalar_t>(weights_gradient, n), BatchView<scalar_t>(offsets_gradient, n),
                 lattice);
      }
    });
    torch::Tensor target_gradient;
    if (context->needs_input_grad(0)) {
      TORCH_CHECK(architecture.levels == 1, "coarser levels have no gradient by the target");
      target_gradient = torch::zeros_like(target);
      AT_DISPATCH_FLOATING_TYPES(target.scalar_type(), "WeightedAverageTargetGradient", [&] {
        const SamplingGrid<scalar_t> grid(architecture);
        ParallelFor(0, static_cast<int>(target.size(0)), [&](int n) {
          WeightedAverageTargetGradient(
              BatchView<const scalar_t>(weights, n), BatchView<const scalar_t>(offsets, n), grid,
              BatchView<const scalar_t>(out_gradient, n),
              BatchView<scalar_t>(target_gradient, n).Channel(0), lattice);
        });
      });
    }
    return {target_gradient, weights_gradient, offsets_gradient, torch::Tensor(), torch::Tensor()};
  }

 private:
  // What SamplingGrid reads of an Architecture, as values that autograd can keep.
  static std::vector<double> Pack(const Architecture& a) {
    const double centred = -static_cast<double>(a.grid_scale) * (a.kernel_size - 1) / 2;
    return {static_cast<double>(a.kernel_size),        static_cast<double>(a.window),
            static_cast<double>(a.window_rule),        static_cast<double>(a.border_rule),
            static_cast<double>(a.tap_order),          a.grid_scale,
            a.grid_origin ? *a.grid_origin : centred,  static_cast<double>(a.levels),
            static_cast<double>(a.coarse_kernel_size), static_cast<double>(a.residual)};
  }
  static Architecture Unpack(const c10::IValue& packed) {
    const auto values = packed.toDoubleVector();
    Architecture a;
    a.kernel_size = static_cast<int>(values[0]);
    a.window = static_cast<int>(values[1]);
    a.window_rule = static_cast<WindowRule>(values[2]);
    a.border_rule = static_cast<BorderRule>(values[3]);
    a.tap_order = static_cast<TapOrder>(values[4]);
    a.grid_scale = static_cast<float>(values[5]);
    a.grid_origin = static_cast<float>(values[6]);
    a.levels = static_cast<int>(values[7]);
    a.coarse_kernel_size = static_cast<int>(values[8]);
    a.residual = values[9] != 0.0;
    return a;
  }
};

// TargetPyramid's level after this one, and its weights.
void Halve(torch::Tensor& values, torch::Tensor& weights) {
  const auto mean = [](const torch::Tensor& image) {
    const auto padded =
        torch::replication_pad2d(image, {0, image.size(3) % 2, 0, image.size(2) % 2});
    return torch::avg_pool2d(padded, 2);
  };
  const torch::Tensor weight_mean = mean(weights);
  values = mean(weights * values) / weight_mean;
  weights = weight_mean;
}

// Eq. (5) and (6) at places (x, y) of any shape, of what `read` gives at whole ones.
template <typename Read>
torch::Tensor Bilinear(const torch::Tensor& x, const torch::Tensor& y, const Read& read) {
  const torch::Tensor floor_x = x.detach().floor();
  const torch::Tensor floor_y = y.detach().floor();
  const torch::Tensor fx = x - floor_x;
  const torch::Tensor fy = y - floor_y;
  const torch::Tensor left = floor_x.to(torch::kLong);
  const torch::Tensor top = floor_y.to(torch::kLong);
  const torch::Tensor upper = read(left, top) * (1 - fx) + read(left + 1, top) * fx;
  const torch::Tensor lower = read(left, top + 1) * (1 - fx) + read(left + 1, top + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}

// SampleLevel at places [N, h, w] of an image [N, 1, H, W].
torch::Tensor SampleTensor(const torch::Tensor& image, const torch::Tensor& x,
                           const torch::Tensor& y) {
  const int64_t height = image.size(2);
  const int64_t width = image.size(3);
  const torch::Tensor pixels = image.flatten(1);
  return Bilinear(x, y, [&](const torch::Tensor& px, const torch::Tensor& py) {
    const torch::Tensor index = py.clamp(0, height - 1) * width + px.clamp(0, width - 1);
    return pixels.gather(1, index.flatten(1)).view_as(index);
  });
}

}  // namespace

torch::Tensor WeightedAverageOp(const torch::Tensor& target, const torch::Tensor& weights,
                                const torch::Tensor& offsets, const Architecture& architecture,
                                const Lattice& lattice) {
  if (!target.device().is_cpu()) {
    return ComposedWeightedAverage(target, weights, offsets, architecture, lattice);
  }
  return CpuFunction::apply(target.contiguous(), weights.contiguous(), offsets.contiguous(),
                            architecture, lattice);
}

torch::Tensor ComposedWeightedAverage(const torch::Tensor& target, const torch::Tensor& weights,
                                      const torch::Tensor& offsets,
                                      const Architecture& architecture, const Lattice& lattice) {
  const SamplingGrid<double> grid(architecture);
  const int64_t batch = target.size(0);
  const int64_t height = target.size(2);
  const int64_t width = target.size(3);
  const auto integers = torch::TensorOptions().dtype(torch::kLong).device(target.device());
  const torch::Tensor xs =
      lattice.x + lattice.step * torch::arange(weights.size(3), integers).view({1, 1, -1});
  const torch::Tensor ys =
      lattice.y + lattice.step * torch::arange(weights.size(2), integers).view({1, -1, 1});
  const torch::Tensor values = target.slice(1, 0, 1);
  const torch::Tensor pixels = values.flatten(1);

  // The target at whole offsets (tx, ty) from each pixel, under the rules for window and border.
  const auto read = [&](const torch::Tensor& tx, const torch::Tensor& ty) {
    const torch::Tensor px = xs + tx;
    const torch::Tensor py = ys + ty;
    const torch::Tensor index = py.clamp(0, height - 1) * width + px.clamp(0, width - 1);
    torch::Tensor value = pixels.gather(1, index.view({batch, -1})).view_as(index);
    if (!grid.clamp_window) {
      value = value * ((tx.abs() <= grid.radius) & (ty.abs() <= grid.radius));
    }
    if (!grid.replicate_border) {
      value = value * ((px >= 0) & (px < width) & (py >= 0) & (py < height));
    }
    return value;
  };
  const auto position = [&](int index, torch::Tensor offset) {
    if (grid.clamp_window) {
      offset = offset.clamp(-grid.max_offset, grid.max_offset);
    }
    return (grid.scale * (index + offset) + grid.origin).clamp(-grid.radius - 1, grid.radius + 1);
  };

  torch::Tensor sum = torch::zeros({batch, weights.size(2), weights.size(3)}, target.options());
  for (int64_t tap = 0; tap < grid.fine_taps; ++tap) {
    const torch::Tensor dx =
        position(grid.Column(static_cast<int>(tap)), offsets.select(1, 2 * tap));
    const torch::Tensor dy =
        position(grid.Row(static_cast<int>(tap)), offsets.select(1, 2 * tap + 1));
    sum = sum + weights.select(1, tap) * Bilinear(dx, dy, read);
  }
  torch::Tensor level_values = values;
  torch::Tensor level_weights = target.size(1) > 1 ? target.slice(1, 1, 2).clamp_min(kFilledWeight)
                                                   : torch::ones_like(values);
  for (int level = 1; level < grid.levels; ++level) {
    Halve(level_values, level_weights);
    const auto place = [&](const torch::Tensor& pixel, int index, const torch::Tensor& offset) {
      return (pixel + 0.5) / (1 << level) - 0.5 + index - (grid.coarse_size - 1) / 2.0 +
             offset.clamp(-grid.max_coarse_offset, grid.max_coarse_offset);
    };
    const int per_level = grid.coarse_size * grid.coarse_size;
    const int first = grid.fine_taps + (level - 1) * per_level;
    for (int tap = first; tap < first + per_level; ++tap) {
      torch::Tensor sample =
          SampleTensor(level_values, place(xs, grid.Column(tap), offsets.select(1, 2 * tap)),
                       place(ys, grid.Row(tap), offsets.select(1, 2 * tap + 1)));
      if (grid.residual) {
        sample = sample - SampleTensor(values, xs.expand_as(sample), ys.expand_as(sample));
      }
      sum = sum + weights.select(1, tap) * sample;
    }
  }
  return sum.unsqueeze(1);
}

}  // namespace dkn::train
