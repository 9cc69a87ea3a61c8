#include "src/filters/fgs.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/filters/fgs_lanes.h"
#include "src/filters/filter_kind.h"

namespace dkn {
namespace {

// The least RMSE on nyu_val's first six images at 8x, of lambdas 3, 10, 30, 100 and sigma_color
// 0.005, 0.01, 0.02, 0.05; the number of iterations is the authors'.
constexpr double kLambda = 10.0;
constexpr double kSigmaColor = 0.05;
constexpr double kIterations = 3;

// Places of a line that are moved at a time, so that both sides stay in the cache.
constexpr int kBlock = 16;

// Rows of an image to lanes, or back.
void ToLanes(const float* rows, int width, int lanes, float* out) {
  for (int begin = 0; begin < width; begin += kBlock) {
    const int end = std::min(begin + kBlock, width);
    for (int lane = 0; lane < lanes; ++lane) {
      const float* const row = rows + static_cast<std::ptrdiff_t>(lane) * width;
      for (int x = begin; x < end; ++x) {
        out[x * kLanes + lane] = row[x];
      }
    }
  }
}
void FromLanes(const float* in, int width, int lanes, float* rows) {
  for (int begin = 0; begin < width; begin += kBlock) {
    const int end = std::min(begin + kBlock, width);
    for (int lane = 0; lane < lanes; ++lane) {
      float* const row = rows + static_cast<std::ptrdiff_t>(lane) * width;
      for (int x = begin; x < end; ++x) {
        row[x] = in[x * kLanes + lane];
      }
    }
  }
}

// Calls body(first, lanes) for lines [first, first + lanes), at most kLanes, of all `count`.
template <typename Body>
void ForLanes(int count, const Body& body) {
  ParallelFor(0, (count + kLanes - 1) / kLanes, [&](int task) {
    const int first = task * kLanes;
    body(first, std::min(kLanes, count - first));
  });
}

// Smooths all channels of the image along its rows, whose weights are lanes already.
void SmoothRows(const std::vector<float>& weights, float lambda, Image& image) {
  const int width = image.width();
  ForLanes(image.height(), [&](int first, int lanes) {
    const std::ptrdiff_t begin = static_cast<std::ptrdiff_t>(first) * width;
    std::vector<float> u(static_cast<std::size_t>(width) * kLanes), upper(u.size());
    for (int c = 0; c < image.channels(); ++c) {
      ToLanes(image.Row(first, c), width, lanes, u.data());
      SolveLanes({weights.data() + begin, kLanes}, width, lambda, {u.data(), kLanes}, upper.data());
      FromLanes(u.data(), width, lanes, image.Row(first, c));
    }
  });
}

// And along its columns, in their place where there are kLanes of them.
void SmoothColumns(const Image& weights, float lambda, Image& image) {
  const int width = image.width();
  const int height = image.height();
  ForLanes(width, [&](int first, int lanes) {
    std::vector<float> upper(static_cast<std::size_t>(height) * kLanes);
    std::vector<float> w, u;
    const auto copy = [&](const float* from, std::ptrdiff_t from_step, float* to,
                          std::ptrdiff_t to_step) {
      for (int y = 0; y < height; ++y) {
        std::copy_n(from + y * from_step, lanes, to + y * to_step);
      }
    };
    if (lanes < kLanes) {
      w.resize(upper.size());
      u.resize(upper.size());
      copy(weights.data() + first, width, w.data(), kLanes);
    }
    for (int c = 0; c < image.channels(); ++c) {
      float* const columns = image.Row(0, c) + first;
      if (lanes == kLanes) {
        SolveLanes({weights.data() + first, width}, height, lambda, {columns, width}, upper.data());
        continue;
      }
      copy(columns, width, u.data(), kLanes);
      SolveLanes({w.data(), kLanes}, height, lambda, {u.data(), kLanes}, upper.data());
      copy(u.data(), kLanes, columns, width);
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
    : along_x_(static_cast<std::size_t>(guide.width) * kLanes *
               static_cast<std::size_t>((guide.height + kLanes - 1) / kLanes)),
      along_y_(guide.width, guide.height) {
  const auto scale = static_cast<float>(-1.0 / sigma_color);
  ForLanes(guide.height, [&](int first, int lanes) {
    std::vector<float> right(static_cast<std::size_t>(guide.width) * kLanes);
    for (int lane = 0; lane < lanes; ++lane) {
      WeighRow(guide, first + lane, scale, &right[static_cast<std::size_t>(lane) * guide.width],
               along_y_.Row(first + lane));
    }
    ToLanes(right.data(), guide.width, lanes,
            along_x_.data() + static_cast<std::ptrdiff_t>(first) * guide.width);
  });
}

void FastGlobalSmoother::Smooth(double lambda, int iterations, Image& image) const {
  for (int t = 1; t <= iterations; ++t) {
    const double share = 1.5 * std::pow(4.0, iterations - t) / (std::pow(4.0, iterations) - 1.0);
    const auto strength = static_cast<float>(share * lambda);
    SmoothRows(along_x_, strength, image);
    SmoothColumns(along_y_, strength, image);
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
