#include "src/filters/fgs.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/filters/filter_kind.h"

namespace dkn {
namespace {

// The least RMSE on nyu_val's first six images at 8x, of lambdas 3, 10, 30, 100 and sigma_color
// 0.005, 0.01, 0.02, 0.05; the number of iterations is the authors'.
constexpr double kLambda = 10.0;
constexpr double kSigmaColor = 0.05;
constexpr double kIterations = 3;

// Rows, or columns, that one task smooths at once: as lanes, so that the loops over them vectorise.
constexpr int kLanes = 32;

// Lines along one axis of an image: line l's value i lies at l * across + i * along.
struct Lines {
  int count;
  int length;
  std::ptrdiff_t across;
  std::ptrdiff_t along;
};

// Solves for each of kLanes lines the tridiagonal system (1 + lambda A) u = f, A the Laplacian of
// `weights`, of which place i has that between values i and i + 1, by the Thomas algorithm.
// `values` hold f and then u, kLanes to a place; `upper` is room for as many.
void SolveLanes(const float* weights, int length, float lambda, float* values, float* upper) {
  float before[kLanes] = {};  // lambda times the weight to the value before
  for (int i = 0; i < length; ++i) {
    const float* const w = weights + static_cast<std::ptrdiff_t>(i) * kLanes;
    float* const u = values + static_cast<std::ptrdiff_t>(i) * kLanes;
    float* const c = upper + static_cast<std::ptrdiff_t>(i) * kLanes;
    for (int lane = 0; lane < kLanes; ++lane) {
      const float last_c = i == 0 ? 0.0f : c[lane - kLanes];
      const float last_u = i == 0 ? 0.0f : u[lane - kLanes];
      const float after = i + 1 < length ? lambda * w[lane] : 0.0f;
      // The pivot, 1 + before + after - before * last_c, so that a constant stays one.
      const float scale = 1.0f / (1.0f + after + before[lane] * (1.0f - last_c));
      c[lane] = after * scale;
      u[lane] = (u[lane] + before[lane] * last_u) * scale;
      before[lane] = after;
    }
  }
  for (int i = length - 2; i >= 0; --i) {
    float* const u = values + static_cast<std::ptrdiff_t>(i) * kLanes;
    const float* const c = upper + static_cast<std::ptrdiff_t>(i) * kLanes;
    for (int lane = 0; lane < kLanes; ++lane) {
      u[lane] += c[lane] * u[lane + kLanes];
    }
  }
}

// Copies `lanes` lines from `first` on to lanes, or back.
void ToLanes(const float* data, const Lines& lines, int first, int lanes, float* out) {
  const float* const from = data + first * lines.across;
  for (int i = 0; i < lines.length; ++i) {
    for (int lane = 0; lane < lanes; ++lane) {
      out[i * kLanes + lane] = from[lane * lines.across + i * lines.along];
    }
  }
}
void FromLanes(const float* in, const Lines& lines, int first, int lanes, float* data) {
  float* const to = data + first * lines.across;
  for (int i = 0; i < lines.length; ++i) {
    for (int lane = 0; lane < lanes; ++lane) {
      to[lane * lines.across + i * lines.along] = in[i * kLanes + lane];
    }
  }
}

// Smooths all channels of the image along one axis.
void SmoothLines(const Image& weights, const Lines& lines, float lambda, Image& image) {
  ParallelFor(0, (lines.count + kLanes - 1) / kLanes, [&](int task) {
    const int first = task * kLanes;
    const int lanes = std::min(kLanes, lines.count - first);
    const std::size_t size = static_cast<std::size_t>(lines.length) * kLanes;
    std::vector<float> w(size), u(size), upper(size);
    ToLanes(weights.data(), lines, first, lanes, w.data());
    for (int c = 0; c < image.channels(); ++c) {
      float* const plane = image.Row(0, c);
      ToLanes(plane, lines, first, lanes, u.data());
      SolveLanes(w.data(), lines.length, lambda, u.data(), upper.data());
      FromLanes(u.data(), lines, first, lanes, plane);
    }
  });
}

class FastGlobalSmootherFilter : public JointFilter {
 public:
  explicit FastGlobalSmootherFilter(const FilterSettings& values)
      : lambda_(values.at("lambda")),
        sigma_color_(values.at("sigma_color")),
        iterations_(static_cast<int>(values.at("iterations"))) {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    const FastGlobalSmoother smoother(input.guide, sigma_color_);
    const ConstView target = input.target;
    if (input.mask.empty()) {
      output.image.Reset(target.width, target.height, target.channels);
      Copy(target, output.image);
      smoother.Smooth(lambda_, iterations_, output.image);
    } else {
      output.image = smoother.Average(target, input.mask, lambda_, iterations_);
    }
  }

