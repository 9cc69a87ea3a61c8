#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/core/parallel_for.h"
#include "src/core/size_text.h"
#include "src/net/primal_dual_steps.h"

namespace dkn {
namespace {

// The iterations once more, for those who walk them backwards: u and relaxed of each, p of those
// that begin a segment, and of one segment all.
class History {
 public:
  History(const PrimalDualLayer& layer, ConstView target, const Image& bounds)
      : layer_(layer),
        bounds_(bounds),
        length_(std::max(1, static_cast<int>(std::lround(std::sqrt(layer.steps.size()))))) {
    PrimalDualState state = StartPrimalDual(target);
    for (std::size_t i = 0; i < layer.steps.size(); ++i) {
      primal_.push_back(Image::Clone(state.primal));
      relaxed_.push_back(Image::Clone(state.relaxed));
      if (i % static_cast<std::size_t>(length_) == 0) {
        starts_.push_back(Image::Clone(state.dual));
      }
      StepDual(layer.steps[i], state.relaxed, bounds, state.dual);
      StepPrimal(layer.steps[i], target, state.dual, primal_.back(), state.primal, state.relaxed);
    }
    primal_.push_back(std::move(state.primal));
  }

  // u before iteration i, and after the last one.
  const Image& Primal(int i) const { return primal_[static_cast<std::size_t>(i)]; }
  // Before it.
  const Image& Relaxed(int i) const { return relaxed_[static_cast<std::size_t>(i)]; }

  // p after iteration i. To be asked for from the last to the first.
  const Image& DualAfter(int i) {
    if (i / length_ != segment_) {
      segment_ = i / length_;
      duals_.clear();
      Image dual = Image::Clone(starts_[static_cast<std::size_t>(segment_)]);
      const int last = std::min((segment_ + 1) * length_, static_cast<int>(layer_.steps.size()));
      for (int at = segment_ * length_; at < last; ++at) {
        StepDual(layer_.steps[static_cast<std::size_t>(at)], Relaxed(at), bounds_, dual);
        duals_.push_back(Image::Clone(dual));
      }
    }
    return duals_[static_cast<std::size_t>(i % length_)];
  }

 private:
  const PrimalDualLayer& layer_;
  const Image& bounds_;
  const int length_;  // of a segment
  std::vector<Image> primal_;
  std::vector<Image> relaxed_;
  std::vector<Image> starts_;
  int segment_ = -1;
  std::vector<Image> duals_;
};

// What rows add to numbers' gradients; rows are summed in their order, whatever threads do.
class RowSums {
 public:
  explicit RowSums(int rows) : rows_(static_cast<std::size_t>(rows)) {}

  std::array<double, 3>& Row(int y) { return rows_[static_cast<std::size_t>(y)]; }
  double Sum(std::size_t which) const {
    double sum = 0.0;
    for (const auto& row : rows_) {
      sum += row[which];
    }
    return sum;
  }

 private:
  std::vector<std::array<double, 3>> rows_;
};

// Walks the iterations backwards. `by_` of a thing is the gradient by it; those by u, relaxed and p
// are by what the iteration at hand was given, or left.
class Backwards {
 public:
  Backwards(const PrimalDualLayer& layer, ConstView target, const Image& bounds,
            ConstView cotangent)
      : layer_(layer),
        target_(target),
        bounds_(bounds),
        history_(layer, target, bounds),
        by_target_(target.width, target.height),
        by_bounds_(target.width, target.height, kPrimalDualDirections),
        by_primal_(Image::Clone(cotangent)),
        by_relaxed_(target.width, target.height),
        by_dual_(target.width, target.height, kPrimalDualDirections),
        by_moved_(target.width, target.height) {
    by_layer_.steps.resize(layer.steps.size());
    for (int i = static_cast<int>(layer.steps.size()) - 1; i >= 0; --i) {
      ThroughPrimal(i);
      ThroughDual(i);
    }
    ParallelFor(0, target.height, [&](int y) {  // u, relaxed and p begin as the target's
      float* sum = by_target_.Row(y);
      AddAdjointRow(by_dual_, y, 1.0f, sum);
      for (int x = 0; x < target_.width; ++x) {
        sum[x] += by_primal_(x, y) + by_relaxed_(x, y);
      }
    });
  }

  Image& by_target() { return by_target_; }
  const Image& by_bounds() const { return by_bounds_; }
  PrimalDualLayer& by_layer() { return by_layer_; }

 private:
  // Leaves in by_moved_ the gradient by what moves u, so that of p grows by -tau grad by_moved_.
  void ThroughPrimal(int i) {
    const PrimalDualStep& step = layer_.steps[static_cast<std::size_t>(i)];
    const Image& before = history_.Primal(i);
    const Image& after = history_.Primal(i + 1);
    const auto scale = static_cast<float>(1.0 / (1.0 + step.tau * step.lambda));
    const auto share = static_cast<float>(step.tau * step.lambda);
    const auto theta = static_cast<float>(step.theta);
    RowSums sums(target_.height);
    ParallelFor(0, target_.height, [&](int y) {
      auto& [by_lambda, by_tau, by_theta] = sums.Row(y);
      for (int x = 0; x < target_.width; ++x) {
        const float over = by_relaxed_(x, y);
        const float moved = scale * (by_primal_(x, y) + (1.0f + theta) * over);
        const double change = after(x, y) - before(x, y);
        by_theta += over * change;
        by_tau += moved * change;
        by_lambda += moved * (target_(x, y) - after(x, y));
        by_primal_(x, y) = moved - theta * over;
        by_target_(x, y) += share * moved;
        by_moved_(x, y) = moved;
      }
    });
    PrimalDualStep& by_step = by_layer_.steps[static_cast<std::size_t>(i)];
    by_step.lambda = step.tau * sums.Sum(0);
    by_step.tau = sums.Sum(1) / step.tau;
    by_step.theta = sums.Sum(2);
  }

