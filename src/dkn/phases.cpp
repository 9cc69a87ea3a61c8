#include "src/dkn/phases.h"

#include <algorithm>

#include "src/core/parallel_for.h"
#include "src/dkn/architecture.h"

namespace dkn {

void SplitPhases(ConstView image, ValueLayout layout, float* out) {
  const int blocks = image.width / kResampling;
  const bool innermost = layout == ValueLayout::kInnermost;
  const std::ptrdiff_t channels = image.channels;
  const std::ptrdiff_t pixel_size = innermost ? kPhases * channels : kPhases;
  const std::ptrdiff_t channel_size =
      innermost ? kPhases : std::ptrdiff_t{kPhases} * blocks * (image.height / kResampling);
  ParallelFor(0, image.height / kResampling, [&](int block_row) {
    for (int c = 0; c < image.channels; ++c) {
      for (int i = 0; i < kResampling; ++i) {
        const float* row = image.Row(block_row * kResampling + i, c);
        float* to = out + block_row * blocks * pixel_size + c * channel_size + i * kResampling;
        for (int block = 0; block < blocks; ++block) {
          std::copy_n(row + block * kResampling, kResampling, to + block * pixel_size);
        }
      }
    }
  });
}

}  // namespace dkn
