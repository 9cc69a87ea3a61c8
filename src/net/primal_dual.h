#ifndef DKN_SRC_NET_PRIMAL_DUAL_H_
#define DKN_SRC_NET_PRIMAL_DUAL_H_

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "dkn/image.h"

namespace dkn {

// Unrolled iterations of a non-local Huber-L2 model (Riegler, Ferstl, Ruether, Bischof: A deep
// primal-dual network for guided depth super-resolution, BMVC 2016). A pixel q has a difference to
// each neighbour of one half of its 7 x 7 window,
//   (grad u)_k(q) = u(q + d_k) - u(q), and 0 where q + d_k lies outside;
// grad^T is its adjoint. Of the affinities g, a channel for each neighbour,
//   w = softmax over k of -sharpness |g_k|, plus kLeastBound,
// and from u = relaxed = f, the target, and p = grad f each iteration makes
//   p       <- clamp to [-w, w] of (p + sigma grad relaxed) / (1 + sigma epsilon)
//   u'      <- (u - tau grad^T p + tau lambda f) / (1 + tau lambda)
//   relaxed <- u' + theta (u' - u).
// The last u is the result. (The authors write (1 + theta) u' - u: the same for theta = 1, where
// training starts.)
struct PrimalDualStep {
  double lambda = 5e-5;       // how much the target counts
  double epsilon = 0.01;      // of Huber's function: below it differences count by their squares
  double sigma = 1.0 / 16.0;  // step of p
  double tau = 0.5;           // step of u
  double theta = 1.0;         // over-relaxation
};

// These values are those that the authors start from, for targets and affinities of 8 bits.
struct PrimalDualLayer {
  double sharpness = 1.0 / (255.0 * 0.01);
  std::vector<PrimalDualStep> steps;  // one for each iteration
};

// Model files hold natural logarithms of these, so that all of them stay above 0: tensors
// log_lambda and so on, a value for each iteration, and log_sharpness.
struct PrimalDualNumber {
  const char* name;
  double PrimalDualStep::*value;
};
inline constexpr std::array<PrimalDualNumber, 5> kPrimalDualNumbers = {{
    {"log_lambda", &PrimalDualStep::lambda},
    {"log_epsilon", &PrimalDualStep::epsilon},
    {"log_sigma", &PrimalDualStep::sigma},
    {"log_tau", &PrimalDualStep::tau},
    {"log_theta", &PrimalDualStep::theta},
}};
inline constexpr char kLogSharpness[] = "log_sharpness";

// What training starts from, for images in [0, 1]: what does to them what the values above do to
// 255 times them, but for the first p; and u moves by a 64th of that. The authors train affinities
// before there are iterations, which until then blur.
inline PrimalDualLayer PrimalDualStart() {
  constexpr double kFull = 255.0;
  constexpr double kLess = 64.0;
  const PrimalDualStep step;
  return {kFull * PrimalDualLayer().sharpness,
          {{kFull * step.lambda, step.epsilon / kFull, kFull * step.sigma,
            step.tau / (kFull * kLess), step.theta}}};
}

// What a model file's tensors tell: `logarithms` gives the values of the one of a name, of which
// all but the sharpness have as many.
template <typename Logarithms>
PrimalDualLayer PrimalDualFrom(const Logarithms& logarithms) {
  PrimalDualLayer layer;
  layer.sharpness = std::exp(static_cast<double>(logarithms(kLogSharpness).front()));
  for (const PrimalDualNumber& number : kPrimalDualNumbers) {
    const std::vector<float>& values = logarithms(number.name);
    layer.steps.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      layer.steps[i].*number.value = std::exp(static_cast<double>(values[i]));
    }
  }
  return layer;
}

// No p is held at 0 for ever.
inline constexpr double kLeastBound = 1e-12;

struct PrimalDualOffset {
  int dx;
  int dy;
};
inline constexpr int kPrimalDualDirections = 24;
// d_k: by column, then by row, of the rows above and of the pixel's own those before it.
inline constexpr auto kPrimalDualOffsets = [] {
  std::array<PrimalDualOffset, kPrimalDualDirections> directions{};
  std::size_t count = 0;
  for (int dx = -3; dx <= 3; ++dx) {
    for (int dy = -3; dy <= (dx < 0 ? 0 : -1); ++dy) {
      directions[count++] = {dx, dy};
    }
  }
  return directions;
}();

// What the last iteration leaves.
struct PrimalDualState {
  Image dual;    // p, 24 channels
  Image primal;  // u
  Image relaxed;
};

// `target` has 1 channel, `affinities` 24 of its size. Results do not depend on the number of
// threads. Throw Error where these do not fit, and where a number is no number, below 0, or, of
// tau, 0.
PrimalDualState PrimalDual(const PrimalDualLayer& layer, ConstView target, ConstView affinities);
// Bytes that it takes for an image of so many pixels, its result included.
std::size_t PrimalDualBytes(std::size_t pixels);

// The gradients of sum(cotangent * u), by what goes in. It makes the iterations once more and keeps
// u of each, but p of those that begin a part of about sqrt(steps) iterations, whose others it
// makes a third time: for 20 iterations some 340 values a pixel in all, not 600.
struct PrimalDualGradients {
  Image target;
  Image affinities;
  PrimalDualLayer layer;  // each number's
};
PrimalDualGradients GradientsOfPrimalDual(const PrimalDualLayer& layer, ConstView target,
                                          ConstView affinities, ConstView cotangent);

}  // namespace dkn

#endif  // DKN_SRC_NET_PRIMAL_DUAL_H_
