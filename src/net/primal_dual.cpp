#include "src/net/primal_dual.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/parallel_for.h"
#include "src/core/size_text.h"
#include "src/net/primal_dual_lanes.h"
#include "src/net/primal_dual_steps.h"

namespace dkn {
namespace {

void CheckNumber(const std::string& name, double value, bool may_be_zero) {
  if (!std::isfinite(value) || value < 0.0 || (value == 0.0 && !may_be_zero)) {
    throw Error("a " + name + " of " + DigitsText(value) + ", expected a number above 0");
  }
}

}  // namespace

void CheckPrimalDual(const PrimalDualLayer& layer, ConstView target, ConstView affinities) {
  if (target.empty() || target.channels != 1 || affinities.channels != kPrimalDualDirections ||
      !SameSize(target, affinities)) {
    throw Error("a target of " + SizeText(target) + " with " + std::to_string(target.channels) +
                " channels and affinities of " + SizeText(affinities) + " with " +
                std::to_string(affinities.channels) + ", expected one size, 1 channel and " +
                std::to_string(kPrimalDualDirections));
  }
  CheckNumber("sharpness", layer.sharpness, true);
  for (const PrimalDualStep& step : layer.steps) {
    CheckNumber("lambda", step.lambda, true);
    CheckNumber("epsilon", step.epsilon, true);
    CheckNumber("sigma", step.sigma, true);
    CheckNumber("tau", step.tau, false);
    CheckNumber("theta", step.theta, true);
  }
}

Image DualBounds(double sharpness, ConstView affinities) {
  Image bounds(affinities.width, affinities.height, kPrimalDualDirections);
  ParallelFor(0, bounds.height(),
              [&](int y) { BoundRow(affinities, y, static_cast<float>(sharpness), bounds); });
  return bounds;
}

void StepDual(const PrimalDualStep& step, const Image& relaxed, const Image& bounds, Image& dual) {
  const auto sigma = static_cast<float>(step.sigma);
  const auto scale = static_cast<float>(1.0 / (1.0 + step.sigma * step.epsilon));
  ParallelFor(0, dual.height(), [&](int y) {
    for (int k = 0; k < kPrimalDualDirections; ++k) {
      const auto [dx, dy] = kPrimalDualOffsets[static_cast<std::size_t>(k)];
      const auto [first, last] = ColumnsOf(k, y, dual.width());
      if (first >= last) {
        continue;
      }
      const float* own = relaxed.Row(y);
      const float* other = relaxed.Row(y + dy);
      const float* bound = bounds.Row(y, k);
      float* p = dual.Row(y, k);
      for (int x = first; x < last; ++x) {
        const float value = scale * (p[x] + sigma * (other[x + dx] - own[x]));
        p[x] = std::min(std::max(value, -bound[x]), bound[x]);
      }
    }
  });
}

void AddAdjointRow(const Image& dual, int y, float factor, float* sums) {
  for (int k = 0; k < kPrimalDualDirections; ++k) {
    const auto [dx, dy] = kPrimalDualOffsets[static_cast<std::size_t>(k)];
    const auto own = ColumnsOf(k, y, dual.width());
    const float* p = dual.Row(y, k);
    for (int x = own.first; x < own.last; ++x) {
      sums[x] -= factor * p[x];
    }
    if (y - dy >= dual.height()) {
      continue;
    }
    const auto other = ColumnsOf(k, y - dy, dual.width());
    const float* q = dual.Row(y - dy, k);
    for (int x = other.first; x < other.last; ++x) {
      sums[x + dx] += factor * q[x];
    }
  }
}

void StepPrimal(const PrimalDualStep& step, ConstView target, const Image& dual, const Image& from,
                Image& to, Image& relaxed) {
  const auto scale = static_cast<float>(1.0 / (1.0 + step.tau * step.lambda));
  const auto share = static_cast<float>(step.tau * step.lambda);
  const auto theta = static_cast<float>(step.theta);
  ParallelFor(0, to.height(), [&](int y) {
    float* u = to.Row(y);
    std::fill_n(u, to.width(), 0.0f);
    AddAdjointRow(dual, y, static_cast<float>(-step.tau), u);
    const float* before = from.Row(y);
    const float* f = target.Row(y);
    float* over = relaxed.Row(y);
    for (int x = 0; x < to.width(); ++x) {
      // Moved by what changes, so that constants stay what they are to the bit.
      u[x] = before[x] + scale * (u[x] + share * (f[x] - before[x]));
      over[x] = u[x] + theta * (u[x] - before[x]);
    }
  });
}

PrimalDualState StartPrimalDual(ConstView target) {
  PrimalDualState state{Image(target.width, target.height, kPrimalDualDirections),
                        Image::Clone(target), Image::Clone(target)};
  ParallelFor(0, target.height, [&](int y) {
    for (int k = 0; k < kPrimalDualDirections; ++k) {
      const auto [dx, dy] = kPrimalDualOffsets[static_cast<std::size_t>(k)];
      const auto [first, last] = ColumnsOf(k, y, target.width);
      for (int x = first; x < last; ++x) {
        state.dual(x, y, k) = target(x + dx, y + dy) - target(x, y);
      }
    }
  });
  return state;
}

PrimalDualState PrimalDual(const PrimalDualLayer& layer, ConstView target, ConstView affinities) {
  CheckPrimalDual(layer, target, affinities);
  const Image bounds = DualBounds(layer.sharpness, affinities);
  PrimalDualState state = StartPrimalDual(target);
  Image next(target.width, target.height);
  for (const PrimalDualStep& step : layer.steps) {
    StepDual(step, state.relaxed, bounds, state.dual);
    StepPrimal(step, target, state.dual, state.primal, next, state.relaxed);
    std::swap(state.primal, next);
  }
  return state;
}

std::size_t PrimalDualBytes(std::size_t pixels) {
  constexpr std::size_t kImages = 3;  // u, the next one and relaxed
  return sizeof(float) * pixels * (2 * kPrimalDualDirections + kImages);
}

}  // namespace dkn
