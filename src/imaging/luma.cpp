#include "src/imaging/luma.h"

#include <string>

#include "dkn/error.h"
#include "src/core/parallel_for.h"

namespace dkn {

void Luma(ConstView rgb, View out) {
  if (rgb.channels != 3 || out.channels != 1 || !SameSize(rgb, out)) {
    throw Error("luma of " + std::to_string(rgb.channels) + " channels into " +
                std::to_string(out.channels) + ", expected 3 into 1 of the same size");
  }
  ParallelFor(0, rgb.height, [&](int y) {
    const float* red = rgb.Row(y, 0);
    const float* green = rgb.Row(y, 1);
    const float* blue = rgb.Row(y, 2);
    float* luma = out.Row(y);
    for (int x = 0; x < rgb.width; ++x) {
      luma[x] = 0.299f * red[x] + 0.587f * green[x] + 0.114f * blue[x];
    }
  });
}

}  // namespace dkn
