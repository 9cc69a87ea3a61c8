#include "src/filters/guided.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "src/core/parallel_for.h"
#include "src/filters/filter_kind.h"

namespace dkn {
namespace {

// Chosen for depth maps with noise: the least RMSE on nyu_val in experiments/denoise.json, of radii
// 2, 3, 4, 6, 8, 12 and epsilons 1e-5 to 1e-1, two a decade around the least.
constexpr int kRadius = 3;
constexpr double kEpsilon = 3e-3;

// Rows of the image that one task filters. Running sums start anew in each, whatever the number of
// threads, so neither rounding nor memory grows with the image's height.
constexpr int kBandRows = 64;

// A window of which less is measured tells nothing. Running sums round by far less.
constexpr double kLeastShare = 1e-9;

// How many of the pixels i - radius .. i + radius lie in [0, size).
int Extent(int i, int size, int radius) {
  return std::min(size, i + radius + 1) - std::max(0, i - radius);
}

// Calls use(y) for each row y of [begin, end) when the rows of its window, those of y - radius ..
// y + radius in [0, height), are the ones that change(row, 1) added and change(row, -1) did not
// take away again.
template <typename Change, typename Use>
void SlideDown(int begin, int end, int height, int radius, const Change& change, const Use& use) {
  for (int row = std::max(0, begin - radius); row < std::min(height, begin + radius); ++row) {
    change(row, 1.0);
  }
  for (int y = begin; y < end; ++y) {
    if (y + radius < height) {
      change(y + radius, 1.0);
    }
    if (y > begin && y > radius) {
      change(y - radius - 1, -1.0);
    }
    use(y);
  }
}

// window[p][x] = the sum of columns[p][x - radius .. x + radius], cut at the border. Some planes at
// a time, since each sum waits for the one before it.
void SlideAlong(const PlaneRow& columns, int radius, PlaneRow& window) {
  constexpr int kTogether = 4;
  const int width = columns.width();
  for (int first = 0; first < columns.planes(); first += kTogether) {
    const double* in[kTogether];
    double* out[kTogether];
    double sums[kTogether] = {};
    for (int k = 0; k < kTogether; ++k) {
      const int plane = std::min(first + k, columns.planes() - 1);
      in[k] = columns[plane];
      out[k] = window[plane];
      sums[k] = std::accumulate(in[k], in[k] + std::min(radius, width), 0.0);
    }
    for (int x = 0; x < width; ++x) {
      const bool enters = x + radius < width;
      const bool leaves = x > radius;
      for (int k = 0; k < kTogether; ++k) {
        sums[k] += enters ? in[k][x + radius] : 0.0;
        sums[k] -= leaves ? in[k][x - radius - 1] : 0.0;
        out[k][x] = sums[k];
      }
    }
  }
}

// The fits for a guide of N channels and any number of target channels.
template <int N>
class Fits {
 public:
  Fits(const FilterInput& input, int radius, double epsilon)
      : guide_(input.guide),
        target_(input.target),
        mask_(input.mask),
        radius_(radius),
        epsilon_(epsilon) {}

  // Rows [begin, end).
  void AverageRows(int begin, int end, const UseFits& use) const {
    const int height = guide_.height;
    const int first = std::max(0, begin - radius_);
    std::vector<PlaneRow> coefficients;  // of rows `first` and after
    PlaneRow moments(kGuideMoments + target_.channels * (N + 1), guide_.width);
    PlaneRow moments_window = moments;
    SlideDown(
        first, std::min(height, end + radius_), height, radius_,
        [&](int y, double sign) { AddMoments(y, sign, moments); },
        [&](int y) {
          SlideAlong(moments, radius_, moments_window);
          coefficients.push_back(Fit(moments_window, Extent(y, height, radius_)));
        });
    PlaneRow sums(target_.channels * (N + 1) + 1, guide_.width);
    PlaneRow sums_window = sums;
    SlideDown(
        begin, end, height, radius_,
        [&](int y, double sign) { Add(coefficients[y - first], sign, sums); },
        [&](int y) {
          SlideAlong(sums, radius_, sums_window);
          Average(y, sums_window);
          use(y, sums_window);
        });
  }