  void ThroughDual(int i) {
    const PrimalDualStep& step = layer_.steps[static_cast<std::size_t>(i)];
    const Image& dual = history_.DualAfter(i);
    RowSums sums(target_.height);
    ParallelFor(0, target_.height, [&](int y) {
      for (int k = 0; k < kPrimalDualDirections; ++k) {
        ThroughDualRow(step, history_.Relaxed(i), dual, k, y, sums.Row(y));
      }
    });
    PrimalDualStep& by_step = by_layer_.steps[static_cast<std::size_t>(i)];
    by_step.sigma = sums.Sum(0);
    by_step.epsilon = -step.sigma * sums.Sum(1);
    ParallelFor(0, target_.height, [&](int y) {
      std::fill_n(by_relaxed_.Row(y), target_.width, 0.0f);
      AddAdjointRow(by_dual_, y, static_cast<float>(step.sigma), by_relaxed_.Row(y));
    });
  }

  void ThroughDualRow(const PrimalDualStep& step, const Image& relaxed, const Image& dual, int k,
                      int y, std::array<double, 3>& sums) {
    const auto [dx, dy] = kPrimalDualOffsets[static_cast<std::size_t>(k)];
    const auto [first, last] = ColumnsOf(k, y, target_.width);
    const auto tau = static_cast<float>(step.tau);
    const auto scale = static_cast<float>(1.0 / (1.0 + step.sigma * step.epsilon));
    const auto epsilon = static_cast<float>(step.epsilon);
    for (int x = first; x < last; ++x) {
      const float p = dual(x, y, k);
      float& gradient = by_dual_(x, y, k);
      gradient -= tau * (by_moved_(x + dx, y + dy) - by_moved_(x, y));
      if (std::abs(p) >= bounds_(x, y, k)) {
        by_bounds_(x, y, k) += p < 0.0f ? -gradient : gradient;
        gradient = 0.0f;
        continue;
      }
      gradient *= scale;
      sums[0] += gradient * (relaxed(x + dx, y + dy) - relaxed(x, y) - epsilon * p);
      sums[1] += gradient * p;
    }
  }

  const PrimalDualLayer& layer_;
  const ConstView target_;
  const Image& bounds_;
  History history_;
  PrimalDualLayer by_layer_;
  Image by_target_;
  Image by_bounds_;
  Image by_primal_;
  Image by_relaxed_;
  Image by_dual_;
  Image by_moved_;
};

// From the gradients by bounds to those by affinities; returns that by sharpness.
double ThroughBounds(double sharpness, ConstView affinities, const Image& bounds,
                     const Image& by_bounds, Image& by_affinities) {
  RowSums sums(affinities.height);
  ParallelFor(0, affinities.height, [&](int y) {
    for (int x = 0; x < affinities.width; ++x) {
      double mean = 0.0;
      for (int k = 0; k < kPrimalDualDirections; ++k) {
        mean += static_cast<double>(bounds(x, y, k)) * by_bounds(x, y, k);
      }
      for (int k = 0; k < kPrimalDualDirections; ++k) {
        const double value = affinities(x, y, k);
        const double by_exponent = bounds(x, y, k) * (by_bounds(x, y, k) - mean);
        const double sign = value < 0.0 ? -1.0 : value > 0.0 ? 1.0 : 0.0;
        by_affinities(x, y, k) = static_cast<float>(-sharpness * sign * by_exponent);
        sums.Row(y)[0] -= std::abs(value) * by_exponent;
      }
    }
  });
  return sums.Sum(0);
}

}  // namespace

PrimalDualGradients GradientsOfPrimalDual(const PrimalDualLayer& layer, ConstView target,
                                          ConstView affinities, ConstView cotangent) {
  CheckPrimalDual(layer, target, affinities);
  if (!SameSize(cotangent, target) || cotangent.channels != 1) {
    throw Error("a cotangent of " + SizeText(cotangent) + ", expected the target's size");
  }
  const Image bounds = DualBounds(layer.sharpness, affinities);
  Backwards backwards(layer, target, bounds, cotangent);
  PrimalDualGradients gradients{std::move(backwards.by_target()),
                                Image(target.width, target.height, kPrimalDualDirections),
                                std::move(backwards.by_layer())};
  gradients.layer.sharpness = ThroughBounds(layer.sharpness, affinities, bounds,
                                            backwards.by_bounds(), gradients.affinities);
  return gradients;
}

}  // namespace dkn