 private:
  double lambda_;
  double sigma_color_;
  int iterations_;
};

}  // namespace

FastGlobalSmoother::FastGlobalSmoother(ConstView guide, double sigma_color)
    : along_x_(guide.width, guide.height), along_y_(guide.width, guide.height) {
  const auto scale = static_cast<float>(-1.0 / sigma_color);
  ParallelFor(0, guide.height, [&](int y) {
    for (int x = 0; x < guide.width; ++x) {
      float to_right = 0.0f;
      float to_below = 0.0f;
      for (int c = 0; c < guide.channels; ++c) {
        const float value = guide(x, y, c);
        const float right = x + 1 < guide.width ? guide(x + 1, y, c) - value : 0.0f;
        const float below = y + 1 < guide.height ? guide(x, y + 1, c) - value : 0.0f;
        to_right += right * right;
        to_below += below * below;
      }
      along_x_(x, y) = std::exp(scale * std::sqrt(to_right));
      along_y_(x, y) = std::exp(scale * std::sqrt(to_below));
    }
  });
}

void FastGlobalSmoother::Smooth(double lambda, int iterations, Image& image) const {
  const int width = image.width();
  const int height = image.height();
  for (int t = 1; t <= iterations; ++t) {
    const double share = 1.5 * std::pow(4.0, iterations - t) / (std::pow(4.0, iterations) - 1.0);
    const auto strength = static_cast<float>(share * lambda);
    SmoothLines(along_x_, {height, width, width, 1}, strength, image);
    SmoothLines(along_y_, {width, height, 1, width}, strength, image);
  }
}

Image FastGlobalSmoother::Average(ConstView values, ConstView weight, double lambda,
                                  int iterations) const {
  Image sums(values.width, values.height, values.channels + 1);
  for (int y = 0; y < values.height; ++y) {
    for (int x = 0; x < values.width; ++x) {
      for (int c = 0; c < values.channels; ++c) {
        sums(x, y, c) = weight(x, y) * values(x, y, c);
      }
      sums(x, y, values.channels) = weight(x, y);
    }
  }
  Smooth(lambda, iterations, sums);
  constexpr float kLeastWeight = 1e-30f;  // less is lost in rounding
  Image average(values.width, values.height, values.channels);
  for (int c = 0; c < values.channels; ++c) {
    for (int y = 0; y < values.height; ++y) {
      for (int x = 0; x < values.width; ++x) {
        const float weights = sums(x, y, values.channels);
        average(x, y, c) = weights > kLeastWeight ? sums(x, y, c) / weights : values(x, y, c);
      }
    }
  }
  return average;
}

FilterKind FgsKind() {
  return {{{"lambda", kLambda, 0, 1e6, "", "how much is smoothed"},
           {"sigma_color", kSigmaColor, 1e-3, 100, "",
            "a difference in the guide, of values in [0, 1], at which smoothing falls to 1/e"},
           {"iterations", kIterations, 1, 20, "", "of one pass along rows and columns each", true}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<FastGlobalSmootherFilter>(values);
          }};
}

}  // namespace dkn