 private:
  // Planes of moments: the weight, I, I I^T (lower triangle), and p, p I for each channel p of the
  // target. Planes of coefficients: a, b for each channel, times the window's share, and the share.
  static constexpr int kGuideMoments = 1 + N + N * (N + 1) / 2;

  void AddMoments(int y, double sign, PlaneRow& sums) const {
    int plane = 0;
    const auto add = [&](const auto& value) {
      double* const out = sums[plane++];
      if (mask_.empty()) {
        for (int x = 0; x < guide_.width; ++x) {
          out[x] += sign * value(x);
        }
      } else {
        const float* const weight = mask_.Row(y);
        for (int x = 0; x < guide_.width; ++x) {
          out[x] += sign * weight[x] * value(x);
        }
      }
    };
    add([](int) { return 1.0; });
    for (int i = 0; i < N; ++i) {
      const float* const a = guide_.Row(y, i);
      add([a](int x) { return static_cast<double>(a[x]); });
    }
    for (int i = 0; i < N; ++i) {
      for (int j = 0; j <= i; ++j) {
        AddProduct(guide_.Row(y, i), guide_.Row(y, j), add);
      }
    }
    for (int t = 0; t < target_.channels; ++t) {
      const float* const p = target_.Row(y, t);
      add([p](int x) { return static_cast<double>(p[x]); });
      for (int i = 0; i < N; ++i) {
        AddProduct(p, guide_.Row(y, i), add);
      }
    }
  }

  template <typename AddPlane>
  static void AddProduct(const float* a, const float* b, const AddPlane& add) {
    add([a, b](int x) { return static_cast<double>(a[x]) * b[x]; });
  }

  static void Add(const PlaneRow& row, double sign, PlaneRow& sums) {
    for (int plane = 0; plane < row.planes(); ++plane) {
      for (int x = 0; x < row.width(); ++x) {
        sums[plane][x] += sign * row[plane][x];
      }
    }
  }

  // The coefficients of a row of windows, `rows` pixels high, from the sums over them.
  PlaneRow Fit(const PlaneRow& window, int rows) const {
    const int width = guide_.width;
    PlaneRow coefficients(target_.channels * (N + 1) + 1, width);
    for (int x = 0; x < width; ++x) {
      const double share = window[0][x] / (static_cast<double>(rows) * Extent(x, width, radius_));
      if (share < kLeastShare) {
        continue;
      }
      const double scale = 1.0 / window[0][x];
      double mean[N];
      double factor[N][N];
      int plane = 1 + N;
      for (int i = 0; i < N; ++i) {
        mean[i] = scale * window[1 + i][x];
        for (int j = 0; j <= i; ++j) {
          factor[i][j] = scale * window[plane++][x] - mean[i] * mean[j];
        }
      }
      Factor(factor);
      for (int t = 0; t < target_.channels; ++t) {
        const double target_mean = scale * window[plane++][x];
        double a[N];
        for (int i = 0; i < N; ++i) {
          a[i] = scale * window[plane++][x] - target_mean * mean[i];
        }
        Solve(factor, a);
        double b = target_mean;
        for (int i = 0; i < N; ++i) {
          coefficients[t * (N + 1) + i][x] = share * a[i];
          b -= a[i] * mean[i];
        }
        coefficients[t * (N + 1) + N][x] = share * b;
      }
      coefficients[target_.channels * (N + 1)][x] = share;
    }
    return coefficients;
  }

  // The Cholesky factor of m + epsilon, in m's place; lower triangles.
  void Factor(double (&m)[N][N]) const {
    for (int j = 0; j < N; ++j) {
      for (int i = j; i < N; ++i) {
        double sum = m[i][j] + (i == j ? epsilon_ : 0.0);
        for (int k = 0; k < j; ++k) {
          sum -= m[i][k] * m[j][k];
        }
        // A pivot is at least epsilon but for rounding, m being positive semidefinite.
        m[i][j] = i == j ? std::sqrt(std::max(sum, epsilon_)) : sum / m[j][j];
      }
    }
  }

