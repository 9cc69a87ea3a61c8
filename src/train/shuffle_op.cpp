#include "src/train/shuffle_op.h"

#include <torch/torch.h>

#include <algorithm>
#include <cstddef>

#include "src/core/parallel_for.h"
#include "src/dkn/architecture.h"

namespace dkn::train {
namespace {

constexpr auto kInnermost = torch::MemoryFormat::ChannelsLast;

// Visits the runs of kResampling values that lie beside each other in both forms: move(head, full)
// is given where a run begins in heads with channels innermost, and in the planes of full size.
template <typename Head, typename Full, typename Move>
void ForRuns(const torch::Tensor& heads, Head* head, Full* full, const Move& move) {
  const int channels = static_cast<int>(heads.size(1)) / kPhases;
  const int height = static_cast<int>(heads.size(2));
  const int width = static_cast<int>(heads.size(3));
  const int planes = static_cast<int>(heads.size(0)) * channels;
  ParallelFor(0, planes * height, [&](int i) {
    const std::ptrdiff_t plane = i / height;
    const std::ptrdiff_t y = i % height;
    const std::ptrdiff_t row = (plane / channels * height + y) * width;
    for (std::ptrdiff_t j = 0; j < kResampling; ++j) {
      Head* from = head + row * channels * kPhases + plane % channels * kPhases + j * kResampling;
      Full* to = full + ((plane * height + y) * kResampling + j) * width * kResampling;
      for (int x = 0; x < width; ++x) {
        move(from, to);
        from += channels * kPhases;
        to += kResampling;
      }
    }
  });
}

class ShuffleFunction : public torch::autograd::Function<ShuffleFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& heads) {
    context->saved_data["sizes"] = heads.sizes().vec();
    torch::Tensor full = torch::empty({heads.size(0), heads.size(1) / kPhases,
                                       heads.size(2) * kResampling, heads.size(3) * kResampling},
                                      heads.options());
    AT_DISPATCH_FLOATING_TYPES(heads.scalar_type(), "Shuffle", [&] {
      ForRuns(heads, heads.data_ptr<scalar_t>(), full.data_ptr<scalar_t>(),
              [](const scalar_t* head, scalar_t* to) { std::copy_n(head, kResampling, to); });
    });
    return full;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const torch::Tensor full = gradients[0].contiguous();
    torch::Tensor heads = torch::empty(context->saved_data["sizes"].toIntVector(),
                                       full.options().memory_format(kInnermost));
    AT_DISPATCH_FLOATING_TYPES(heads.scalar_type(), "ShuffleGradient", [&] {
      ForRuns(heads, heads.data_ptr<scalar_t>(), full.data_ptr<scalar_t>(),
              [](scalar_t* head, const scalar_t* from) { std::copy_n(from, kResampling, head); });
    });
    return {heads};
  }
};

}  // namespace

torch::Tensor ShuffleOp(const torch::Tensor& heads) {
  if (!heads.device().is_cpu()) {
    return torch::pixel_shuffle(heads.contiguous(), kResampling);
  }
  return ShuffleFunction::apply(heads.contiguous(kInnermost));
}

}  // namespace dkn::train
