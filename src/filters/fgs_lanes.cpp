#include "src/filters/fgs_lanes.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/filters/fgs_lanes.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, which includes this file again for each instruction set.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace dkn {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Pixels [begin, end) of a row, those that fill vectors of this kind; gives the first one left.
template <class D>
int WeighPart(D d, ConstView guide, int y, int next_x, int next_y, float scale, int begin, int end,
              float* weights) {
  const int lanes = static_cast<int>(hn::Lanes(d));
  int x = begin;
  for (; x + lanes <= end; x += lanes) {
    auto square = hn::Zero(d);
    for (int c = 0; c < guide.channels; ++c) {
      const auto here = hn::LoadU(d, guide.Row(y, c) + x);
      const auto step = hn::Sub(hn::LoadU(d, guide.Row(y + next_y, c) + x + next_x), here);
      square = hn::MulAdd(step, step, square);
    }
    hn::StoreU(hn::Exp(d, hn::Mul(hn::Set(d, scale), hn::Sqrt(square))), d, weights + x);
  }
  return x;
}

void WeighNeighbours(ConstView guide, int y, int next_x, int next_y, float scale, int count,
                     float* weights) {
  const int rest =
      WeighPart(hn::ScalableTag<float>(), guide, y, next_x, next_y, scale, 0, count, weights);
  WeighPart(hn::CappedTag<float, 1>(), guide, y, next_x, next_y, scale, rest, count, weights);
}

void Solve(const LaneWeights& weights, int length, float lambda, const LaneValues& values,
           float* upper) {
  const hn::ScalableTag<float> d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto one = hn::Set(d, 1.0f);
  const auto strength = hn::Set(d, lambda);
  HWY_ALIGN float before[kLanes] = {};
  for (int i = 0; i < length; ++i) {
    const float* const w = weights.data + i * weights.step;
    float* const u = values.data + i * values.step;
    float* const c = upper + static_cast<std::ptrdiff_t>(i) * kLanes;
    for (int lane = 0; lane < kLanes; lane += lanes) {
      const auto last_c = i == 0 ? hn::Zero(d) : hn::LoadU(d, c + lane - kLanes);
      const auto last_u = i == 0 ? hn::Zero(d) : hn::LoadU(d, u + lane - values.step);
      const auto to_last = hn::Load(d, before + lane);
      const auto after = i + 1 < length ? hn::Mul(strength, hn::LoadU(d, w + lane)) : hn::Zero(d);
      // The pivot, 1 + to_last + after - to_last * last_c, so that a constant stays one.
      const auto pivot = hn::MulAdd(to_last, hn::Sub(one, last_c), hn::Add(one, after));
      const auto inverse = hn::Div(one, pivot);
      hn::StoreU(hn::Mul(after, inverse), d, c + lane);
      hn::StoreU(hn::Mul(hn::MulAdd(to_last, last_u, hn::LoadU(d, u + lane)), inverse), d,
                 u + lane);
      hn::Store(after, d, before + lane);
    }
  }
  for (int i = length - 2; i >= 0; --i) {
    float* const u = values.data + i * values.step;
    const float* const c = upper + static_cast<std::ptrdiff_t>(i) * kLanes;
    for (int lane = 0; lane < kLanes; lane += lanes) {
      const auto next = hn::LoadU(d, u + values.step + lane);
      hn::StoreU(hn::MulAdd(hn::LoadU(d, c + lane), next, hn::LoadU(d, u + lane)), d, u + lane);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace dkn
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace dkn {

HWY_EXPORT(WeighNeighbours);
HWY_EXPORT(Solve);

void WeighRow(ConstView guide, int y, float scale, float* right, float* below) {
  const auto weigh = HWY_DYNAMIC_DISPATCH(WeighNeighbours);
  weigh(guide, y, 1, 0, scale, guide.width - 1, right);
  right[guide.width - 1] = 1.0f;
  if (y + 1 < guide.height) {
    weigh(guide, y, 0, 1, scale, guide.width, below);
  } else {
    for (int x = 0; x < guide.width; ++x) {
      below[x] = 1.0f;
    }
  }
}

void SolveLanes(const LaneWeights& weights, int length, float lambda, const LaneValues& values,
                float* upper) {
  HWY_DYNAMIC_DISPATCH(Solve)(weights, length, lambda, values, upper);
}

void SolveLanesPlainly(const LaneWeights& weights, int length, float lambda,
                       const LaneValues& values, float* upper) {
  for (int lane = 0; lane < kLanes; ++lane) {
    float to_last = 0.0f;
    float last_c = 0.0f;
    float last_u = 0.0f;
    for (int i = 0; i < length; ++i) {
      float& u = values.data[i * values.step + lane];
      const float after = i + 1 < length ? lambda * weights.data[i * weights.step + lane] : 0.0f;
      const float inverse = 1.0f / (1.0f + after + to_last * (1.0f - last_c));
      last_c = upper[static_cast<std::ptrdiff_t>(i) * kLanes + lane] = after * inverse;
      last_u = u = (u + to_last * last_u) * inverse;
      to_last = after;
    }
    for (int i = length - 2; i >= 0; --i) {
      float* const u = values.data + i * values.step + lane;
      *u += upper[static_cast<std::ptrdiff_t>(i) * kLanes + lane] * u[values.step];
    }
  }
}

}  // namespace dkn

#endif  // HWY_ONCE
