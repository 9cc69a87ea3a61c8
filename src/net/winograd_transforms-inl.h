// The transforms of Winograd's algorithm (Lavin and Gray 2016, Section 4.1), and those that its
// gradients take, by Highway: included once for each instruction set.
#if defined(DKN_SRC_NET_WINOGRAD_TRANSFORMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef DKN_SRC_NET_WINOGRAD_TRANSFORMS_INL_H_
#undef DKN_SRC_NET_WINOGRAD_TRANSFORMS_INL_H_
#else
#define DKN_SRC_NET_WINOGRAD_TRANSFORMS_INL_H_
#endif

#include <hwy/highway.h>

#include <cmath>
#include <cstddef>

#include "src/net/panel_lanes-inl.h"
#include "src/net/winograd_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

constexpr double kA2 = kWinogradSquareA;
constexpr double kB2 = kWinogradSquareB;
static_assert(kA2 * kB2 == 1.0, "the transforms leave the product out");

// What the interpolation divides by at a and -a, and at b and -b, inverted.
constexpr double kAtA = 1.0 / (2.0 * kA2 * (kA2 - kB2));
constexpr double kAtB = 1.0 / (2.0 * kB2 * (kB2 - kA2));

// The terms of even and of odd powers of a polynomial at the root of `square`.
template <int kCount>
HWY_INLINE void EvenAndOdd(const V (&from)[kCount], double square, V& even, V& odd) {
  const D d;
  const V squared = hn::Set(d, static_cast<float>(square));
  even = from[(kCount - 1) / 2 * 2];
  for (int i = (kCount - 1) / 2 * 2 - 2; i >= 0; i -= 2) {
    even = hn::MulAdd(squared, even, from[i]);
  }
  odd = from[kCount / 2 * 2 - 1];
  for (int i = kCount / 2 * 2 - 3; i > 0; i -= 2) {
    odd = hn::MulAdd(squared, odd, from[i]);
  }
  odd = hn::Mul(hn::Set(d, static_cast<float>(std::sqrt(square))), odd);
}

// A polynomial's coefficients to its values at the six points: A, for a gradient by results.
template <int kCount>
HWY_INLINE void Evaluate(const V (&from)[kCount], V (&to)[kWinogradTile]) {
  V even_a;
  V odd_a;
  EvenAndOdd(from, kA2, even_a, odd_a);
  V even_b;
  V odd_b;
  EvenAndOdd(from, kB2, even_b, odd_b);
  to[0] = from[0];
  to[1] = hn::Add(even_a, odd_a);
  to[2] = hn::Sub(even_a, odd_a);
  to[3] = hn::Add(even_b, odd_b);
  to[4] = hn::Sub(even_b, odd_b);
  to[5] = from[kCount - 1];
}

// The transpose of Evaluate: six sums to results, A^T.
template <int kCount>
HWY_INLINE void Gather(const V (&from)[kWinogradTile], V (&to)[kCount]) {
  const D d;
  const V a2 = hn::Set(d, static_cast<float>(kA2));
  const V b2 = hn::Set(d, static_cast<float>(kB2));
  V of_a[2] = {hn::Add(from[1], from[2]),
               hn::Mul(hn::Set(d, static_cast<float>(std::sqrt(kA2))), hn::Sub(from[1], from[2]))};
  V of_b[2] = {hn::Add(from[3], from[4]),
               hn::Mul(hn::Set(d, static_cast<float>(std::sqrt(kB2))), hn::Sub(from[3], from[4]))};
  for (int i = 0; i < kCount; ++i) {
    V& a = of_a[i % 2];
    V& b = of_b[i % 2];
    if (i >= 2) {
      a = hn::Mul(a2, a);
      b = hn::Mul(b2, b);
    }
    to[i] = hn::Add(a, b);
  }
  to[0] = hn::Add(from[0], to[0]);
  to[kCount - 1] = hn::Add(to[kCount - 1], from[5]);
}

