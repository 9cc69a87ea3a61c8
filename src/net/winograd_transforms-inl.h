// The transforms of Winograd's F(4 x 4, 3 x 3) (Lavin and Gray 2016, Section 4.1), and those that
// its gradient takes, by Highway: included once for each instruction set.
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

// Three taps to their polynomial's values at the six points, each over what the interpolation
// divides by there: G.
HWY_INLINE void TransformTaps(const V (&from)[3], V (&to)[6]) {
  const D d;
  const V at_a = hn::Set(d, static_cast<float>(kAtA));
  const V at_b = hn::Set(d, static_cast<float>(kAtB));
  const V even_a = hn::MulAdd(hn::Set(d, static_cast<float>(kA2)), from[2], from[0]);
  const V even_b = hn::MulAdd(hn::Set(d, static_cast<float>(kB2)), from[2], from[0]);
  const V odd_a = hn::Mul(hn::Set(d, static_cast<float>(std::sqrt(kA2))), from[1]);
  const V odd_b = hn::Mul(hn::Set(d, static_cast<float>(std::sqrt(kB2))), from[1]);
  to[0] = from[0];
  to[1] = hn::Mul(at_a, hn::Add(even_a, odd_a));
  to[2] = hn::Mul(at_a, hn::Sub(even_a, odd_a));
  to[3] = hn::Mul(at_b, hn::Add(even_b, odd_b));
  to[4] = hn::Mul(at_b, hn::Sub(even_b, odd_b));
  to[5] = from[2];
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

// Six sums to four results: A^T.
HWY_INLINE void TransformOutput(const V (&from)[6], V (&to)[4]) {
  const D d;
  const V a2 = hn::Set(d, static_cast<float>(kA2));
  const V b2 = hn::Set(d, static_cast<float>(kB2));
  const V a = hn::Set(d, static_cast<float>(std::sqrt(kA2)));
  const V b = hn::Set(d, static_cast<float>(std::sqrt(kB2)));
  const V sum_a = hn::Add(from[1], from[2]);
  const V sum_b = hn::Add(from[3], from[4]);
  const V odd_a = hn::Mul(a, hn::Sub(from[1], from[2]));
  const V odd_b = hn::Mul(b, hn::Sub(from[3], from[4]));
  to[0] = hn::Add(from[0], hn::Add(sum_a, sum_b));
  to[1] = hn::Add(odd_a, odd_b);
  to[2] = hn::MulAdd(a2, sum_a, hn::Mul(b2, sum_b));
  to[3] = hn::MulAdd(a2, odd_a, hn::MulAdd(b2, odd_b, from[5]));
}

// What TransformTaps is for gradients: six sums to three, G^T.
HWY_INLINE void TransformTapsBack(const V (&from)[6], V (&to)[3]) {
  const D d;
  const V at_a = hn::Set(d, static_cast<float>(kAtA));
  const V at_b = hn::Set(d, static_cast<float>(kAtB));
  const V even_a = hn::Mul(at_a, hn::Add(from[1], from[2]));
  const V even_b = hn::Mul(at_b, hn::Add(from[3], from[4]));
  const V odd_a = hn::Mul(at_a, hn::Sub(from[1], from[2]));
  const V odd_b = hn::Mul(at_b, hn::Sub(from[3], from[4]));
  to[0] = hn::Add(from[0], hn::Add(even_a, even_b));
  to[1] = hn::MulAdd(hn::Set(d, static_cast<float>(std::sqrt(kA2))), odd_a,
                     hn::Mul(hn::Set(d, static_cast<float>(std::sqrt(kB2))), odd_b));
  to[2] = hn::MulAdd(hn::Set(d, static_cast<float>(kA2)), even_a,
                     hn::MulAdd(hn::Set(d, static_cast<float>(kB2)), even_b, from[5]));
}

// What TransformOutput is for gradients: four values to six, A.
HWY_INLINE void TransformOutputBack(const V (&from)[4], V (&to)[6]) {
  const D d;
  const V a2 = hn::Set(d, static_cast<float>(kA2));
  const V b2 = hn::Set(d, static_cast<float>(kB2));
  const V even_a = hn::MulAdd(a2, from[2], from[0]);
  const V even_b = hn::MulAdd(b2, from[2], from[0]);
  const V odd_a =
      hn::Mul(hn::Set(d, static_cast<float>(std::sqrt(kA2))), hn::MulAdd(a2, from[3], from[1]));
  const V odd_b =
      hn::Mul(hn::Set(d, static_cast<float>(std::sqrt(kB2))), hn::MulAdd(b2, from[3], from[1]));
  to[0] = from[0];
  to[1] = hn::Add(even_a, odd_a);
  to[2] = hn::Sub(even_a, odd_a);
  to[3] = hn::Add(even_b, odd_b);
  to[4] = hn::Sub(even_b, odd_b);
  to[5] = from[3];
}

// Some channels of a square of kSize x kSize pixels that begins at (left, top), zeros beyond the
// image, the transform of which goes to 36 matrices that lie `stride` apart: of what a layer takes
// (kWinogradTile), or of a gradient by its results (kWinogradResults).
template <int kSize>
void TileToProducts(const PaddedImage& image, int left, int top, int channel, float* to,
                    std::ptrdiff_t stride) {
  const D d;
  const auto transform = [](const V(&from)[kSize], V(&sums)[kWinogradTile]) {
    if constexpr (kSize == kWinogradTile) {
      TransformInput(from, sums);
    } else {
      TransformOutputBack(from, sums);
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
