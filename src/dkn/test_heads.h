#ifndef DKN_SRC_DKN_TEST_HEADS_H_
#define DKN_SRC_DKN_TEST_HEADS_H_

#include <cstddef>
#include <random>
#include <vector>

#include "dkn/architecture.h"
#include "dkn/image.h"
#include "src/dkn/architecture.h"
#include "src/dkn/heads.h"
#include "src/dkn/plain_kernel.h"
#include "src/dkn/target_pyramid.h"

// What tests and benchmarks of the fast kernel share.
namespace dkn {

inline std::vector<float> NormalValues(std::size_t count, float deviation, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> values(0.0f, deviation);
  std::vector<float> result(count);
  for (float& value : result) {
    value = values(random);
  }
  return result;
}

// What the heads of a network give for so many pixels.
struct RandomHeads {
  // make(count) gives one stream's values.
  template <typename Make>
  RandomHeads(const Architecture& architecture, int pixels, const Make& make) {
    for (const Stream stream : Streams(architecture)) {
      const int channels = HeadsOf(architecture, stream, nullptr).channels;
      values.push_back(make(static_cast<std::size_t>(channels) * pixels));
      heads.push_back(HeadsOf(architecture, stream, values.back().data()));
    }
  }
  RandomHeads(const Architecture& architecture, int width, int height, float deviation,
              unsigned seed)
      : RandomHeads(architecture, width * height,
                    [&](std::size_t count) { return NormalValues(count, deviation, seed++); }) {}

  std::vector<std::vector<float>> values;
  Heads heads;
};

// Those of the blocks from `first` on.
inline Heads HeadsFromBlock(const Heads& heads, std::ptrdiff_t first) {
  Heads strip;
  for (StreamHeads stream : heads) {
    stream.data += first * stream.channels * kPhases;
    strip.push_back(stream);
  }
  return strip;
}

// An image with the levels that the architecture's kernels sample.
struct WholeTarget {
  WholeTarget(ConstView image, const Architecture& architecture, ConstView mask = {})
      : pyramid(image, mask, architecture.levels), sampled(image, &pyramid, 0, 0) {}
  WholeTarget(const WholeTarget&) = delete;
  WholeTarget& operator=(const WholeTarget&) = delete;

  TargetPyramid<float> pyramid;
  SampledTarget sampled;
};

// Eq. (3) or (7) by the plain kernel, for the pixels of the lattice.
inline Image PlainFilter(const Heads& heads, HeadLayout layout, ConstView target,
                         const Architecture& architecture, const Lattice& lattice = {}) {
  Image out((target.width - lattice.x + lattice.step - 1) / lattice.step,
            (target.height - lattice.y + lattice.step - 1) / lattice.step);
  const auto combined = CombineHeads(heads, layout, out.width(), out.height(), architecture);
  FilterPlainly<float>(WholeTarget(target, architecture).pyramid, combined.weights,
                       combined.offsets, architecture, out.view(), lattice);
  return out;
}

}  // namespace dkn

#endif  // DKN_SRC_DKN_TEST_HEADS_H_
