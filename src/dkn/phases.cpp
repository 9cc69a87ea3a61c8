#include "src/dkn/phases.h"

#include <algorithm>

#include "src/core/parallel_for.h"
#include "src/dkn/architecture.h"

namespace dkn {

void SplitPhases(ConstView image, ValueLayout layout, float* out) {
  const int blocks = image.width / kResampling;
  const int rows = image.height / kResampling;
  const std::ptrdiff_t pixel_size =
      layout == ValueLayout::kInnermost ? kPhases * image.channels : BlockChannels(layout);
  const std::ptrdiff_t plane_size = pixel_size * blocks * rows;
  ParallelFor(0, rows, [&](int block_row) {
    for (int c = 0; c < image.channels; ++c) {
      for (int i = 0; i < kResampling; ++i) {
        const float* row = image.Row(block_row * kResampling + i, c);
        const std::ptrdiff_t channel = c * kPhases + i * kResampling;  // of the phases in this row
        float* to = out + channel / pixel_size * plane_size + block_row * blocks * pixel_size +
                    channel % pixel_size;
        for (int block = 0; block < blocks; ++block) {
          std::copy_n(row + block * kResampling, kResampling, to + block * pixel_size);
        }
      }
    }
  });
}

}  // namespace dkn