  // Solves factor factor^T x = b in b's place.
  static void Solve(const double (&factor)[N][N], double (&b)[N]) {
    for (int i = 0; i < N; ++i) {
      for (int k = 0; k < i; ++k) {
        b[i] -= factor[i][k] * b[k];
      }
      b[i] /= factor[i][i];
    }
    for (int i = N - 1; i >= 0; --i) {
      for (int k = i + 1; k < N; ++k) {
        b[i] -= factor[k][i] * b[k];
      }
      b[i] /= factor[i][i];
    }
  }

  // Divides the sums over the windows of row y by those of the shares.
  void Average(int y, PlaneRow& sums) const {
    const double* const shares = sums[target_.channels * (N + 1)];
    for (int plane = 0; plane < target_.channels * (N + 1); ++plane) {
      double* const mean = sums[plane];
      const bool is_b = plane % (N + 1) == N;
      for (int x = 0; x < guide_.width; ++x) {
        if (shares[x] >= 0.5 * kLeastShare) {
          mean[x] /= shares[x];
        } else {
          mean[x] = is_b ? target_(x, y, plane / (N + 1)) : 0.0;
        }
      }
    }
  }

  ConstView guide_;
  ConstView target_;
  ConstView mask_;
  int radius_;
  double epsilon_;
};

class GuidedFilter : public JointFilter {
 public:
  GuidedFilter(int radius, double epsilon) : radius_(radius), epsilon_(epsilon) {}

  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    output.image.Reset(input.target.width, input.target.height, input.target.channels);
    AverageGuidedFits(input, radius_, epsilon_, [&](int y, const PlaneRow& means) {
      EvaluateGuidedFits(input.guide, y, means, output.image);
    });
  }

 private:
  int radius_;
  double epsilon_;
};

template <int N>
void AverageBands(const Fits<N>& fits, int height, const UseFits& use) {
  ParallelFor(0, (height + kBandRows - 1) / kBandRows, [&](int band) {
    const int begin = band * kBandRows;
    fits.AverageRows(begin, std::min(height, begin + kBandRows), use);
  });
}

}  // namespace

void AverageGuidedFits(const FilterInput& input, int radius, double epsilon, const UseFits& use) {
  if (input.guide.channels == 1) {
    AverageBands(Fits<1>(input, radius, epsilon), input.guide.height, use);
  } else {
    AverageBands(Fits<3>(input, radius, epsilon), input.guide.height, use);
  }
}

void EvaluateGuidedFits(ConstView guide, int y, const PlaneRow& means, View out) {
  const int channels = guide.channels;
  std::vector<double> values(static_cast<std::size_t>(guide.width));
  for (int t = 0; t < out.channels; ++t) {
    const double* const b = means[t * (channels + 1) + channels];
    std::copy_n(b, guide.width, values.begin());
    for (int i = 0; i < channels; ++i) {
      const double* const a = means[t * (channels + 1) + i];
      const float* const row = guide.Row(y, i);
      for (int x = 0; x < guide.width; ++x) {
        values[static_cast<std::size_t>(x)] += a[x] * row[x];
      }
    }
    std::transform(values.begin(), values.end(), out.Row(y, t),
                   [](double value) { return static_cast<float>(value); });
  }
}

FilterKind GuidedKind() {
  return {{{"radius", kRadius, 0, 1000, "pixels", "windows are 2 radius + 1 pixels wide", true},
           {"epsilon", kEpsilon, 1e-9, 1e6, "",
            "added to the guide's variances, of values in [0, 1]: larger is smoother"}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            return std::make_unique<GuidedFilter>(static_cast<int>(values.at("radius")),
                                                  values.at("epsilon"));
          }};
}

}  // namespace dkn
