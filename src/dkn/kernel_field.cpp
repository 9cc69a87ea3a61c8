#include "src/dkn/kernel_field.h"

#include <algorithm>
#include <cmath>

#include "src/core/parallel_for.h"
#include "src/dkn/architecture.h"

namespace dkn {
namespace {

float Sigmoid(float x) {
  return 1.0f / (1.0f + std::exp(-std::clamp(x, -kMaxLogit, kMaxLogit)));
}

}  // namespace

KernelField CombineKernels(const float* guide_heads, const float* target_heads, int width,
                           int height, const Architecture& architecture) {
  const int taps = architecture.kernel_size * architecture.kernel_size;
  KernelField field{Image(width, height, taps), Image(width, height, 2 * taps)};
  ParallelFor(0, height, [&](int y) {
    for (int x = 0; x < width; ++x) {
      const std::ptrdiff_t block =
          static_cast<std::ptrdiff_t>(y / kResampling) * (width / kResampling) + x / kResampling;
      const int phase = y % kResampling * kResampling + x % kResampling;
      const float* guide = guide_heads + block * 3 * taps * kPhases + phase;
      const float* target = target_heads + block * 3 * taps * kPhases + phase;
      float sum = 0.0f;
      for (int tap = 0; tap < taps; ++tap) {
        const int channel = tap * kPhases;
        field.weights(x, y, tap) = Sigmoid(guide[channel]) * Sigmoid(target[channel]);
        sum += field.weights(x, y, tap);
      }
      for (int tap = 0; tap < taps; ++tap) {
        float& weight = field.weights(x, y, tap);
        weight = architecture.residual ? weight - sum / static_cast<float>(taps) : weight / sum;
      }
      for (int i = 0; i < 2 * taps; ++i) {
        const int channel = (taps + i) * kPhases;
        field.offsets(x, y, i) = guide[channel] * target[channel];
      }
    }
  });
  return field;
}

}  // namespace dkn
