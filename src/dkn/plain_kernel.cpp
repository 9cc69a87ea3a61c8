#include "src/dkn/plain_kernel.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "src/dkn/architecture.h"

namespace dkn {
namespace {

// One of a stream's channels at a pixel of an image of this width.
float HeadValue(const StreamHeads& stream, HeadLayout layout, int width, int x, int y,
                int channel) {
  if (layout == HeadLayout::kPixels) {
    return stream.data[(static_cast<std::ptrdiff_t>(y) * width + x) * stream.channels + channel];
  }
  const std::ptrdiff_t block =
      static_cast<std::ptrdiff_t>(y / kResampling) * (width / kResampling) + x / kResampling;
  const int phase = y % kResampling * kResampling + x % kResampling;
  return stream.data[(block * stream.channels + channel) * kPhases + phase];
}

}  // namespace

WeightsAndOffsets CombineHeads(const Heads& heads, HeadLayout layout, int width, int height,
                               const Architecture& architecture) {
  const int taps = TapCount(architecture);
  WeightsAndOffsets combined{Image(width, height, taps), Image(width, height, 2 * taps)};
  ParallelFor(0, height, [&](int y) {
    std::vector<float> factors(taps);
    std::vector<float> weights(taps);
    for (int x = 0; x < width; ++x) {
      std::fill(weights.begin(), weights.end(), 1.0f);
      bool first_offsets = true;
      for (const StreamHeads& stream : heads) {
        const auto value = [&](int channel) {
          return HeadValue(stream, layout, width, x, y, channel);
        };
        if (stream.weights >= 0) {
          for (int tap = 0; tap < taps; ++tap) {
            factors[tap] = value(stream.weights + tap);
          }
          Activate(architecture, factors.data());
          std::transform(weights.begin(), weights.end(), factors.begin(), weights.begin(),
                         std::multiplies<float>());
        }
        if (stream.offsets >= 0) {
          for (int i = 0; i < 2 * taps; ++i) {
            float& offset = combined.offsets(x, y, i);
            offset = (first_offsets ? 1.0f : offset) * value(stream.offsets + i);
          }
          first_offsets = false;
        }
      }
      Normalize(architecture, weights.data());
      for (int tap = 0; tap < taps; ++tap) {
        combined.weights(x, y, tap) = weights[tap];
      }
    }
  });
  return combined;
}

void StoreKernels(const WeightsAndOffsets& combined, const Lattice& lattice, const Area& area,
                  const Architecture& architecture, Kernels& kernels) {
  const SamplingGrid<float> grid(architecture);
  const Image& offsets = combined.offsets;
  for (int tap = 0; tap < combined.weights.channels(); ++tap) {
    for (int i = 0; i < combined.weights.height(); ++i) {
      const int y = lattice.y + lattice.step * i;
      for (int j = 0; y >= area.top && y < area.bottom && j < combined.weights.width(); ++j) {
        const int x = lattice.x + lattice.step * j;
        if (x >= area.left && x < area.right) {
          kernels.weights(x, y, tap) = combined.weights(j, i, tap);
          kernels.positions(x, y, 2 * tap) =
              grid.FromPixel(tap, grid.Column(tap), x, offsets(j, i, 2 * tap));
          kernels.positions(x, y, 2 * tap + 1) =
              grid.FromPixel(tap, grid.Row(tap), y, offsets(j, i, 2 * tap + 1));
        }
      }
    }
  }
}

}  // namespace dkn
