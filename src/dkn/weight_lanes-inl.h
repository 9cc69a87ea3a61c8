// The weights of a group of pixels, by Highway: included once for each instruction set by
// fast_kernel.cpp.
#if defined(DKN_SRC_DKN_WEIGHT_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef DKN_SRC_DKN_WEIGHT_LANES_INL_H_
#undef DKN_SRC_DKN_WEIGHT_LANES_INL_H_
#else
#define DKN_SRC_DKN_WEIGHT_LANES_INL_H_
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>

#include "src/dkn/architecture.h"
#include "src/dkn/plain_kernel.h"
#include "src/dkn/sample_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

// Where the pixels of a group stand, from its first.
struct GroupShape {
  HWY_ALIGN std::int32_t column[kPhases];
  HWY_ALIGN std::int32_t row[kPhases];
};

// What the heads of one stream give for a group: channel * 16 + pixel.
struct GroupHeads {
  const float* weights;  // null: the stream gives none
  const float* offsets;
};

// 16 pixels that are filtered at once, and the heads of one stream or two for them.
struct PixelGroup {
  GroupHeads streams[2];
  int stream_count;
  int x;  // its first pixel
  int y;
  const GroupShape* shape;
};

// The weights of all taps for one vector of pixels, tap * lanes + lane.
struct TapWeights {
  HWY_INLINE Floats At(int tap) const {
    const F f;
    return hn::Load(f, values + static_cast<std::size_t>(tap) * hn::Lanes(f));
  }
  // Sums row by row, which rounds less: an error of the mean counts once for each tap.
  HWY_INLINE Floats Sum(int kernel_size) const {
    const F f;
    auto sum = hn::Zero(f);
    for (int row = 0; row < kernel_size; ++row) {
      auto row_sum = hn::Zero(f);
      for (int column = 0; column < kernel_size; ++column) {
        row_sum = hn::Add(row_sum, At(row * kernel_size + column));
      }
      sum = hn::Add(sum, row_sum);
    }
    return sum;
  }
  float* HWY_RESTRICT values;
};

// The product over the streams of value(stream, channel).
HWY_INLINE Floats Product(const PixelGroup& group, const float* GroupHeads::*head, std::size_t at) {
  const F f;
  auto product = hn::Set(f, 1.0f);
  bool first = true;
  for (int s = 0; s < group.stream_count; ++s) {
    const float* values = group.streams[s].*head;
    if (values != nullptr) {
      const auto value = hn::LoadU(f, values + at);
      product = first ? value : hn::Mul(product, value);
      first = false;
    }
  }
  return product;
}

// The product of the streams' sigmoids, with one division, of the taps from `first` on.
HWY_INLINE void SigmoidWeights(const PixelGroup& group, int first, int taps, std::size_t lane,
                               float* out) {
  const F f;
  const auto one = hn::Set(f, 1.0f);
  const auto limit = hn::Set(f, kMaxLogit);
  for (int tap = first; tap < taps; ++tap) {
    const std::size_t at = static_cast<std::size_t>(tap) * kPhases + lane;
    auto inverse = one;
    for (int s = 0; s < group.stream_count; ++s) {
      if (group.streams[s].weights != nullptr) {
        const auto x =
            hn::Clamp(hn::LoadU(f, group.streams[s].weights + at), hn::Neg(limit), limit);
        inverse = hn::Mul(inverse, hn::Add(one, hn::Exp(f, hn::Neg(x))));
      }
    }
    hn::Store(hn::Div(one, inverse), f, out + static_cast<std::size_t>(tap) * hn::Lanes(f));
  }
}

// The product of the streams' softmaxes over the taps.
HWY_INLINE void SoftmaxWeights(const PixelGroup& group, int taps, std::size_t lane, float* out) {
  const F f;
  const std::size_t lanes = hn::Lanes(f);
  for (std::size_t tap = 0; tap < static_cast<std::size_t>(taps); ++tap) {
    hn::Store(hn::Set(f, 1.0f), f, out + tap * lanes);
  }
  for (int s = 0; s < group.stream_count; ++s) {
    if (group.streams[s].weights == nullptr) {
      continue;
    }
    const float* logits = group.streams[s].weights + lane;
    auto largest = hn::LoadU(f, logits);
    for (std::size_t tap = 1; tap < static_cast<std::size_t>(taps); ++tap) {
      largest = hn::Max(largest, hn::LoadU(f, logits + tap * kPhases));
    }
    auto sum = hn::Zero(f);
    for (std::size_t tap = 0; tap < static_cast<std::size_t>(taps); ++tap) {
      const auto below = hn::Sub(hn::LoadU(f, logits + tap * kPhases), largest);
      const auto e = hn::Exp(f, hn::Max(below, hn::Set(f, -kMaxLogit)));
      sum = hn::Add(sum, e);
      hn::Store(hn::Mul(hn::Load(f, out + tap * lanes), e), f, out + tap * lanes);
    }
    const auto scale = hn::Div(hn::Set(f, 1.0f), sum);
    for (std::size_t tap = 0; tap < static_cast<std::size_t>(taps); ++tap) {
      hn::Store(hn::Mul(hn::Load(f, out + tap * lanes), scale), f, out + tap * lanes);
    }
  }
}

HWY_INLINE void LinearWeights(const PixelGroup& group, int taps, std::size_t lane, float* out) {
  const F f;
  for (std::size_t tap = 0; tap < static_cast<std::size_t>(taps); ++tap) {
    hn::Store(Product(group, &GroupHeads::weights, tap * kPhases + lane), f,
              out + tap * hn::Lanes(f));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#endif  // DKN_SRC_DKN_WEIGHT_LANES_INL_H_
