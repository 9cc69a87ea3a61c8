#include "src/net/primal_dual_lanes.h"

#include "src/net/primal_dual.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/net/primal_dual_lanes.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each instruction set.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Pixels [begin, end) of a row, those that fill vectors of this kind; gives the first one left. The
// smallest |affinity| goes before the exponential, whose sum is then 1 at the least.
template <class D>
int BoundPart(D d, ConstView affinities, int y, float sharpness, int begin, int end, View bounds) {
  const auto scale = hn::Set(d, -sharpness);
  const auto least_bound = hn::Set(d, static_cast<float>(kLeastBound));
  const int lanes = static_cast<int>(hn::Lanes(d));
  int x = begin;
  for (; x + lanes <= end; x += lanes) {
    const auto magnitude = [&](int k)
                               HWY_ATTR { return hn::Abs(hn::LoadU(d, affinities.Row(y, k) + x)); };
    auto least = magnitude(0);
    for (int k = 1; k < affinities.channels; ++k) {
      least = hn::Min(least, magnitude(k));
    }
    auto sum = hn::Zero(d);
    for (int k = 0; k < affinities.channels; ++k) {
      const auto value = hn::Exp(d, hn::Mul(scale, hn::Sub(magnitude(k), least)));
      sum = hn::Add(sum, value);
      hn::StoreU(value, d, bounds.Row(y, k) + x);
    }
    const auto share = hn::Div(hn::Set(d, 1.0f), sum);
    for (int k = 0; k < affinities.channels; ++k) {
      float* const bound = bounds.Row(y, k) + x;
      hn::StoreU(hn::MulAdd(hn::LoadU(d, bound), share, least_bound), d, bound);
    }
  }
  return x;
}

void Bound(ConstView affinities, int y, float sharpness, View bounds) {
  const int rest =
      BoundPart(hn::ScalableTag<float>(), affinities, y, sharpness, 0, affinities.width, bounds);
  BoundPart(hn::CappedTag<float, 1>(), affinities, y, sharpness, rest, affinities.width, bounds);
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace dkn {

HWY_EXPORT(Bound);

void BoundRow(ConstView affinities, int y, float sharpness, Image& bounds) {
  HWY_DYNAMIC_DISPATCH(Bound)(affinities, y, sharpness, bounds);
}

}  // namespace dkn

#endif  // HWY_ONCE
