// A product of matrices for convolutions, by Highway: included once for each instruction set.
#if defined(DKN_SRC_NET_PANEL_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef DKN_SRC_NET_PANEL_LANES_INL_H_
#undef DKN_SRC_NET_PANEL_LANES_INL_H_
#else
#define DKN_SRC_NET_PANEL_LANES_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>

#include "src/net/own_convolution.h"

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<float, 8>;
using V = hn::Vec<D>;

// Rows of a matrix that are multiplied at once: with two vectors of each, all that 16 registers
// hold.
constexpr int kRows = 6;

// kCount rows of a by a panel of b, whose rows are kPanelChannels long, from one of its columns on.
template <int kCount>
HWY_INLINE void MultiplyRows(const float* a, int depth, const float* b, float* c, int c_stride) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  V first[kCount];
  V second[kCount];
  for (int i = 0; i < kCount; ++i) {
    first[i] = hn::Zero(d);
    second[i] = hn::Zero(d);
  }
  for (int k = 0; k < depth; ++k, b += kPanelChannels) {
    const V b_first = hn::LoadU(d, b);
    const V b_second = hn::LoadU(d, b + lanes);
    for (int i = 0; i < kCount; ++i) {
      const V value = hn::Set(d, a[static_cast<std::ptrdiff_t>(i) * depth + k]);
      first[i] = hn::MulAdd(value, b_first, first[i]);
      second[i] = hn::MulAdd(value, b_second, second[i]);
    }
  }
  for (int i = 0; i < kCount; ++i) {
    float* const row = c + static_cast<std::ptrdiff_t>(i) * c_stride;
    hn::StoreU(first[i], d, row);
    hn::StoreU(second[i], d, row + lanes);
  }
}

// The same for `rows` rows, kCount at once and, of what is left, fewer.
template <int kCount>
HWY_INLINE void MultiplyColumns(const float* a, int rows, int depth, const float* b, float* c,
                                int c_stride) {
  for (; rows >= kCount; rows -= kCount) {
    MultiplyRows<kCount>(a, depth, b, c, c_stride);
    a += static_cast<std::ptrdiff_t>(kCount) * depth;
    c += static_cast<std::ptrdiff_t>(kCount) * c_stride;
  }
  if constexpr (kCount > 1) {
    if (rows > 0) {
      MultiplyColumns<kCount - 1>(a, rows, depth, b, c, c_stride);
    }
  }
}

// c = a b for `rows` rows; a is rows x depth, b a panel, c's rows lie c_stride apart.
inline void Multiply(const float* a, int rows, int depth, const float* b, float* c, int c_stride) {
  const int columns = 2 * static_cast<int>(hn::Lanes(D()));
  for (int column = 0; column < kPanelChannels; column += columns) {
    MultiplyColumns<kRows>(a, rows, depth, b + column, c + column, c_stride);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#endif  // DKN_SRC_NET_PANEL_LANES_INL_H_