// The values at a, -a, b and -b over what the interpolation divides by there.
HWY_INLINE void Interpolate(V (&values)[kWinogradTile]) {
  const D d;
  const V at_a = hn::Set(d, static_cast<float>(kAtA));
  const V at_b = hn::Set(d, static_cast<float>(kAtB));
  values[1] = hn::Mul(at_a, values[1]);
  values[2] = hn::Mul(at_a, values[2]);
  values[3] = hn::Mul(at_b, values[3]);
  values[4] = hn::Mul(at_b, values[4]);
}

// Taps to six values, G, and sums of their gradients back, G^T.
template <int kTaps>
HWY_INLINE void TransformTaps(const V (&from)[kTaps], V (&to)[kWinogradTile]) {
  Evaluate(from, to);
  Interpolate(to);
}
template <int kTaps>
HWY_INLINE void TransformTapsBack(V (&from)[kWinogradTile], V (&to)[kTaps]) {
  Interpolate(from);
  Gather(from, to);
}

// Six values to six sums: B^T.
HWY_INLINE void TransformInput(const V (&from)[6], V (&to)[6]) {
  const D d;
  const V a2 = hn::Set(d, static_cast<float>(kA2));
  const V b2 = hn::Set(d, static_cast<float>(kB2));
  const V sum = hn::Set(d, static_cast<float>(kA2 + kB2));
  const V a = hn::Set(d, static_cast<float>(std::sqrt(kA2)));
  const V b = hn::Set(d, static_cast<float>(std::sqrt(kB2)));
  const V even_a = hn::NegMulAdd(b2, from[2], from[4]);
  const V odd_a = hn::Mul(a, hn::NegMulAdd(b2, from[1], from[3]));
  const V even_b = hn::NegMulAdd(a2, from[2], from[4]);
  const V odd_b = hn::Mul(b, hn::NegMulAdd(a2, from[1], from[3]));
  to[0] = hn::NegMulAdd(sum, from[2], hn::Add(from[0], from[4]));
  to[1] = hn::Add(even_a, odd_a);
  to[2] = hn::Sub(even_a, odd_a);
  to[3] = hn::Add(even_b, odd_b);
  to[4] = hn::Sub(even_b, odd_b);
  to[5] = hn::NegMulAdd(sum, from[3], hn::Add(from[1], from[5]));
}

// Some channels of a square of kSize x kSize pixels that begins at (left, top), zeros beyond the
// image, the transform of which goes to 36 matrices that lie `stride` apart: of what a layer takes
// (kWinogradTile), or of a gradient by its results.
template <int kSize>
void TileToProducts(const PaddedImage& image, int left, int top, int channel, float* to,
                    std::ptrdiff_t stride) {
  const D d;
  const auto transform = [](const V(&from)[kSize], V(&sums)[kWinogradTile]) {
    if constexpr (kSize == kWinogradTile) {
      TransformInput(from, sums);
    } else {
      Evaluate(from, sums);
    }
  };
  V rows[kWinogradTile][kSize];  // [column][row], once along x
  for (int i = 0; i < kSize; ++i) {
    const int y = top + i;
    V values[kSize];
    if (y < 0 || y >= image.height) {
      for (V& value : values) {
        value = hn::Zero(d);
      }
    } else {
      const float* const row =
          image.values + static_cast<std::ptrdiff_t>(y) * image.width * image.channels + channel;
      for (int j = 0; j < kSize; ++j) {
        const int x = left + j;
        values[j] = x < 0 || x >= image.width
                        ? hn::Zero(d)
                        : hn::LoadU(d, row + static_cast<std::ptrdiff_t>(x) * image.channels);
      }
    }
    V sums[kWinogradTile];
    transform(values, sums);
    for (int j = 0; j < kWinogradTile; ++j) {
      rows[j][i] = sums[j];
    }
  }
  for (int j = 0; j < kWinogradTile; ++j) {
    V sums[kWinogradTile];
    transform(rows[j], sums);
    for (int i = 0; i < kWinogradTile; ++i) {
      hn::StoreU(sums[i], d, to + (i * kWinogradTile + j) * stride);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#endif  // DKN_SRC_NET_WINOGRAD_TRANSFORMS_INL_H_
