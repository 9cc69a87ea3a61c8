#include "src/dkn/kernel_field.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/dkn/architecture.h"

namespace dkn {
namespace {

float Sigmoid(float x) {
  return 1.0f / (1.0f + std::exp(-std::clamp(x, -kMaxLogit, kMaxLogit)));
}

// From what a head gives for one pixel to weights.
void Activate(WeightActivation activation, std::vector<float>& values) {
  if (activation == WeightActivation::kSigmoid) {
    std::transform(values.begin(), values.end(), values.begin(), Sigmoid);
  } else if (activation == WeightActivation::kSoftmax) {
    const float largest = *std::max_element(values.begin(), values.end());
    float sum = 0.0f;
    for (float& value : values) {
      value = std::exp(std::max(value - largest, -kMaxLogit));
      sum += value;
    }
    for (float& value : values) {
      value /= sum;
    }
  }
}

}  // namespace

KernelField CombineKernels(const Heads& heads, HeadLayout layout, int width, int height,
                           const Architecture& architecture) {
  const int taps = architecture.kernel_size * architecture.kernel_size;
  const auto value = [&](const StreamHeads& stream, int x, int y, int channel) {
    if (layout == HeadLayout::kPixels) {
      return stream.data[(static_cast<std::ptrdiff_t>(y) * width + x) * stream.channels + channel];
    }
    const std::ptrdiff_t block =
        static_cast<std::ptrdiff_t>(y / kResampling) * (width / kResampling) + x / kResampling;
    const int phase = y % kResampling * kResampling + x % kResampling;
    return stream.data[(block * stream.channels + channel) * kPhases + phase];
  };
  KernelField field{Image(width, height, taps), Image(width, height, 2 * taps)};
  ParallelFor(0, height, [&](int y) {
    std::vector<float> stream_weights(taps);
    for (int x = 0; x < width; ++x) {
      for (int tap = 0; tap < taps; ++tap) {
        field.weights(x, y, tap) = 1.0f;
      }
      bool offsets = false;
      for (const StreamHeads& stream : heads) {
        if (stream.weights >= 0) {
          for (int tap = 0; tap < taps; ++tap) {
            stream_weights[tap] = value(stream, x, y, stream.weights + tap);
          }
          Activate(architecture.weight_activation, stream_weights);
          for (int tap = 0; tap < taps; ++tap) {
            field.weights(x, y, tap) *= stream_weights[tap];
          }
        }
        for (int i = 0; stream.offsets >= 0 && i < 2 * taps; ++i) {
          const float offset = value(stream, x, y, stream.offsets + i);
          field.offsets(x, y, i) = offsets ? field.offsets(x, y, i) * offset : offset;
        }
        offsets = offsets || stream.offsets >= 0;
      }
      double sum = 0.0;
      for (int tap = 0; tap < taps; ++tap) {
        sum += field.weights(x, y, tap);
      }
      for (int tap = 0; tap < taps; ++tap) {
        float& weight = field.weights(x, y, tap);
        if (!architecture.residual) {
          weight = static_cast<float>(weight / sum);
        } else if (architecture.mean_subtraction) {
          weight = static_cast<float>(weight - sum / taps);
        }
      }
    }
  });
  return field;
}

void StoreKernels(const KernelField& field, const Lattice& lattice, const Area& area,
                  const Architecture& architecture, Kernels& kernels) {
  const SamplingGrid<float> grid(architecture);
  for (int tap = 0; tap < field.weights.channels(); ++tap) {
    for (int i = 0; i < field.weights.height(); ++i) {
      const int y = lattice.y + lattice.step * i;
      for (int j = 0; y >= area.top && y < area.bottom && j < field.weights.width(); ++j) {
        const int x = lattice.x + lattice.step * j;
        if (x >= area.left && x < area.right) {
          kernels.weights(x, y, tap) = field.weights(j, i, tap);
          kernels.positions(x, y, 2 * tap) =
              grid.Position(grid.Column(tap), field.offsets(j, i, 2 * tap));
          kernels.positions(x, y, 2 * tap + 1) =
              grid.Position(grid.Row(tap), field.offsets(j, i, 2 * tap + 1));
        }
      }
    }
  }
}

}  // namespace dkn
